import { GoValue, type LooseMap, TypedMap, TypedSlice, type Value, type ValueList } from "./value.js";

/** Whether a value is Go's []interface {}. */
export function isLooseList(value: Value): value is ValueList {
  return Array.isArray(value);
}

/** Whether a value is Go's map[string]interface {}. */
export function isLooseMap(value: Value): value is LooseMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof GoValue);
}

/** The items of any slice, undefined for other values. */
export function itemsOf(value: Value): ValueList | undefined {
  if (isLooseList(value)) return value;
  return value instanceof TypedSlice ? value.items : undefined;
}

/** The entries of any map, undefined for other values. */
export function entriesOf(value: Value): LooseMap | undefined {
  if (value instanceof TypedMap) return value.entries;
  return isLooseMap(value) ? value : undefined;
}
