import { readFileSync } from "node:fs";
import type { SnapshotInput } from "../../src/injection/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { peerPath } from "./peer.js";

/** One recorded case, as the README beside the data describes it. */
export interface InjectionCase {
  readonly name: string;
  readonly input: string;
  readonly expected?: string;
  readonly error?: string;
  readonly warning?: string;
  readonly values?: JsonObject;
  readonly mesh?: JsonObject;
  readonly templates?: Readonly<Record<string, string>>;
  readonly nativeSidecars: boolean;
  readonly compliancePolicy?: string;
  readonly platform?: string;
  readonly namespace?: JsonObject;
  readonly paths: readonly ("offline" | "webhook")[];
}

function readJson(file: string): JsonValue {
  return JSON.parse(readFileSync(peerPath("istio-inject", file), "utf8"));
}

/** Every recorded case that runs on a path. */
export function injectionCases(path: "offline" | "webhook"): readonly InjectionCase[] {
  const cases = JSON.parse(readFileSync(peerPath("istio-inject", "cases.json"), "utf8")) as InjectionCase[];
  return cases.filter(({ paths }) => paths.includes(path));
}

/** The text of a file of the recorded set. */
export function caseFile(folder: "inputs" | "expected", name: string): string {
  return readFileSync(peerPath("istio-inject", folder, name), "utf8");
}

/** Lays one tree over another: maps merge, an explicit null stays, everything else replaces. */
export function deepMerge(base: JsonValue, over: JsonValue): JsonValue {
  if (!isObject(base) || !isObject(over)) return over;
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over))
    merged[key] = Object.hasOwn(base, key) ? deepMerge(base[key] ?? null, value) : value;
  return merged;
}

function asObject(value: JsonValue): JsonObject {
  if (!isObject(value)) throw new Error("the recorded set is not as its README says");
  return value;
}

/** The configuration of a case. `templates` are the built-in ones. */
export function caseInput(
  one: InjectionCase,
  templates: ReadonlyMap<string, { readonly text: string; readonly source: string }>,
): SnapshotInput {
  const added = Object.entries(one.templates ?? {}).map(
    ([name, text]) => [name, { text, source: `template ${name} of the case` }] as const,
  );
  return {
    injectConfig: { policy: "enabled", defaultTemplates: ["sidecar"] },
    values: asObject(deepMerge(readJson("values.json"), one.values ?? {})),
    mesh: asObject(deepMerge(readJson("mesh.json"), one.mesh ?? {})),
    templates: new Map([...templates, ...added]),
    nativeSidecars: one.nativeSidecars ? "true" : "false",
    compliancePolicy: one.compliancePolicy ?? "",
    platform: one.platform ?? "",
    objects: one.namespace === undefined ? [] : [{ apiVersion: "v1", kind: "Namespace", ...one.namespace }],
  };
}

const kindsWithTemplate = [
  "Deployment",
  "DaemonSet",
  "ReplicaSet",
  "StatefulSet",
  "ReplicationController",
  "Job",
  "DeploymentConfig",
];

/** The workloads of documents: items of Lists too. */
export function workloads(documents: readonly JsonValue[]): JsonObject[] {
  return documents.flatMap((document) => {
    if (!isObject(document)) return [];
    const items = document.items;
    if (document.kind === "List" && Array.isArray(items)) return workloads(items);
    const kind = String(document.kind);
    return kind === "Pod" || kindsWithTemplate.includes(kind) ? [document] : [];
  });
}

/** The pod that a workload's controller would create: 13.1 of the specification. */
export function podOfWorkload(workload: JsonObject): JsonObject {
  if (workload.kind === "Pod") return workload;
  const name = String(asObject(workload.metadata ?? {}).name);
  const template = asObject(asObject(workload.spec ?? {}).template ?? {});
  const metadata = asObject(template.metadata ?? {});
  const deployment = workload.kind === "Deployment";
  const owner = deployment
    ? { apiVersion: "apps/v1", kind: "ReplicaSet", name: `${name}-fake` }
    : { apiVersion: String(workload.apiVersion), kind: String(workload.kind), name };
  const labels = asObject(metadata.labels ?? {});
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      ...(deployment ? { labels: { ...labels, "pod-template-hash": "fake" } } : {}),
      generateName: deployment ? `${name}-fake-` : name,
      ownerReferences: [{ ...owner, uid: "", controller: true }],
    },
    spec: template.spec ?? {},
  };
}

/** The namespace a request for this workload's pod would name. */
export function requestNamespace(workload: JsonObject): string {
  const metadata = workload.metadata;
  const namespace = isObject(metadata) ? metadata.namespace : undefined;
  return typeof namespace === "string" ? namespace : "";
}
