import { isObject, type JsonObject, type JsonValue } from "./json-value.js";
import { getOwn } from "./own-key.js";

/** The value of an object's own key; undefined where there is no such key, or no object. */
export function memberOf(tree: unknown, key: string): JsonValue | undefined {
  return isObject(tree) ? getOwn(tree, key) : undefined;
}

/** What is at a path of keys, the tree itself at an empty one; undefined where there is nothing. */
export function valueAt(tree: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let value = tree;
  for (const key of path) value = memberOf(value, key);
  return value;
}

/** The object at a path; undefined where there is something else or nothing. */
export function objectAt(tree: JsonValue | undefined, ...path: readonly string[]): JsonObject | undefined {
  const value = valueAt(tree, ...path);
  return isObject(value) ? value : undefined;
}

/** The object at a path; an empty one, of its own, where there is something else or nothing. */
export function objectOrEmpty(tree: JsonValue | undefined, ...path: readonly string[]): JsonObject {
  return objectAt(tree, ...path) ?? {};
}

/** The text at a path; undefined where there is something else or nothing. */
export function textAt(tree: JsonValue | undefined, ...path: readonly string[]): string | undefined {
  const value = valueAt(tree, ...path);
  return typeof value === "string" ? value : undefined;
}

/** The text at a path; empty where there is something else or nothing. */
export function textOrEmpty(tree: JsonValue | undefined, ...path: readonly string[]): string {
  return textAt(tree, ...path) ?? "";
}

/** The objects of the list at a path. */
export function objectsAt(tree: JsonValue | undefined, ...path: readonly string[]): JsonObject[] {
  const value = valueAt(tree, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of the list at a path. */
export function textListAt(tree: JsonValue | undefined, ...path: readonly string[]): string[] {
  const value = valueAt(tree, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The texts of the object at a path by their keys, such as labels. */
export function textsAt(tree: JsonValue | undefined, ...path: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectAt(tree, ...path) ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
