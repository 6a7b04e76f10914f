import type { JsonObject, JsonValue } from "./json-value.js";

/** A copy of a tree, so that what an alias stands for can be changed without its anchor. */
export function copyTree(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(copyTree);
  if (typeof value !== "object" || value === null) return value;
  const copied: JsonObject = { ...value };
  for (const key of Object.keys(copied)) {
    const member = copied[key] ?? null;
    if (typeof member === "object" && member !== null)
      Object.defineProperty(copied, key, {
        value: copyTree(member),
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
  return copied;
}
