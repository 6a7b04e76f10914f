import { compareBytes } from "../go/index.js";
import { isObject, type JsonValue } from "../json/index.js";

/** From this length on a regular expression is quicker than a look at each character. */
const longText = 100;

const special = /[<>&\u2028\u2029\ud800-\udfff]/;
const escapable = /[<>&\u2028\u2029]/g;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Whether a text needs nothing but quotes round it. Most texts of a pod are short and of this kind. */
function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
    if (code === 0x26 || code === 0x3c || code === 0x3e) return false;
  }
  return true;
}

/** A string as Go's encoding/json prints it: safe inside HTML. */
export function goJsonString(text: string): string {
  if (text.length < longText && isPlainText(text)) return `"${text}"`;
  if (!special.test(text)) return JSON.stringify(text);
  return JSON.stringify(text.replace(loneSurrogate, "\ufffd")).replace(
    escapable,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A JSON tree as Go prints one without a struct: compact, keys in byte order, or as they stand when it was kept raw. */
export function goJsonText(value: JsonValue, order: "sorted" | "raw" = "sorted"): string {
  if (typeof value === "string") return goJsonString(value);
  if (Array.isArray(value)) return `[${value.map((item) => goJsonText(item, order)).join(",")}]`;
  if (!isObject(value)) return Object.is(value, -0) ? "-0" : String(value);
  const keys = Object.keys(value);
  if (order === "sorted") keys.sort(compareBytes);
  return `{${keys.map((key) => `${goJsonString(key)}:${goJsonText(value[key] ?? null, order)}`).join(",")}}`;
}
