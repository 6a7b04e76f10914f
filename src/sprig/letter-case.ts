/**
 * Go's unicode.ToUpper, ToLower and ToTitle: one rune in, one rune out. JavaScript's mappings may give
 * several (`ß` becomes `SS`); then the rune stays, or takes the one-rune mapping that Unicode has for it.
 */

const oneRune = /^.$/su;

/** Go writes U+FFFD for a byte that is no UTF-8 when it maps a string. */
const lone = /^[\ud800-\udfff]$/;

function isOneRune(text: string): boolean {
  return oneRune.test(text);
}

/** Lower-case Greek letters with iota subscript, whose one-rune upper case is the title-case letter. */
function withProsgegrammeni(code: number): number | undefined {
  if (code >= 0x1f80 && code <= 0x1faf) return code | 8;
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return code + 9;
  return undefined;
}

export function upperRune(rune: string): string {
  if (lone.test(rune)) return "\ufffd";
  const upper = rune.toUpperCase();
  if (isOneRune(upper)) return upper;
  const code = withProsgegrammeni(rune.codePointAt(0) ?? 0);
  return code === undefined ? rune : String.fromCodePoint(code);
}

export function lowerRune(rune: string): string {
  if (lone.test(rune)) return "\ufffd";
  const lower = rune.toLowerCase();
  return isOneRune(lower) ? lower : rune === "\u0130" ? "i" : rune;
}

export function titleRune(rune: string): string {
  const code = rune.codePointAt(0) ?? 0;
  if (code >= 0x1c4 && code <= 0x1cc) return "\u01c5\u01c8\u01cb".charAt(Math.floor((code - 0x1c4) / 3));
  if (code >= 0x1f1 && code <= 0x1f3) return "\u01f2";
  const georgian = (code >= 0x10d0 && code <= 0x10fa) || (code >= 0x10fd && code <= 0x10ff);
  return georgian ? rune : upperRune(rune);
}

/** Maps each rune of a text. */
export function mapRunes(text: string, map: (rune: string) => string): string {
  let mapped = "";
  for (const rune of text) mapped += map(rune);
  return mapped;
}

/** Go's unicode.IsSpace. */
export function isSpace(rune: string): boolean {
  return /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(rune);
}
