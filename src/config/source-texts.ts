import { createHash } from "node:crypto";
import type { ConfigText } from "../injection/index.js";
import type { JsonValue } from "../kube/index.js";

/**
 * Everything a snapshot is made of, as text: what the primary reads and hands to each worker. Plain data, so that it
 * goes through a message as it is.
 */
export interface SourceTexts {
  readonly injectConfig: ConfigText;
  readonly values: ConfigText;
  /** Absent: Istio's built-in mesh config. */
  readonly mesh?: ConfigText;
  /** Templates beside those of the inject config, by name. */
  readonly templates: readonly (readonly [name: string, text: ConfigText])[];
  /** YAML documents: Namespaces, Nodes and ProxyConfigs that stand in for the cluster. */
  readonly objects: readonly ConfigText[];
  /** The same as parsed objects, for a source that has no texts, such as a watch on the API server. */
  readonly clusterObjects?: readonly JsonValue[];
}

/** Tells texts apart by content: equal for equal texts, whatever they are called. */
export function digestTexts(texts: SourceTexts): string {
  const { injectConfig, values, mesh, templates, objects, clusterObjects } = texts;
  const content = [
    injectConfig.text,
    values.text,
    mesh?.text ?? null,
    templates.map(([name, { text }]) => [name, text]),
    objects.map(({ text }) => text),
    clusterObjects ?? null,
  ];
  const json = JSON.stringify(content, (_key, value) => (typeof value === "bigint" ? `${value}n` : value));
  return createHash("sha256").update(json).digest("hex");
}
