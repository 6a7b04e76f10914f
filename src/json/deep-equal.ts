import { isObject, type JsonObject, type JsonValue } from "./json-value.js";

/** Whether two JSON trees are equal. Key order does not count, list order does; null is not the same as no key. */
export function deepEqual(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b);
  if (isObject(a)) return isObject(b) && equalObjects(a, b);
  return sameNumber(a, b);
}

function equalLists(a: JsonValue[], b: JsonValue[]): boolean {
  return a.length === b.length && a.every((item, index) => deepEqual(item, b[index] ?? null));
}

function equalObjects(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key] ?? null, b[key] ?? null));
}

/** One reader may give 7 where another gives 7n. */
function sameNumber(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === "bigint") return typeof b === "number" && Number.isSafeInteger(b) && BigInt(b) === a;
  if (typeof b === "bigint") return sameNumber(b, a);
  return false;
}
