import type { JsonValue } from "./json-value.js";

/** JSON.stringify that prints bigint as a number. Key order is kept; no spaces. */
export function jsonStringify(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(jsonStringify).join(",")}]`;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.keys(value)
    .map((key) => `${JSON.stringify(key)}:${jsonStringify(value[key] ?? null)}`)
    .join(",")}}`;
}
