/** What one look over the bytes of a JSON text tells before it is parsed. */
export interface JsonScan {
  /** How deep lists and objects are nested. */
  readonly depth: number;
  /** How many texts, numbers, lists and objects there are, or a few more. */
  readonly values: number;
  /** Whether a number has more digits than a double is sure to hold. */
  readonly longNumber: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const comma = 0x2c;
// 2^53 has 16 digits.
const longest = 16;

/**
 * Whether a glance is enough to know that the text nests at most so many levels and has no long number. True for
 * nearly every review, at a tenth of what {@link scanJson} costs; false says nothing.
 *
 * @param text the same as `bytes`
 *
 * Decided in ADR 0201.
 */
export function isPlainJson(bytes: Uint8Array, text: string, depth: number): boolean {
  return atMost(text, depth) && !hasLongDigits(bytes);
}

/** Whether brackets open at most so often, those within strings counted too. */
function atMost(text: string, count: number): boolean {
  let left = count;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1))
      if (--left < 0) return false;
  }
  return true;
}

/** Whether so many digits follow each other as in a long number, within strings too. One of them is always in a place looked at. */
function hasLongDigits(bytes: Uint8Array): boolean {
  for (let index = longest - 1; index < bytes.length; index += longest) {
    if (!isDigit(bytes[index])) continue;
    let start = index;
    let end = index + 1;
    while (isDigit(bytes[start - 1])) start--;
    while (isDigit(bytes[end])) end++;
    if (end - start >= longest) return true;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/**
 * Looks over JSON in one pass, in constant memory, without judging it. Deep nesting must be known before the tree
 * exists, since everything that later walks a tree does so by recursion.
 */
export function scanJson(bytes: Uint8Array): JsonScan {
  let depth = 0;
  let deepest = 0;
  let digits = 0;
  let values = 1;
  let longNumber = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === quote) {
      index = endOfString(bytes, index + 1);
      digits = 0;
    } else if (isDigit(byte)) {
      digits++;
      if (digits >= longest) longNumber = true;
    } else {
      digits = 0;
      if (byte === openBrace || byte === openBracket) {
        values++;
        depth++;
        if (depth > deepest) deepest = depth;
      } else if (byte === closeBrace || byte === closeBracket) depth--;
      else if (byte === comma) values++;
    }
  }
  return { depth: deepest, values, longNumber };
}

// Most strings are short, and for those a search by the library takes longer to start than to run.
const shortString = 32;

/** The index of the quote that ends the string, or the length when none does. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < start + shortString) {
    const byte = bytes[at];
    if (byte === quote) return at;
    at += byte === backslash ? 2 : 1;
  }
  let end = bytes.indexOf(quote, at);
  while (end !== -1) {
    let backslashes = 0;
    while (end - 1 - backslashes >= at && bytes[end - 1 - backslashes] === backslash) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = bytes.indexOf(quote, end + 1);
  }
  return bytes.length;
}
