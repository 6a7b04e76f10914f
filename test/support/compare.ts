import { splitDocuments, yamlToJson } from "../../src/goyaml/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { normalize, normalizePod } from "../../src/kube/index.js";

/** The documents of a YAML text, without empty ones. */
export function readDocuments(text: string): JsonValue[] {
  return splitDocuments(text)
    .map((document) => yamlToJson(document.text))
    .filter((tree) => tree !== null);
}

/**
 * An object in a form that two writers of the same object agree on: quantities canonical, zero fields of pods gone, and
 * without what Go prints of a kind even when nobody set it (10.5 of the specification).
 */
export function canonicalObject(object: JsonValue): JsonValue {
  if (!isObject(object)) return object;
  if (object.kind === "Pod") return withoutExtras(normalizePod(object));
  if (object.kind === "List" && Array.isArray(object.items))
    return withoutExtras({ ...object, items: object.items.map(canonicalObject) });
  return withoutExtras(normalizeTemplates(object));
}

/** Whatever lies under a key `template` or `jobTemplate` is brought to Go's form. */
function normalizeTemplates(object: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    if (!isObject(value)) result[key] = value;
    else if (key === "template") {
      const { metadata = {}, spec = {}, ...rest } = value;
      result[key] = {
        ...rest,
        metadata: normalize("ObjectMeta", metadata),
        spec: normalize("PodSpec", spec),
      };
    } else if (key === "spec" || key === "jobTemplate") result[key] = normalizeTemplates(value);
    else if (key === "metadata") result[key] = normalize("ObjectMeta", value);
    else result[key] = value;
  }
  return result;
}

/** Keys that are left out when they hold nothing, and their parents when they then hold nothing. */
const printedEmpty = new Set(["status", "strategy", "updateStrategy", "resources", "metadata"]);
/** Fields of workloads that Go leaves out when they are zero, or prints although they are. */
const zeroKeys = new Set(["paused", "minReadySeconds", "test"]);

function withoutExtras(tree: JsonValue, parent = ""): JsonValue {
  if (Array.isArray(tree)) return tree.map((item) => withoutExtras(item));
  if (!isObject(tree)) return tree;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(tree)) {
    const inner = withoutExtras(value, key);
    if (inner === null) continue;
    if (parent === "status" && inner === 0) continue;
    if (zeroKeys.has(key) && (inner === 0 || inner === false)) continue;
    if (printedEmpty.has(key) && isObject(inner) && Object.keys(inner).length === 0) continue;
    result[key] = inner;
  }
  return result;
}
