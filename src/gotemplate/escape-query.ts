import { encodeUtf8 } from "../go/index.js";

const unreserved = /^[A-Za-z0-9\-_.~]*$/;

/** Text for a query of a URL, as url.QueryEscape writes it. */
export function escapeQuery(text: string): string {
  if (unreserved.test(text)) return text;
  return Array.from(encodeUtf8(text), escapeByte).join("");
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (unreserved.test(character)) return character;
  return character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
