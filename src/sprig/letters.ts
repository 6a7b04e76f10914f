import type { GoFunction } from "../gotemplate/index.js";
import { define } from "./invocation.js";
import { isSpace, lowerRune, mapRunes, titleRune, upperRune } from "./letter-case.js";
import { camelCase, connectWords } from "./word-case.js";

/** The functions that change the case of letters. */
export const letterFunctions: readonly GoFunction[] = [
  define("upper", "pure", ["string"], (call) => mapRunes(call.text(0), upperRune)),
  define("lower", "pure", ["string"], (call) => mapRunes(call.text(0), lowerRune)),
  define("title", "pure", ["string"], (call) => mapFirst(call.text(0), isSeparator, titleRune)),
  define("untitle", "pure", ["string"], (call) => mapFirst(call.text(0), isSpace, lowerRune)),
  define("swapcase", "pure", ["string"], (call) => swapCase(call.text(0))),
  define("snakecase", "pure", ["string"], (call) => connectWords(call.text(0), "_")),
  define("kebabcase", "pure", ["string"], (call) => connectWords(call.text(0), "-")),
  define("camelcase", "pure", ["string"], (call) => camelCase(call.text(0))),
];

/** Maps the first rune of each word. */
function mapFirst(text: string, between: (rune: string) => boolean, map: (rune: string) => string): string {
  let start = true;
  return mapRunes(text, (rune) => {
    const gap = between(rune);
    const mapped = start && !gap ? map(rune) : rune;
    start = gap;
    return mapped;
  });
}

/** What strings.Title takes for the end of a word: ASCII that is no word character, and other space. */
function isSeparator(rune: string): boolean {
  return rune < "\u0080" ? !/^\w$/.test(rune) : isSpace(rune);
}

/** Upper and title case become lower, lower becomes title at the start of a word and upper elsewhere. */
function swapCase(text: string): string {
  let start = true;
  return mapRunes(text, (rune) => {
    const first = start;
    start = isSpace(rune);
    if (/^[\p{Lu}\p{Lt}]$/u.test(rune)) return lowerRune(rune);
    if (!/^\p{Ll}$/u.test(rune)) return rune;
    return first ? titleRune(rune) : upperRune(rune);
  });
}
