import { compareBytes } from "../go/index.js";
import type { JsonValue } from "../json/index.js";

const special = /[<>&\u2028\u2029\ud800-\udfff]/;
const escapable = /[<>&\u2028\u2029]/g;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function text(value: string): string {
  if (!special.test(value)) return JSON.stringify(value);
  return JSON.stringify(value.replace(loneSurrogate, "\ufffd")).replace(
    escapable,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Compact JSON as Go's encoding/json prints it: keys in byte order, `<`, `>`, `&` and line separators escaped. */
export function goJson(value: JsonValue): string {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  const members = Object.keys(value)
    .sort(compareBytes)
    .map((key) => `${text(key)}:${goJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}
