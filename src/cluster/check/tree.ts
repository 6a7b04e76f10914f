import { getOwn, isObject, type JsonObject, type JsonValue } from "../../json/index.js";

/** What stands at a path; undefined where there is nothing. */
export function at(tree: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (value, key) => (isObject(value) ? getOwn(value, key) : undefined),
    tree,
  );
}

/** The text at a path; empty where there is none. */
export function textAt(tree: JsonValue | undefined, ...path: readonly string[]): string {
  const value = at(tree, ...path);
  return typeof value === "string" ? value : "";
}

/** The texts of a mapping at a path, such as labels. */
export function textsAt(
  tree: JsonValue | undefined,
  ...path: readonly string[]
): Readonly<Record<string, string>> {
  const value = at(tree, ...path);
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** The objects of a list at a path. */
export function objectsAt(tree: JsonValue | undefined, ...path: readonly string[]): readonly JsonObject[] {
  const value = at(tree, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of a list at a path. */
export function listAt(tree: JsonValue | undefined, ...path: readonly string[]): readonly string[] {
  const value = at(tree, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
