import { isObject, type JsonValue } from "../json/index.js";

/** Whether two trees are the same value: the order of keys does not count, the sign of zero does. */
export function same(a: JsonValue, b: JsonValue): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!same(a[i] ?? null, b[i] ?? null)) return false;
    return true;
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !same(a[key] ?? null, b[key] ?? null)) return false;
  }
  return true;
}
