/** A JSON value as a plain tree. Integers that a double cannot hold exactly are bigint. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;

/** A JSON object. Only own keys count; `__proto__` is a key like any other, so write through `setOwn`. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is a JSON object: not null, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
