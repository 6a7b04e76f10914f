import { encodeUtf8 } from "./utf8.js";

/** Where UTF-16 and UTF-8 may disagree: surrogates, and the units behind them. */
const firstSurrogate = 0xd800;
const outOfUtf16Order = /[\ud800-\uffff]/;

/**
 * Orders two texts as Go does, by their UTF-8 bytes: negative, zero or positive. JavaScript's order differs from U+D800 on.
 * A text that is not all UTF-8 counts with its bytes, as `encodeUtf8` gives them.
 */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    return left < firstSurrogate && right < firstSurrogate ? left - right : compareEncoded(a, b, at);
  }
  return a.length - b.length;
}

/** `compareBytes` for texts whose first difference, at this place, may be half a character. */
function compareEncoded(a: string, b: string, at: number): number {
  const start = isHighSurrogate(a.charCodeAt(at - 1)) ? at - 1 : at;
  const left = encodeUtf8(a.slice(start));
  const right = encodeUtf8(b.slice(start));
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The own keys of an object in Go's order, as `range`, printing and encoding/json walk a map. */
export function sortedKeys(entries: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(entries);
  if (keys.length < 2) return keys;
  return keys.some((key) => outOfUtf16Order.test(key)) ? keys.sort(compareBytes) : keys.sort();
}
