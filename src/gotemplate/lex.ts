import { goQuote, isPrint } from "../go/index.js";
import { goSprintf } from "./sprintf.js";
import { isKeyword, type Token, type TokenType } from "./token.js";

export interface LexOptions {
  readonly left: string;
  readonly right: string;
  /** Whether `break` and `continue` are keywords: not when functions have these names. */
  readonly breakIsKeyword: boolean;
  readonly continueIsKeyword: boolean;
}

const alphaNumeric = /^[_\p{L}\p{Nd}]$/u;
const trimMarkerLength = 2;

/**
 * Cuts a template into tokens, one a call. Two states, text and action; what closes an action ends its state.
 * After an error, the rest of the text is given up: only the end follows.
 *
 * Longer than most files here because it is one state machine over one position.
 */
export class Lexer {
  private at = 0;
  private start = 0;
  private line = 1;
  private parenDepth = 0;
  private insideAction = false;
  private newline: number;

  constructor(
    private text: string,
    private readonly options: LexOptions,
  ) {
    this.newline = this.newlineFrom(0);
  }

  /** The next token; `eof` again and again at the end. */
  next(): Token {
    for (;;) {
      const token = this.insideAction ? this.action() : this.plainText();
      if (token !== undefined) return token;
    }
  }

  private emit(type: TokenType): Token {
    const token = {
      type,
      value: this.text.slice(this.start, this.at),
      position: this.start,
      line: this.line,
    };
    this.skipTo(this.at);
    return token;
  }

  private error(message: string): Token {
    const token: Token = { type: "error", value: message, position: this.start, line: this.line };
    this.text = "";
    this.newline = Number.POSITIVE_INFINITY;
    this.at = 0;
    this.start = 0;
    this.insideAction = false;
    return token;
  }

  /** Leaves out everything before `position`. */
  private skipTo(position: number): void {
    while (this.newline < position) {
      this.line += 1;
      this.newline = this.newlineFrom(this.newline + 1);
    }
    this.at = position;
    this.start = position;
  }

  private newlineFrom(position: number): number {
    const found = this.text.indexOf("\n", position);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }

  private plainText(): Token | undefined {
    const found = this.text.indexOf(this.options.left, this.at);
    if (found < 0) {
      this.at = this.text.length;
      return this.at > this.start ? this.emit("text") : this.emit("eof");
    }
    const trims = this.hasLeftTrimMarker(found + this.options.left.length);
    const end = trims ? trimRight(this.text, this.start, found) : found;
    this.at = end;
    const token = end > this.start ? this.emit("text") : undefined;
    if (token !== undefined) return token;
    this.skipTo(found);
    return this.leftDelim();
  }

  private leftDelim(): Token | undefined {
    this.at += this.options.left.length;
    const afterMarker = this.hasLeftTrimMarker(this.at) ? trimMarkerLength : 0;
    if (this.text.startsWith("/*", this.at + afterMarker)) {
      this.skipTo(this.at + afterMarker);
      return this.comment();
    }
    const token = this.emit("leftDelim");
    this.skipTo(this.at + afterMarker);
    this.insideAction = true;
    this.parenDepth = 0;
    return token;
  }

  private comment(): Token | undefined {
    const end = this.text.indexOf("*/", this.at + 2);
    if (end < 0) return this.error("unclosed comment");
    this.at = end + 2;
    const closing = this.rightDelimAt(this.at);
    if (closing === undefined) return this.error("comment ends before closing delimiter");
    this.skipTo(this.afterRightDelim(closing));
    return undefined;
  }

  private rightDelimAt(position: number): "plain" | "trim" | undefined {
    const trims = isSpace(this.text[position]) && this.text[position + 1] === "-";
    if (trims && this.text.startsWith(this.options.right, position + trimMarkerLength)) return "trim";
    return this.text.startsWith(this.options.right, position) ? "plain" : undefined;
  }

  private afterRightDelim(closing: "plain" | "trim"): number {
    if (closing === "plain") return this.at + this.options.right.length;
    return trimLeft(this.text, this.at + trimMarkerLength + this.options.right.length);
  }

  private rightDelim(closing: "plain" | "trim"): Token {
    const after = this.afterRightDelim(closing);
    if (closing === "trim") this.skipTo(this.at + trimMarkerLength);
    this.at += this.options.right.length;
    const token = this.emit("rightDelim");
    this.skipTo(after);
    this.insideAction = false;
    return token;
  }

  private hasLeftTrimMarker(position: number): boolean {
    return this.text[position] === "-" && isSpace(this.text[position + 1]);
  }

  private action(): Token {
    const closing = this.rightDelimAt(this.at);
    if (closing !== undefined)
      return this.parenDepth === 0 ? this.rightDelim(closing) : this.error("unclosed left paren");
    const character = this.text[this.at];
    if (character === undefined) return this.error("unclosed action");
    if (isSpace(character)) return this.space();
    switch (character) {
      case "=":
        return this.single("assign");
      case ":":
        this.at += 2;
        return this.text[this.at - 1] === "=" ? this.emit("declare") : this.error("expected :=");
      case "|":
        return this.single("pipe");
      case '"':
        return this.quoted();
      case "`":
        return this.rawQuoted();
      case "$":
        this.at += 1;
        return this.atTerminator() ? this.emit("variable") : this.fieldOrVariable("variable");
      case "'":
        return this.charConstant();
      case ".":
        return this.dotOrNumber();
      case "(":
        this.parenDepth += 1;
        return this.single("leftParen");
      case ")":
        this.parenDepth -= 1;
        return this.parenDepth < 0 ? this.error("unexpected right paren") : this.single("rightParen");
      default:
        return this.wordOrCharacter(character);
    }
  }

