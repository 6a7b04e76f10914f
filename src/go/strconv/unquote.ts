import { decodeUtf8, hasRawBytes, isRawByte, joinRawBytes, rawByte, runeError } from "../utf8.js";

const unit =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\'"]))|([\s\S])/uy;
const raw = /\p{Surrogate}/gu;
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
  const quote = literal.charAt(0);
  const body = literal.slice(1, -1);
  if (literal.length < 2 || (quote !== '"' && quote !== "`") || !literal.endsWith(quote)) return undefined;
  if (quote === "`") return body.includes("`") ? undefined : body.replaceAll("\r", "");
  // Bytes that are not UTF-8 stay what they are in backquotes only.
  return body.includes("\n")
    ? undefined
    : unquoteBody(hasRawBytes(body) ? body.replace(raw, "\ufffd") : body);
}

function unquoteBody(body: string): string | undefined {
  if (!body.includes("\\")) return body.includes('"') ? undefined : body;
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
  if (read === undefined) return "invalid syntax";
  if (read.end !== literal.length - 1) return "malformed";
  const codePoint = read.text.codePointAt(0) ?? 0;
  // A byte by its number is that number; one that stands for itself is no character.
  if (isRawByte(codePoint)) return read.escaped ? rawByte(codePoint) : runeError;
  return codePoint;
}

/** A piece of a literal, and where it ends. */
interface Unit {
  readonly text: string;
  readonly end: number;
  readonly escaped: boolean;
}

/** Reads a character or an escape; undefined for a broken escape, and for the quote that would end the literal. */
function readUnit(text: string, at: number, quote: string): Unit | undefined {
  unit.lastIndex = at;
  const match = unit.exec(text);
  if (match === null) return undefined;
  const [whole, hex, short, long, octal, letter, plain] = match;
  const end = at + whole.length;
  if (plain !== undefined)
    return plain === "\\" || plain === quote ? undefined : { text: plain, end, escaped: false };
  if (letter !== undefined) {
    const other = letter === "'" || letter === '"';
    return other && letter !== quote ? undefined : { text: shortEscapes[letter] ?? "", end, escaped: true };
  }
  const decoded = hex ?? octal;
  const value =
    octal === undefined ? Number.parseInt(hex ?? short ?? long ?? "", 16) : Number.parseInt(octal, 8);
  if (decoded !== undefined)
    return value > 255 ? undefined : { text: decodeUtf8(Uint8Array.of(value)), end, escaped: true };
  const valid = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
  return valid ? { text: String.fromCodePoint(value), end, escaped: true } : undefined;
}
