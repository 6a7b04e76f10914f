import { getOwn, isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";

/** The object under a key; undefined when there is something else or nothing. */
export function objectAt(tree: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = tree === undefined ? undefined : getOwn(tree, key);
  return isObject(value) ? value : undefined;
}

/** The objects of a list under a key. */
export function objectsAt(tree: JsonObject | undefined, key: string): JsonObject[] {
  const value = tree === undefined ? undefined : getOwn(tree, key);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The text under a key. */
export function textAt(tree: JsonObject | undefined, key: string): string | undefined {
  const value = tree === undefined ? undefined : getOwn(tree, key);
  return typeof value === "string" ? value : undefined;
}

/** The name of a container, volume or the like; empty when it has none. */
export function nameOf(item: JsonObject): string {
  return textAt(item, "name") ?? "";
}

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
