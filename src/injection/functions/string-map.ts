import { TypedMap, type Value } from "../../gotemplate/index.js";
import { setOwn } from "../../json/index.js";

/** A template's map[string]string from pairs; later ones win. */
export function stringMap(pairs: Iterable<readonly [string, string]>): TypedMap {
  const entries: Record<string, Value> = {};
  for (const [key, value] of pairs) setOwn(entries, key, value);
  return new TypedMap("map[string]string", entries, "");
}

/** The pairs of a template's map[string]string; none for nil. */
export function stringPairs(value: Value): [string, string][] {
  if (!(value instanceof TypedMap)) return [];
  return Object.entries(value.entries).map(([key, item]) => [key, typeof item === "string" ? item : ""]);
}
