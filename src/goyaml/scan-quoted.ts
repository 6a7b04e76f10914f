import { type Cursor, isBlank, isBlankOrEnd, isBreak } from "./cursor.js";
import { fold } from "./scan-plain.js";

const doubleQuote = 0x22;
const singleQuote = 0x27;
const backslash = 0x5c;

const escapes: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\u001b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads a scalar in the quotes at the cursor. */
export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.code();
  const whole = quote === doubleQuote ? scanLikeJson(cursor) : undefined;
  if (whole !== undefined) return whole;
  cursor.at++;
  let text = "";
  for (;;) {
    if (cursor.atDocumentMark()) throw cursor.fail("found unexpected document indicator in a quoted text");
    if (cursor.code() === 0) throw cursor.fail("found unexpected end of stream: a quote is not closed");
    const word = scanWord(cursor, quote);
    text += word.text;
    if (cursor.code() === quote) break;
    text += scanGap(cursor, word.continued);
  }
  cursor.at++;
  return text;
}

/** Letters behind a backslash that mean the same in JSON. */
const likeJson = new Set([...'"\\bfnrt'].map((letter) => letter.charCodeAt(0)));

/**
 * Reads a scalar in double quotes that is a string of JSON, which V8 does in one go; undefined, and the cursor where it
 * was, for one that has other escapes or is on more than one line.
 */
function scanLikeJson(cursor: Cursor): string | undefined {
  const { text, at } = cursor;
  let escaped = false;
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === doubleQuote) {
      cursor.at = end + 1;
      return escaped ? String(JSON.parse(text.slice(at, end + 1))) : text.slice(at + 1, end);
    }
    if (code < 0x20 || isBreak(code)) return undefined;
    if (code !== backslash) continue;
    if (!likeJson.has(text.charCodeAt(end + 1))) return undefined;
    escaped = true;
    end++;
  }
  return undefined;
}

interface Word {
  readonly text: string;
  /** A backslash at the end of the line joined the next one. */
  readonly continued: boolean;
}

function scanWord(cursor: Cursor, quote: number): Word {
  let text = "";
  let start = cursor.at;
  const take = () => {
    text += cursor.text.slice(start, cursor.at);
  };
  for (let code = cursor.code(); !isBlankOrEnd(code); code = cursor.code()) {
    if (code === quote) {
      if (quote === doubleQuote || cursor.code(1) !== singleQuote) break;
      cursor.at++;
      take();
      cursor.at++;
      start = cursor.at;
    } else if (code === backslash && quote === doubleQuote) {
      take();
      cursor.at++;
      if (isBreak(cursor.code())) {
        cursor.readBreak();
        return { text, continued: true };
      }
      text += scanEscape(cursor);
      start = cursor.at;
    } else {
      cursor.at++;
    }
  }
  take();
  return { text, continued: false };
}

function scanEscape(cursor: Cursor): string {
  const letter = cursor.text.charAt(cursor.at);
  const simple = escapes.get(letter);
  if (simple !== undefined) {
    cursor.at++;
    return simple;
  }
  const digits = Object.hasOwn(hexDigits, letter) ? hexDigits[letter] : undefined;
  if (digits === undefined) throw cursor.fail("found unknown escape character");
  cursor.at++;
  const hex = cursor.text.slice(cursor.at, cursor.at + digits);
  if (hex.length < digits || !/^[0-9A-Fa-f]+$/.test(hex))
    throw cursor.fail(`did not find ${digits} hexadecimal digits after \\${letter}`);
  const code = Number.parseInt(hex, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    throw cursor.fail("found invalid Unicode character escape code");
  cursor.at += digits;
  return String.fromCodePoint(code);
}

/** Reads blanks and line breaks. After a line that a backslash continued, there is no break to fold. */
function scanGap(cursor: Cursor, continued: boolean): string {
  const start = cursor.at;
  while (isBlank(cursor.code())) cursor.at++;
  if (!isBreak(cursor.code())) return continued ? "" : cursor.text.slice(start, cursor.at);
  const first = continued ? "" : cursor.readBreak();
  let more = "";
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBreak(code)) more += cursor.readBreak();
    else cursor.at++;
  }
  return continued ? more : fold(first, more);
}