  private single(type: TokenType): Token {
    this.at += 1;
    return this.emit(type);
  }

  private wordOrCharacter(character: string): Token {
    if (character === "+" || character === "-" || isDigit(character)) return this.number();
    const rune = this.runeAt(this.at);
    if (alphaNumeric.test(rune)) return this.identifier();
    const codePoint = rune.codePointAt(0) ?? 0;
    if (codePoint < 0x80 && isPrint(codePoint)) return this.single("char");
    return this.error(`unrecognized character in action: ${describeRune(rune)}`);
  }

  private dotOrNumber(): Token {
    const next = this.text[this.at + 1];
    // At the end of the text Go takes the dot for a number, too.
    if (next === undefined || isDigit(next)) return this.number();
    this.at += 1;
    return this.fieldOrVariable("field");
  }

  private space(): Token {
    while (isSpace(this.text[this.at])) {
      // A space may belong to the closing delimiter as its trim marker.
      if (this.rightDelimAt(this.at) === "trim") break;
      this.at += 1;
    }
    return this.emit("space");
  }

  private identifier(): Token {
    this.acceptWord();
    const word = this.text.slice(this.start, this.at);
    if (!this.atTerminator()) return this.badCharacter();
    if (isKeyword(word)) return this.emit(this.isDisabled(word) ? "identifier" : word);
    return this.emit(word === "true" || word === "false" ? "bool" : "identifier");
  }

  private isDisabled(word: string): boolean {
    if (word === "break") return !this.options.breakIsKeyword;
    return word === "continue" && !this.options.continueIsKeyword;
  }

  private fieldOrVariable(type: "field" | "variable"): Token {
    if (this.atTerminator()) return this.emit(type === "variable" ? "variable" : ".");
    this.acceptWord();
    return this.atTerminator() ? this.emit(type) : this.badCharacter();
  }

  private badCharacter(): Token {
    return this.error(`bad character ${describeRune(this.runeAt(this.at))}`);
  }

  private acceptWord(): void {
    for (;;) {
      const rune = this.runeAt(this.at);
      if (rune === "" || !alphaNumeric.test(rune)) return;
      this.at += rune.length;
    }
  }

  private atTerminator(): boolean {
    const next = this.text[this.at];
    if (next === undefined || isSpace(next) || ".,|:)(".includes(next)) return true;
    return this.text.startsWith(this.options.right, this.at);
  }

  private charConstant(): Token {
    return this.until("'", "charConstant", "unterminated character constant");
  }

  private quoted(): Token {
    return this.until('"', "string", "unterminated quoted string");
  }

  private until(quote: string, type: TokenType, message: string): Token {
    for (this.at += 1; ; this.at++) {
      let character = this.text[this.at];
      if (character === "\\") character = this.text[++this.at];
      else if (character === quote) return this.single(type);
      if (character === undefined || character === "\n") return this.error(message);
    }
  }

  private rawQuoted(): Token {
    const end = this.text.indexOf("`", this.at + 1);
    if (end < 0) return this.error("unterminated raw quoted string");
    this.at = end + 1;
    return this.emit("rawString");
  }

  private number(): Token {
    if (!this.scanNumber()) return this.badNumber();
    const sign = this.text[this.at];
    if (sign !== "+" && sign !== "-") return this.emit("number");
    if (!this.scanNumber() || this.text[this.at - 1] !== "i") return this.badNumber();
    return this.emit("complex");
  }

  private badNumber(): Token {
    return this.error(`bad number syntax: ${goQuote(this.text.slice(this.start, this.at))}`);
  }

  private scanNumber(): boolean {
    this.accept("+-");
    let digits = "0123456789_";
    let exponent = "eE";
    if (this.accept("0")) {
      if (this.accept("xX")) {
        digits = "0123456789abcdefABCDEF_";
        exponent = "pP";
      } else if (this.accept("oO")) {
        digits = "01234567_";
        exponent = "";
      } else if (this.accept("bB")) {
        digits = "01_";
        exponent = "";
      }
    }
    this.acceptRun(digits);
    if (this.accept(".")) this.acceptRun(digits);
    if (this.accept(exponent)) {
      this.accept("+-");
      this.acceptRun("0123456789_");
    }
    this.accept("i");
    const next = this.runeAt(this.at);
    if (next === "" || !alphaNumeric.test(next)) return true;
    this.at += next.length;
    return false;
  }

  private accept(valid: string): boolean {
    const next = this.text[this.at];
    if (next === undefined || !valid.includes(next)) return false;
    this.at += 1;
    return true;
  }

  private acceptRun(valid: string): void {
    while (this.accept(valid));
  }

  private runeAt(position: number): string {
    const codePoint = this.text.codePointAt(position);
    return codePoint === undefined ? "" : String.fromCodePoint(codePoint);
  }
}

function describeRune(rune: string): string {
  return goSprintf("%#U", [BigInt(rune.codePointAt(0) ?? 0)]);
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

function trimRight(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text[at - 1])) at -= 1;
  return at;
}

function trimLeft(text: string, start: number): number {
  let at = start;
  while (isSpace(text[at])) at += 1;
  return at;
}
