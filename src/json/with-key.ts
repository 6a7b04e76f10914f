import type { JsonObject, JsonValue } from "./json-value.js";
import { setOwn } from "./own-key.js";

/** The object with one key in another's place, so that the order of keys stays. */
export function withKeyReplaced(object: JsonObject, old: string, key: string, value: JsonValue): JsonObject {
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(object)) {
    if (name === old) setOwn(result, key, value);
    else if (name !== key) setOwn(result, name, item);
  }
  return result;
}

/** The object with a key set to a value, or without the key where the value is undefined. */
export function withKey(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(object)) {
    if (name !== key) setOwn(result, name, item);
    else if (value !== undefined) setOwn(result, name, value);
  }
  if (value !== undefined && !Object.hasOwn(object, key)) setOwn(result, key, value);
  return result;
}

/** The object with those of its keys that are named, in the order of the names. */
export function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => (Object.hasOwn(object, key) ? [[key, object[key] ?? null]] : [])),
  );
}
