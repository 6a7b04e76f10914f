import type { Owner } from "../../injection/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue, setOwn, textOrEmpty } from "../../json/index.js";
import { type CustomKind, workloadKind } from "./workload-kinds.js";

/** A pod inside an object: the object itself, or its template. */
export interface PodTemplate {
  /** The path from the document's root to the object that holds `metadata` and `spec`. */
  readonly path: readonly (string | number)[];
  /** The path from the document's root to the workload. */
  readonly objectPath: readonly (string | number)[];
  readonly apiVersion: string;
  readonly kind: string;
  /** The workload's name; a pod's generateName where it has no name. Empty when it has neither. */
  readonly name: string;
  /** The namespace that the manifest names; empty when it names none. */
  readonly namespace: string;
  /** The workload as templates see it; undefined for a pod, whose owner is found from the pod. */
  readonly owner?: Owner;
  /** The pod: `apiVersion`, `kind`, and the template's fields. */
  readonly pod: JsonObject;
  /** The object at `path`, as it is written. */
  readonly written: JsonObject;
}

/** A workload whose template is missing or no mapping. */
export interface BrokenTemplate {
  readonly objectPath: readonly (string | number)[];
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** The path of what is missing or wrong, such as `spec.template`. */
  readonly key: string;
  readonly missing: boolean;
}

export interface FoundTemplates {
  readonly templates: readonly PodTemplate[];
  readonly broken: readonly BrokenTemplate[];
}

/** Deeper nesting of Lists is nobody's manifest. */
const maxListDepth = 50;

/** A List of kubectl's, or what a KRM function reads and writes. */
function isList(apiVersion: string, kind: string): boolean {
  return (
    (apiVersion === "v1" && kind === "List") ||
    (apiVersion.startsWith("config.kubernetes.io/") && kind === "ResourceList")
  );
}

/** Finds the pods of a document: of a workload, a Pod, or a List of them, Lists in Lists too. Never throws. */
export function findPodTemplates(document: JsonValue, custom: readonly CustomKind[] = []): FoundTemplates {
  const templates: PodTemplate[] = [];
  const broken: BrokenTemplate[] = [];
  const visit = (value: JsonValue, path: readonly (string | number)[], depth: number): void => {
    if (!isObject(value)) return;
    const apiVersion = getOwn(value, "apiVersion");
    const kind = getOwn(value, "kind");
    if (typeof apiVersion !== "string" || typeof kind !== "string") return;
    const items = getOwn(value, "items");
    if (isList(apiVersion, kind) && Array.isArray(items)) {
      if (depth < maxListDepth)
        for (const [index, item] of items.entries()) visit(item, [...path, "items", index], depth + 1);
      return;
    }
    const where = workloadKind(apiVersion, kind, custom);
    if (where === undefined) return;
    const found = readTemplate(value, apiVersion, kind, path, where.template);
    if ("pod" in found) templates.push(found);
    else broken.push(found);
  };
  visit(document, [], 0);
  return { templates, broken };
}

function readTemplate(
  object: JsonObject,
  apiVersion: string,
  kind: string,
  objectPath: readonly (string | number)[],
  template: readonly string[],
): PodTemplate | BrokenTemplate {
  const metadata = getOwn(object, "metadata");
  const name = isObject(metadata)
    ? textOrEmpty(getOwn(metadata, "name")) || textOrEmpty(getOwn(metadata, "generateName"))
    : "";
  const namespace = isObject(metadata) ? textOrEmpty(getOwn(metadata, "namespace")) : "";
  const base = { objectPath, apiVersion, kind, name, namespace };
  if (template.length === 0) return { ...base, path: objectPath, pod: object, written: object };
  let at: JsonValue = object;
  for (const [index, step] of template.entries()) {
    const next: JsonValue | undefined = isObject(at) ? getOwn(at, step) : undefined;
    const key = template.slice(0, index + 1).join(".");
    if (next === undefined || next === null) return { ...base, key, missing: true };
    if (!isObject(next)) return { ...base, key, missing: false };
    at = next;
  }
  const path = [...objectPath, ...template];
  return { ...base, path, owner: { apiVersion, kind, name, namespace }, pod: wrap(at), written: at };
}

/** A template as a pod. */
function wrap(template: JsonObject): JsonObject {
  return { ...template, apiVersion: "v1", kind: "Pod" };
}

/**
 * The object that holds a pod's `metadata` and `spec`, once the pod is another one. The fields of a Pod that a template
 * does not have are not given to it. The order of keys stays; a new `metadata` comes first, where people look for it.
 */
export function unwrapPod({ written, owner }: PodTemplate, pod: JsonObject): JsonObject {
  if (owner === undefined) return pod;
  const result: JsonObject = {};
  const metadata = pod.metadata;
  if (!Object.hasOwn(written, "metadata") && isObject(metadata) && Object.keys(metadata).length > 0)
    setOwn(result, "metadata", metadata);
  for (const key of new Set([...Object.keys(written), ...Object.keys(pod)])) {
    const isType = key === "apiVersion" || key === "kind";
    const source = isType ? written : pod;
    if (key === "metadata" && !Object.hasOwn(written, key)) continue;
    const value = getOwn(source, key);
    if (value !== undefined) setOwn(result, key, value);
  }
  return result;
}

/** The tree with another value at a path. What lies beside the path is shared with the old tree. */
export function withValueAt(
  tree: JsonValue,
  path: readonly (string | number)[],
  value: JsonValue,
): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(tree))
    return tree.map((item, index) => (index === step ? withValueAt(item, rest, value) : item));
  if (!isObject(tree)) return tree;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(tree))
    setOwn(copy, key, key === step ? withValueAt(item, rest, value) : item);
  return copy;
}

/** The object as messages name it: `Deployment "shop/web"`. */
export function objectName({
  kind,
  name,
  namespace,
}: {
  kind: string;
  name: string;
  namespace: string;
}): string {
  return `${kind} "${namespace === "" ? name : `${namespace}/${name}`}"`;
}
