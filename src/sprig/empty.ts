import { GoFunction, GoScalar, isLooseMap, NilPointer, TypedMap, type Value } from "../gotemplate/index.js";
import { itemsOrUndefined } from "./list-items.js";

/** Whether Sprig takes a value for unset: nil, zero, false, or no elements. A struct never is. */
export function isEmpty(value: Value): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== "object") return isZero(value);
  if (value instanceof GoScalar) return isZero(value.value);
  if (value instanceof TypedMap) return Object.keys(value.entries).length === 0;
  if (value instanceof NilPointer) return true;
  if (value instanceof GoFunction) return false;
  return isLooseMap(value) ? Object.keys(value).length === 0 : itemsOrUndefined(value)?.length === 0;
}

/** NaN is not zero. */
function isZero(value: string | number | bigint | boolean): boolean {
  return value === "" || value === 0 || value === 0n || value === false;
}
