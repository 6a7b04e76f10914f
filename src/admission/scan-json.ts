/** What one look over the bytes of a JSON text tells before it is parsed. */
export interface JsonScan {
  /** How deep lists and objects are nested. */
  readonly depth: number;
  /** Whether a number has more digits than a double is sure to hold. */
  readonly longNumber: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Looks over JSON in one pass, in constant memory, without judging it. Deep nesting must be known before the tree
 * exists, since everything that later walks a tree does so by recursion.
 */
export function scanJson(bytes: Uint8Array): JsonScan {
  let depth = 0;
  let deepest = 0;
  let digits = 0;
  let longNumber = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === quote) {
      index = endOfString(bytes, index + 1);
      digits = 0;
    } else if (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
      digits++;
      // 2^53 has 16 digits.
      if (digits >= 16) longNumber = true;
    } else {
      digits = 0;
      if (byte === openBrace || byte === openBracket) {
        depth++;
        if (depth > deepest) deepest = depth;
      } else if (byte === closeBrace || byte === closeBracket) depth--;
    }
  }
  return { depth: deepest, longNumber };
}

/** The index of the quote that ends the string, or the length when none does. */
function endOfString(bytes: Uint8Array, start: number): number {
  let end = bytes.indexOf(quote, start);
  while (end !== -1) {
    let backslashes = 0;
    while (end - 1 - backslashes >= start && bytes[end - 1 - backslashes] === backslash) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = bytes.indexOf(quote, end + 1);
  }
  return bytes.length;
}
