import type { LooseMap } from "./value.js";

const outOfUtf16Order = /[\ud800-\uffff]/;

/** Compares two strings as Go does, by their bytes: negative, zero or positive. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

// In UTF-8 the characters beyond U+FFFF, which UTF-16 writes with surrogates, come after U+E000 to U+FFFF.
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** The own keys of a map in Go's order, as `range` and printing walk them. */
export function sortedKeys(entries: LooseMap): string[] {
  const keys = Object.keys(entries);
  if (keys.length < 2) return keys;
  return keys.some((key) => outOfUtf16Order.test(key)) ? keys.sort(compareStrings) : keys.sort();
}
