import { isObject, type JsonObject, type JsonValue } from "./json-value.js";
import { setOwn } from "./own-key.js";

/** A copy of a JSON tree that shares no list and no object with it. Key order is kept. */
export function deepClone(value: JsonObject): JsonObject;
export function deepClone(value: JsonValue): JsonValue;
export function deepClone(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => deepClone(item));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) setOwn(copy, key, deepClone(value[key] ?? null));
  return copy;
}
