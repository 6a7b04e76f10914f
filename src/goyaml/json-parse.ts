import type { JsonValue } from "../json/index.js";
import { JsonReader } from "./json-reader.js";

/**
 * Trees may nest so deep, as in YAML: what walks a tree does so by recursion. A shorter text cannot nest so deep.
 */
const deepestNesting = 1000;

/** An integer beyond 2^53 has so many digits at least. Digits in a text or a fraction only cost the slower way. */
const longNumber = /[0-9]{16}/;

/**
 * Reads a JSON text; integers that a double cannot hold exactly become bigint. Of equal keys the last counts.
 * Throws GoYamlError `syntax` or `too-deep`.
 */
export function jsonParse(text: string, options: { readonly source?: string } = {}): JsonValue {
  if (!longNumber.test(text)) {
    try {
      const value: JsonValue = JSON.parse(text);
      if (text.length < 2 * deepestNesting || isShallow(value, deepestNesting)) return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  // The slower reader knows the place of what is wrong.
  return new JsonReader(text, options.source ?? "", deepestNesting).read();
}

function isShallow(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  const members = Array.isArray(value) ? value : Object.values(value);
  for (const member of members) {
    if (!isShallow(member, depth - 1)) return false;
  }
  return true;
}
