import { isObject, type JsonObject, type JsonValue, setOwn } from "../../../src/json/index.js";

function child(tree: JsonObject, key: string): JsonObject {
  const value = tree[key];
  return isObject(value) ? value : {};
}

function list(tree: JsonObject, key: string): readonly JsonValue[] {
  const value = tree[key];
  return Array.isArray(value) ? value : [];
}

/** The pod with these entries in a map of its metadata, beside its own. */
export function withMetadata(
  pod: JsonObject,
  map: "annotations" | "labels",
  entries: Readonly<Record<string, string>>,
): JsonObject {
  const metadata = child(pod, "metadata");
  const merged: JsonObject = { ...child(metadata, map) };
  for (const [key, value] of Object.entries(entries)) setOwn(merged, key, value);
  return { ...pod, metadata: { ...metadata, [map]: merged } };
}

/** The pod with this field of its metadata. */
export function withName(pod: JsonObject, field: string, value: JsonValue): JsonObject {
  return { ...pod, metadata: { ...child(pod, "metadata"), [field]: value } };
}

/** The pod with this field of its spec. */
export function withSpec(pod: JsonObject, field: string, value: JsonValue): JsonObject {
  return { ...pod, spec: { ...child(pod, "spec"), [field]: value } };
}

/** The pod with this field of its first container. */
export function withContainer(pod: JsonObject, field: string, value: JsonValue): JsonObject {
  const [first, ...others] = list(child(pod, "spec"), "containers");
  const container = isObject(first) ? first : {};
  return withSpec(pod, "containers", [{ ...container, [field]: value }, ...others]);
}
