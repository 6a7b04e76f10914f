import { isObject, type JsonObject, type JsonValue, setOwn } from "../kube/index.js";
import { names } from "./names.js";

/** A text that a user wrote and that could change the structure of YAML around it. */
export interface Suspect {
  /** As an error names it, such as `annotation 'sidecar.istio.io/logLevel'`. */
  readonly place: string;
  readonly path: readonly (string | number)[];
  readonly value: string;
}

/** Annotations that are structured on purpose. */
const structured: ReadonlySet<string> = new Set([
  names.status,
  names.overrides,
  names.proxyConfig,
  "sidecar.istio.io/userVolume",
  "sidecar.istio.io/userVolumeMount",
  "apm.datadoghq.com/env",
  "k8s.v1.cni.cncf.io/networks",
]);

/** What a value must hold to be more than one scalar where a template writes it into YAML as it comes. */
const dangerous = /["'\\\p{Cc}\u0085\u2028\u2029\ufeff]|:(?:\s|$)|\s#|[{}[\]]|^[\s&*!|>%@`?,-]|\s$/u;

const metaFields = ["name", "generateName", "namespace"];
const containerLists = ["containers", "initContainers"];
/** The fields of a container that templates read. */
const containerFields = ["name", "image"];

function isJsonTree(text: string): boolean {
  try {
    const tree: unknown = JSON.parse(text);
    return typeof tree === "object" && tree !== null;
  } catch {
    return false;
  }
}

/** An annotation outside Istio's families that holds JSON is one that the operator's own template reads as such. */
function isStructured(name: string, value: string): boolean {
  return structured.has(name) || (!/(^|\.)istio\.io\//.test(name) && isJsonTree(value));
}

function isDangerous(value: JsonValue | undefined): value is string {
  return typeof value === "string" && dangerous.test(value);
}

/** The texts of a pod, as templates see it, that could change the structure of what they make. */
export function findSuspects(pod: JsonObject): readonly Suspect[] {
  const suspects: Suspect[] = [];
  const { metadata, spec } = pod;
  if (isObject(metadata)) {
    for (const field of metaFields) {
      const value = metadata[field];
      if (isDangerous(value)) suspects.push({ place: `metadata.${field}`, path: ["metadata", field], value });
    }
    lookInMap(metadata.labels, "label", suspects);
    lookInMap(metadata.annotations, "annotation", suspects);
  }
  if (!isObject(spec)) return suspects;
  const { serviceAccountName: value } = spec;
  if (isDangerous(value))
    suspects.push({ place: "spec.serviceAccountName", path: ["spec", "serviceAccountName"], value });
  for (const list of containerLists) lookInContainers(spec[list], list, suspects);
  return suspects;
}

function lookInMap(map: JsonValue | undefined, word: "label" | "annotation", suspects: Suspect[]): void {
  if (!isObject(map)) return;
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (!isDangerous(value) || (word === "annotation" && isStructured(name, value))) continue;
    suspects.push({ place: `${word} '${name}'`, path: ["metadata", `${word}s`, name], value });
  }
}

function lookInContainers(containers: JsonValue | undefined, list: string, suspects: Suspect[]): void {
  if (!Array.isArray(containers)) return;
  containers.forEach((container, index) => {
    if (!isObject(container)) return;
    for (const field of containerFields) {
      const value = container[field];
      if (isDangerous(value))
        suspects.push({
          place: `spec.${list}[${index}].${field}`,
          path: ["spec", list, index, field],
          value,
        });
    }
  });
}

/** What stands for a suspect where its value must not matter. */
const placeholder = "placeholder";

/** The pod with a harmless text in the place of each suspect. */
export function withoutSuspects(pod: JsonObject, suspects: readonly Suspect[]): JsonObject {
  return suspects.reduce<JsonObject>((tree, { path }) => {
    const replaced = replaceAt(tree, path);
    return isObject(replaced) ? replaced : tree;
  }, pod);
}

function replaceAt(tree: JsonValue, [step, ...rest]: readonly (string | number)[]): JsonValue {
  if (step === undefined) return placeholder;
  if (Array.isArray(tree)) return tree.map((item, index) => (index === step ? replaceAt(item, rest) : item));
  if (!isObject(tree)) return tree;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(tree))
    setOwn(copy, key, key === step ? replaceAt(item, rest) : item);
  return copy;
}

/** Whether two trees have the same structure: the same keys and lengths all the way down, whatever the scalars are. */
export function sameStructure(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameStructure(item, b[index] ?? null));
  }
  if (!isObject(a) || !isObject(b)) return isObject(a) === isObject(b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameStructure(a[key] ?? null, b[key] ?? null))
  );
}
