import { isObject, type JsonObject, type JsonValue } from "../../kube/index.js";

/**
 * Puts back the nulls that a user wrote and that decoding dropped, where injection put nothing in their place: a null is
 * the same as nothing to Kubernetes, so taking it away would only be noise in the patch.
 * `decoded` is the decoded original; when nothing was dropped it is the original itself.
 */
export function restoreNulls(original: JsonObject, decoded: JsonObject, final: JsonObject): JsonObject {
  return original === decoded ? final : restoreIn(original, final);
}

function restoreIn(original: JsonObject, final: JsonObject): JsonObject {
  const restored: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(original)) {
    if (!Object.hasOwn(final, key)) {
      if (value === null) define(restored, key, null);
    } else define(restored, key, restoreValue(value, final[key] ?? null));
  }
  for (const [key, value] of Object.entries(final)) {
    if (!Object.hasOwn(restored, key)) define(restored, key, value);
  }
  return restored;
}

function restoreValue(original: JsonValue, final: JsonValue): JsonValue {
  if (isObject(original) && isObject(final)) return restoreIn(original, final);
  if (!Array.isArray(original) || !Array.isArray(final)) return final;
  // Lists of objects are matched by name; others by place, and only if they are as long as before.
  return final.map((item, index) => {
    if (!isObject(item)) return item;
    const name = item.name;
    const twin =
      name === undefined
        ? original.length === final.length && original[index]
        : original.find((candidate) => isObject(candidate) && candidate.name === name);
    return isObject(twin) ? restoreIn(twin, item) : item;
  });
}

function define(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
