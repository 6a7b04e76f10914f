import type { ConfigText } from "../injection/index.js";
import { deepEqual, type JsonValue } from "../json/index.js";

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
  /**
   * The same as parsed objects, for a source that has no texts, such as a watch on the API server. They are never changed
   * in place, and one that stays as it was stays the same object (ADR 0504).
   */
  readonly clusterObjects?: readonly JsonValue[];
}

/** Whether texts have the same content, whatever they are called. */
export function sameTexts(a: SourceTexts, b: SourceTexts): boolean {
  return sameFoundation(a, b) && sameObjects(a, b);
}

/** The same of all but the objects: what templates are compiled from. */
export function sameFoundation(a: SourceTexts, b: SourceTexts): boolean {
  return (
    a.injectConfig.text === b.injectConfig.text &&
    a.values.text === b.values.text &&
    a.mesh?.text === b.mesh?.text &&
    a.templates.length === b.templates.length &&
    a.templates.every(([name, { text }], at) => {
      const [otherName, other] = b.templates[at] ?? [];
      return name === otherName && text === other?.text;
    })
  );
}

/** The same of the texts of objects. */
export function sameObjectTexts(a: Pick<SourceTexts, "objects">, b: Pick<SourceTexts, "objects">): boolean {
  const { length } = a.objects;
  return length === b.objects.length && a.objects.every(({ text }, at) => text === b.objects[at]?.text);
}

function sameObjects(a: SourceTexts, b: SourceTexts): boolean {
  return sameObjectTexts(a, b) && sameLists(a.clusterObjects, b.clusterObjects);
}

function sameLists(a: readonly JsonValue[] | undefined, b: readonly JsonValue[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((object, at) => deepEqual(object, b[at] ?? null));
}
