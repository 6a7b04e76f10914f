import { decodeUtf8, isRawByte, joinRawBytes } from "../go/index.js";

const unit =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\'"]))|([\s\S])/uy;
const shortEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** The text of a Go string literal in double quotes or backquotes, as strconv.Unquote reads it; undefined when malformed. */
export function unquote(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (literal.startsWith("`")) return body.replaceAll("\r", "");
  if (!body.includes("\\")) return body;
  const parts: string[] = [];
  for (let at = 0; at < body.length; ) {
    const read = readUnit(body, at, '"');
    if (read === undefined) return undefined;
    parts.push(read.text);
    at = read.end;
  }
  return joinRawBytes(parts.join(""));
}

/** The rune of a character constant in single quotes, or what is wrong with it. */
export function unquoteCharacter(literal: string): number | "invalid syntax" | "malformed" {
  const read = readUnit(literal, 1, "'");
  if (read === undefined || literal[1] === "'") return "invalid syntax";
  if (read.end !== literal.length - 1) return "malformed";
  const codePoint = read.text.codePointAt(0) ?? 0;
  return isRawByte(codePoint) ? codePoint - 0xdc00 : codePoint;
}

function readUnit(text: string, at: number, quote: string): { text: string; end: number } | undefined {
  unit.lastIndex = at;
  const match = unit.exec(text);
  if (match === null) return undefined;
  const [whole, hex, short, long, octal, letter, plain] = match;
  const end = at + whole.length;
  if (plain !== undefined) return plain === "\\" ? undefined : { text: plain, end };
  if (letter !== undefined) {
    const other = letter === "'" || letter === '"';
    return other && letter !== quote ? undefined : { text: shortEscapes[letter] ?? "", end };
  }
  const decoded = hex ?? octal;
  const value =
    octal === undefined ? Number.parseInt(hex ?? short ?? long ?? "", 16) : Number.parseInt(octal, 8);
  if (decoded !== undefined) return value > 255 ? undefined : { text: decodeUtf8(Uint8Array.of(value)), end };
  const valid = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
  return valid ? { text: String.fromCodePoint(value), end } : undefined;
}
