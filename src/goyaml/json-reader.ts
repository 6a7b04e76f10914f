import { type JsonObject, type JsonValue, setOwn } from "../json/index.js";
import { excerpt } from "../text/index.js";
import { GoYamlError, type GoYamlErrorCode } from "./go-yaml-error.js";

const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow control characters in a text
const plain = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const word = /true|false|null/y;

/** Reads JSON by hand: slower than JSON.parse, but it keeps large integers and knows where an error is. */
export class JsonReader {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly source: string,
    private readonly deepest: number,
  ) {}

  read(): JsonValue {
    const value = this.#value(0);
    this.#take(space);
    if (this.#at < this.text.length) throw this.#unexpected("after the value");
    return value;
  }

  #value(depth: number): JsonValue {
    this.#take(space);
    if (depth > this.deepest)
      throw this.#fail("too-deep", `values are nested more than ${this.deepest} deep`);
    switch (this.text.charAt(this.#at)) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = {};
    this.#at++;
    if (this.#next("}")) return object;
    do {
      this.#take(space);
      const key = this.#string();
      if (!this.#next(":")) throw this.#unexpected("where a colon should be");
      const value = this.#value(depth + 1);
      setOwn(object, key, value);
    } while (this.#next(","));
    if (!this.#next("}")) throw this.#unexpected("where a comma or a closing brace should be");
    return object;
  }

  #list(depth: number): JsonValue[] {
    const list: JsonValue[] = [];
    this.#at++;
    if (this.#next("]")) return list;
    do list.push(this.#value(depth + 1));
    while (this.#next(","));
    if (!this.#next("]")) throw this.#unexpected("where a comma or a closing bracket should be");
    return list;
  }

  /** Not one pattern: V8 keeps a place to go back to for each round of a group, and has room for some millions. */
  #string(): string {
    const start = this.#at;
    const isText = this.text.charAt(start) === '"';
    this.#at++;
    do this.#take(plain);
    while (isText && this.#take(escaped) !== undefined);
    if (!isText || this.text.charAt(this.#at) !== '"') {
      this.#at = start;
      throw this.#unexpected("where a text should be");
    }
    this.#at++;
    return JSON.parse(this.text.slice(start, this.#at));
  }

  #scalar(): JsonValue {
    const start = this.#at;
    const literal = this.#take(word);
    if (literal !== undefined) return literal === "null" ? null : literal === "true";
    const text = this.#take(number);
    if (text === undefined) throw this.#unexpected("where a value should be");
    const value = Number(text);
    if (/^-?[0-9]+$/.test(text)) return Number.isSafeInteger(value) ? value : BigInt(text);
    if (Number.isFinite(value)) return value;
    this.#at = start;
    throw this.#fail("syntax", `the number ${excerpt(text, 40)} is too large`);
  }

  /** Steps over what the pattern matches here; undefined when it does not. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  /** Steps over a mark, and the white space before it, when it is there. */
  #next(mark: string): boolean {
    this.#take(space);
    if (this.text.charAt(this.#at) !== mark) return false;
    this.#at++;
    return true;
  }

  #unexpected(where: string): GoYamlError {
    const char = this.text.codePointAt(this.#at);
    const found = char === undefined ? "the end of the text" : JSON.stringify(String.fromCodePoint(char));
    return this.#fail("syntax", `found ${found} ${where}`);
  }

  #fail(code: GoYamlErrorCode, reason: string): GoYamlError {
    const before = this.text.slice(0, this.#at);
    const lineStart = before.lastIndexOf("\n") + 1;
    const lineEnd = this.text.indexOf("\n", this.#at);
    const line = before.split("\n").length;
    const longest = 200;
    return new GoYamlError(
      code,
      reason,
      {
        line,
        column: this.#at - lineStart + 1,
        sourceLine: this.text.slice(
          lineStart,
          Math.min(lineEnd < 0 ? this.text.length : lineEnd, lineStart + longest),
        ),
        source: this.source,
      },
      "json",
    );
  }
}
