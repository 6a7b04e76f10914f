import { isRawByte, rawByte, runeError } from "../utf8.js";
import { isPrint } from "./printable.js";

const plainAscii = /^[ !#-[\]-~]*$/;
/** JSON's literal of such a text is Go's. */
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

/** A string as a Go literal in double quotes, as strconv.Quote and `%q` write it; many Go messages hold their input so. */
export function goQuote(text: string): string {
  if (plainAscii.test(text)) return `"${text}"`;
  if (linesOfAscii.test(text)) return JSON.stringify(text);
  return quoteWith(text, '"', false);
}

/** A string as a Go literal of ASCII characters only, as strconv.QuoteToASCII and `%+q` write it. */
export function quoteToAscii(text: string): string {
  return quoteWith(text, '"', true);
}

/** A rune as a Go literal in single quotes, as strconv.QuoteRune and strconv.QuoteRuneToASCII write it. */
export function quoteRune(codePoint: number, asciiOnly: boolean): string {
  return `'${escapeRune(validRune(codePoint), "'", asciiOnly)}'`;
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
      isRawByte(codePoint)
        ? `\\x${hex(rawByte(codePoint), 2)}`
        : escapeRune(validRune(codePoint), quote, asciiOnly),
    );
  }
  parts.push(quote);
  return parts.join("");
}

/** Half a surrogate pair is no rune; Go reads another one instead. */
function validRune(codePoint: number): number {
  return (codePoint >= 0xd800 && codePoint <= 0xdfff) || codePoint > 0x10ffff ? runeError : codePoint;
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
