import { isObject, type JsonValue } from "../json/index.js";
import { sortedKeys } from "./order.js";

/** From this length on a regular expression is quicker than a look at each character. */
const longText = 100;

const special = /[<>&\u2028\u2029\ud800-\udfff]/;
/** In a text that JSON.stringify wrote: what Go escapes besides, halves of characters, and the backslash that is none of these. */
const differing = /[\u2028\u2029]|\\\\|\\ud[89a-f][0-9a-f]{2}/g;
const differingWithHtml = /[<>&\u2028\u2029]|\\\\|\\ud[89a-f][0-9a-f]{2}/g;
/** A byte that is not UTF-8, see `utf8.ts`. */
const rawByte = /^\\udc[89a-f]/;

/** Whether a text needs nothing but quotes round it. Most texts of a pod are short and of this kind. */
function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
    if (code === 0x26 || code === 0x3c || code === 0x3e) return false;
  }
  return true;
}

/** A string as Go's encoding/json prints it: safe inside HTML, unless its encoder is told that it need not be. */
export function goJsonString(text: string, escapeHtml = true): string {
  if (text.length < longText && isPlainText(text)) return `"${text}"`;
  const written = JSON.stringify(text);
  return special.test(text) ? written.replace(escapeHtml ? differingWithHtml : differing, goForm) : written;
}

/** A byte that is no text is an escape in Go; half a pair is one that Go replaced when it read it. */
function goForm(piece: string): string {
  if (piece === "\\\\") return piece;
  if (piece.startsWith("\\")) return rawByte.test(piece) ? "\\ufffd" : "\ufffd";
  return `\\u${piece.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * A JSON tree as Go's encoding/json prints one without a struct: compact, keys in byte order, or as they stand when it was kept
 * raw. Numbers are float64, but integers that a double cannot hold.
 */
export function goJson(value: JsonValue, order: "sorted" | "raw" = "sorted"): string {
  if (typeof value === "string") return goJsonString(value);
  if (Array.isArray(value)) return `[${value.map((item) => goJson(item, order)).join(",")}]`;
  if (!isObject(value)) return Object.is(value, -0) ? "-0" : String(value);
  const keys = order === "sorted" ? sortedKeys(value) : Object.keys(value);
  return `{${keys.map((key) => `${goJsonString(key)}:${goJson(value[key] ?? null, order)}`).join(",")}}`;
}
