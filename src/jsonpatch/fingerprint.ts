import { isObject, type JsonValue } from "../json/index.js";

/** A text that two trees share exactly when they are the same value. It is no JSON: it tells 1 from 1n, and 0 from -0. */
export function fingerprint(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(fingerprint).join(",")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${fingerprint(value[key] ?? null)}`).join(",")}}`;
  }
  if (typeof value === "bigint") return `${value}n`;
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}
