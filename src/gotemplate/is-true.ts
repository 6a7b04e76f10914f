import { isLooseList } from "./shape.js";
import { GoScalar, GoValue, type LooseMap, NilPointer, TypedMap, TypedSlice, type Value } from "./value.js";

/**
 * Whether a value counts as true in `if`, `with`, `and`, `or` and `not`, as template.IsTrue says:
 * false are no value, nil, false, zero, and the empty string, list and map. A struct is always true.
 */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      return value !== "";
    case "bigint":
      return value !== 0n;
    case "number":
      return value !== 0;
    case "undefined":
      return false;
    default:
      if (value === null) return false;
      if (isLooseList(value)) return value.length > 0;
      return value instanceof GoValue ? isTrueGoValue(value) : !isEmptyMap(value);
  }
}

function isTrueGoValue(value: GoValue): boolean {
  if (value instanceof GoScalar) return isTrue(value.value);
  if (value instanceof TypedMap) return !isEmptyMap(value.entries);
  if (value instanceof TypedSlice) return value.items.length > 0;
  return !(value instanceof NilPointer);
}

function isEmptyMap(entries: LooseMap): boolean {
  for (const key in entries) if (Object.hasOwn(entries, key)) return false;
  return true;
}
