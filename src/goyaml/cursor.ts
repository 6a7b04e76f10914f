import { GoYamlError, type GoYamlErrorCode } from "./go-yaml-error.js";

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const nextLine = 0x85;
const lineSeparator = 0x2028;
const paragraphSeparator = 0x2029;

/** What stands at the end of the text; the text itself holds no such character. */
const end = 0;

/** A space or a tab. */
export function isBlank(code: number): boolean {
  return code === space || code === tab;
}

/** One of YAML 1.1's line breaks. */
export function isBreak(code: number): boolean {
  return (
    code === lineFeed ||
    code === carriageReturn ||
    code === nextLine ||
    code === lineSeparator ||
    code === paragraphSeparator
  );
}

export function isBreakOrEnd(code: number): boolean {
  return code === end || isBreak(code);
}

export function isBlankOrEnd(code: number): boolean {
  return code === space || code === tab || isBreakOrEnd(code);
}

/** A letter, a digit, `_` or `-`: what names of anchors, tags and directives are made of. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  );
}

/** A longer line is cut in messages: it may be a document of megabytes on one line. */
const longestSourceLine = 200;

/** A place in a text that moves forward, and knows its line and column. */
export class Cursor {
  at = 0;
  /** From 0. */
  line = 0;
  /** Where the line starts. */
  lineStart = 0;

  constructor(
    readonly text: string,
    private readonly source: string,
  ) {
    // A byte order mark is no text. Further on it is a character like any other.
    if (text.startsWith("\ufeff")) {
      this.at = 1;
      this.lineStart = 1;
    }
  }

  /** The column from 0, in UTF-16 units. */
  get column(): number {
    return this.at - this.lineStart;
  }

  /** The UTF-16 unit so far ahead; 0 beyond the end. */
  code(ahead = 0): number {
    const at = this.at + ahead;
    return at < this.text.length ? this.text.charCodeAt(at) : end;
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  skipToBreak(): void {
    while (!isBreakOrEnd(this.code())) this.at++;
  }

  /** Steps over a line break, and gives the break as it counts in a scalar. */
  readBreak(): string {
    const code = this.code();
    if (code === carriageReturn && this.code(1) === lineFeed) this.at++;
    this.at++;
    this.line++;
    this.lineStart = this.at;
    return code === lineSeparator || code === paragraphSeparator ? String.fromCharCode(code) : "\n";
  }

  /** Whether a line `---` or `...` starts here. */
  atDocumentMark(): boolean {
    if (this.at !== this.lineStart) return false;
    const code = this.code();
    return (
      (code === 0x2d || code === 0x2e) &&
      this.code(1) === code &&
      this.code(2) === code &&
      isBlankOrEnd(this.code(3))
    );
  }

  /** An error at the cursor. */
  fail(reason: string, code: GoYamlErrorCode = "syntax"): GoYamlError {
    return this.failAt(this.at, this.line, this.lineStart, reason, code);
  }

  /** An error at an earlier place. */
  failAt(
    at: number,
    line: number,
    lineStart: number,
    reason: string,
    code: GoYamlErrorCode = "syntax",
  ): GoYamlError {
    let stop = lineStart;
    while (
      stop < this.text.length &&
      stop - lineStart < longestSourceLine &&
      !isBreak(this.text.charCodeAt(stop))
    )
      stop++;
    return new GoYamlError(code, reason, {
      line: line + 1,
      column: at - lineStart + 1,
      sourceLine: this.text.slice(lineStart, stop),
      source: this.source,
    });
  }
}
