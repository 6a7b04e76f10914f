import { getOwn, isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";

/**
 * Puts back the nulls that a user wrote and that decoding dropped, where injection put nothing in their place: a null is
 * the same as nothing to Kubernetes, so taking it away would only be noise in the patch.
 * `decoded` is the decoded original; when nothing was dropped it is the original itself.
 */
export function restoreNulls(original: JsonObject, decoded: JsonObject, final: JsonObject): JsonObject {
  return original === decoded ? final : restoreIn(original, final);
}

function restoreIn(original: JsonObject, final: JsonObject): JsonObject {
  if (original === final) return final;
  const keys = Object.keys(final);
  // Where nothing is put back and the keys stand in the order of the original, the object may stay the one it is: most do.
  let restored: JsonObject | undefined;
  let count = 0;
  for (const key of Object.keys(original)) {
    const before = original[key] ?? null;
    const after = getOwn(final, key);
    if (after === undefined && before !== null) continue;
    const value = after === undefined ? null : restoreValue(before, after);
    if (keys[count] !== key || value !== after) restored ??= withKeys(final, keys.slice(0, count));
    if (restored !== undefined) setOwn(restored, key, value);
    count++;
  }
  if (restored === undefined) return final;
  for (const key of keys) if (!Object.hasOwn(restored, key)) setOwn(restored, key, final[key] ?? null);
  return restored;
}

function withKeys(object: JsonObject, keys: readonly string[]): JsonObject {
  const copy: JsonObject = {};
  for (const key of keys) setOwn(copy, key, object[key] ?? null);
  return copy;
}

function restoreValue(original: JsonValue, final: JsonValue): JsonValue {
  if (original === final) return final;
  if (isObject(original) && isObject(final)) return restoreIn(original, final);
  if (!Array.isArray(original) || !Array.isArray(final)) return final;
  // Lists of objects are matched by name; others by place, and only if they are as long as before.
  const twins = firstByName(original);
  const restored = final.map((item, index) => {
    if (!isObject(item)) return item;
    const { name } = item;
    const byPlace = original.length === final.length ? original[index] : undefined;
    const twin = name === undefined ? byPlace : twins.get(name);
    return isObject(twin) ? restoreIn(twin, item) : item;
  });
  return restored.every((item, index) => item === final[index]) ? final : restored;
}

function firstByName(list: readonly JsonValue[]): ReadonlyMap<JsonValue, JsonObject> {
  const first = new Map<JsonValue, JsonObject>();
  for (const item of list) {
    if (isObject(item) && item.name !== undefined && !first.has(item.name)) first.set(item.name, item);
  }
  return first;
}
