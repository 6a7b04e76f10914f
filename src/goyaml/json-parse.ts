import type { JsonValue } from "./json-value.js";

/** Parses JSON. */
export function jsonParse(text: string): JsonValue {
  return JSON.parse(text);
}
