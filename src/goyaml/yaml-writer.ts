import { compareBytes } from "../go/index.js";
import type { JsonObject, JsonValue } from "../json/index.js";
import { compareKeys } from "./compare-keys.js";
import { isBreak } from "./cursor.js";
import { isPrintable, isSimpleKey, scalarStyle } from "./scalar-style.js";

const space = 0x20;
/** Each level is indented so far. */
const indentStep = 2;
/** A text is broken at the first space beyond so many columns. */
const bestWidth = 80;

const escapes: ReadonlyMap<number, string> = new Map([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

/**
 * Writes a tree as libyaml's emitter does in block style. Two flags decide about spaces and line breaks, as there: whether the
 * last thing written was white space, and whether all of the line so far is indentation.
 */
export class YamlWriter {
  #text = "";
  #column = 0;
  #indent = -1;
  #afterSpace = true;
  #inIndentation = true;

  constructor(private readonly numberText: (value: number | bigint) => string) {}

  /** Writes a document, and gives all that was written. */
  write(value: JsonValue): string {
    this.#node(value, false);
    this.#writeIndent();
    return this.#text;
  }

  #node(value: JsonValue, inMapping: boolean): void {
    if (Array.isArray(value)) this.#sequence(value, inMapping);
    else if (typeof value === "object" && value !== null) this.#mapping(value);
    else this.#scalar(value);
  }

  #sequence(items: JsonValue[], inMapping: boolean): void {
    if (items.length === 0) {
      this.#word("[]");
      return;
    }
    const outer = this.#deepen(inMapping && !this.#inIndentation);
    for (const item of items) {
      this.#writeIndent();
      this.#indicator("-");
      this.#node(item, false);
    }
    this.#indent = outer;
  }

  #mapping(map: JsonObject): void {
    // The order of keys is no total one, so it starts from one that is.
    const keys = Object.keys(map).sort(compareBytes).sort(compareKeys);
    if (keys.length === 0) {
      this.#word("{}");
      return;
    }
    const outer = this.#deepen(false);
    for (const key of keys) {
      this.#writeIndent();
      const value = map[key] ?? null;
      if (isSimpleKey(key)) {
        this.#string(key, true);
        this.#put(":");
        this.#inIndentation = false;
      } else {
        this.#indicator("?");
        this.#string(key, false);
        this.#writeIndent();
        this.#indicator(":");
      }
      this.#node(value, true);
    }
    this.#indent = outer;
  }

  /** Goes a level deeper. A list in a mapping stays at the mapping's own level. Gives the level before. */
  #deepen(stay: boolean): number {
    const outer = this.#indent;
    if (outer < 0) this.#indent = 0;
    else if (!stay) this.#indent += indentStep;
    return outer;
  }

  #scalar(value: null | boolean | number | bigint | string): void {
    if (typeof value === "string") this.#string(value, false);
    else
      this.#word(
        typeof value === "number" || typeof value === "bigint" ? this.numberText(value) : String(value),
      );
  }

  #string(text: string, isKey: boolean): void {
    const outer = this.#indent;
    this.#indent = outer < 0 ? indentStep : outer + indentStep;
    switch (scalarStyle(text, isKey)) {
      case "plain":
        this.#plain(text, !isKey);
        break;
      case "single":
        this.#single(text, !isKey);
        break;
      case "double":
        this.#double(text, !isKey);
        break;
      case "literal":
        this.#literal(text);
        break;
    }
    this.#indent = outer;
  }

  #plain(text: string, mayBreak: boolean): void {
    this.#space();
    this.#folded(text, mayBreak, 0, text.length, (char) => this.#put(char));
    this.#afterSpace = false;
    this.#inIndentation = false;
  }

  #single(text: string, mayBreak: boolean): void {
    this.#space();
    this.#put("'");
    this.#folded(text, mayBreak, 1, text.length - 1, (char) => this.#put(char === "'" ? "''" : char));
    this.#put("'");
    this.#inIndentation = false;
  }

  /** Writes characters. A lone space beyond the best width, at places from..to-1, becomes a line break. */
  #folded(text: string, mayBreak: boolean, from: number, to: number, put: (char: string) => void): void {
    let afterSpace = false;
    let afterBreak = false;
    let place = 0;
    for (const char of text) {
      const at = place;
      place += char.length;
      if (char === " ") {
        const isLone = !afterSpace && text.charCodeAt(at + 1) !== space;
        if (mayBreak && isLone && this.#column > bestWidth && at >= from && at < to) this.#writeIndent();
        else put(char);
        afterSpace = true;
      } else if (isBreak(char.charCodeAt(0))) {
        this.#break(char);
        afterBreak = true;
      } else {
        if (afterBreak) this.#writeIndent();
        put(char);
        this.#inIndentation = false;
        afterSpace = false;
        afterBreak = false;
      }
    }
  }

  #double(text: string, mayBreak: boolean): void {
    this.#space();
    this.#put('"');
    let afterSpace = false;
    let place = 0;
    for (const char of text) {
      const at = place;
      place += char.length;
      const code = char.codePointAt(0) ?? 0;
      if (code !== space) {
        const isPlain = isPrintable(code) && !isBreak(code) && char !== '"' && char !== "\\";
        this.#put(isPlain ? char : escaped(code));
        afterSpace = false;
        continue;
      }
      if (mayBreak && !afterSpace && this.#column > bestWidth && at > 0 && at < text.length - 1) {
        this.#writeIndent();
        if (text.charCodeAt(at + 1) === space) this.#put("\\");
      } else {
        this.#put(char);
      }
      afterSpace = true;
    }
    this.#put('"');
    this.#inIndentation = false;
  }

  #literal(text: string): void {
    this.#space();
    const first = text.charCodeAt(0);
    const hint = first === space || isBreak(first) ? String(indentStep) : "";
    this.#put(`|${hint}${chomping(text)}`);
    this.#break("\n");
    let afterBreak = true;
    for (const char of text) {
      if (isBreak(char.charCodeAt(0))) {
        this.#break(char);
        afterBreak = true;
      } else {
        if (afterBreak) this.#writeIndent();
        this.#put(char);
        this.#inIndentation = false;
        afterBreak = false;
      }
    }
  }

  #word(text: string): void {
    this.#space();
    this.#put(text);
    this.#inIndentation = false;
  }

  /** A mark at the start of an item; what follows may start a collection on the same line. */
  #indicator(mark: string): void {
    this.#space();
    this.#put(mark);
  }

  #space(): void {
    if (!this.#afterSpace) this.#put(" ");
  }

  #put(text: string): void {
    this.#text += text;
    // Only characters that stand alone or are ASCII are put; those beyond the basic plane are escaped.
    this.#column += text.length;
    this.#afterSpace = false;
  }

  #break(char: string): void {
    this.#text += char;
    this.#column = 0;
    this.#inIndentation = true;
    this.#afterSpace = true;
  }

  #writeIndent(): void {
    const indent = Math.max(this.#indent, 0);
    if (!this.#inIndentation || this.#column > indent || (this.#column === indent && !this.#afterSpace))
      this.#break("\n");
    if (this.#column < indent) {
      this.#text += " ".repeat(indent - this.#column);
      this.#column = indent;
    }
    this.#afterSpace = true;
    this.#inIndentation = true;
  }
}

/** What a literal's header says of the line breaks at its end: none, all, or one. */
function chomping(text: string): string {
  if (!isBreak(text.charCodeAt(text.length - 1))) return "-";
  return text.length === 1 || isBreak(text.charCodeAt(text.length - 2)) ? "+" : "";
}

function escaped(code: number): string {
  const short = escapes.get(code);
  if (short !== undefined) return `\\${short}`;
  const [letter, width] =
    code <= 0xff ? (["x", 2] as const) : code <= 0xffff ? (["u", 4] as const) : (["U", 8] as const);
  return `\\${letter}${code.toString(16).toUpperCase().padStart(width, "0")}`;
}
