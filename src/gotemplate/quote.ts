import { isRawByte, rawByte } from "../go/index.js";

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const plainAscii = /^[ !#-[\]-~]*$/;
const linesOfAscii = /^[ -~\n]*$/;
const notBackquotable = /[`\ufeff]|(?![\t\u0080-\u009f])\p{Cc}|\p{Surrogate}/u;
const shortEscapes = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [12, "\\f"],
  [10, "\\n"],
  [13, "\\r"],
  [9, "\\t"],
  [11, "\\v"],
]);

/** Whether Go prints a rune as itself in quoted text, as strconv.IsPrint says. */
export function isPrint(codePoint: number): boolean {
  if (codePoint < 0x7f) return codePoint >= 0x20;
  return printable.test(String.fromCodePoint(codePoint));
}

/** A string as a Go literal in double quotes, as strconv.Quote and `%q` write it. */
export function goQuote(text: string): string {
  if (plainAscii.test(text)) return `"${text}"`;
  if (linesOfAscii.test(text)) return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  return quoteWith(text, '"', false);
}

/** A string as a Go literal of ASCII characters only, as strconv.QuoteToASCII and `%+q` write it. */
export function quoteToAscii(text: string): string {
  return quoteWith(text, '"', true);
}

/** A rune as a Go literal in single quotes, as strconv.QuoteRune writes it. */
export function quoteRune(codePoint: number, asciiOnly: boolean): string {
  return `'${escapeRune(codePoint, "'", asciiOnly)}'`;
}

/** Whether a string can be written in backquotes, as strconv.CanBackquote says. */
export function canBackquote(text: string): boolean {
  return !notBackquotable.test(text);
}

function quoteWith(text: string, quote: string, asciiOnly: boolean): string {
  const parts: string[] = [quote];
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    parts.push(
      isRawByte(codePoint) ? `\\x${hex(rawByte(codePoint), 2)}` : escapeRune(codePoint, quote, asciiOnly),
    );
  }
  parts.push(quote);
  return parts.join("");
}

function escapeRune(codePoint: number, quote: string, asciiOnly: boolean): string {
  const character = String.fromCodePoint(codePoint);
  if (character === quote || character === "\\") return `\\${character}`;
  if ((codePoint < 0x80 || !asciiOnly) && isPrint(codePoint)) return character;
  const short = shortEscapes.get(codePoint);
  if (short !== undefined) return short;
  if (codePoint < 0x20 || codePoint === 0x7f) return `\\x${hex(codePoint, 2)}`;
  return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, "0");
}
