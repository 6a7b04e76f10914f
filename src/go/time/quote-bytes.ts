import { excerpt } from "../../text/index.js";
import { encodeUtf8 } from "../utf8.js";

/** Package time quotes what it rejects in its own way: every byte that is not printable ASCII is escaped. */
export function quoteBytes(text: string): string {
  const escaped = Array.from(encodeUtf8(excerpt(text)), (byte) => {
    if (byte < 0x20 || byte >= 0x80) return `\\x${byte.toString(16).padStart(2, "0")}`;
    const char = String.fromCharCode(byte);
    return char === '"' || char === "\\" ? `\\${char}` : char;
  });
  return `"${escaped.join("")}"`;
}
