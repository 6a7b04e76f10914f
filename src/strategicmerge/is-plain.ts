import { isObject, type JsonValue } from "../json/index.js";

/**
 * Whether a patch only sets: no null that deletes and no directive, anywhere. Any key with a `$` in front counts as a
 * directive, also one that a merge takes for data.
 */
export function isPlain(patch: JsonValue): boolean {
  if (Array.isArray(patch)) return patch.every(isPlain);
  if (!isObject(patch)) return patch !== null;
  return Object.keys(patch).every((key) => !key.startsWith("$") && isPlain(patch[key] ?? null));
}
