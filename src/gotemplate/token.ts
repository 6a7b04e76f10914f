import { byteLength, goQuote } from "../go/index.js";
import { goSprintf } from "./sprintf.js";

/** The words that an action may begin with, and the cursor and nil. */
export const keywords = [
  ".",
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
] as const;

export type Keyword = (typeof keywords)[number];

export type TokenType =
  | Keyword
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelim"
  | "leftParen"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelim"
  | "rightParen"
  | "space"
  | "string"
  | "text"
  | "variable";

export interface Token {
  readonly type: TokenType;
  /** The text as written, or the message of an `error`. */
  readonly value: string;
  /** Where the token starts, in UTF-16 units from the start of the template. */
  readonly position: number;
  /** The line it starts on, from 1. */
  readonly line: number;
}

const keywordSet: ReadonlySet<string> = new Set(keywords);

/** Whether a word is a keyword. */
export function isKeyword(word: string): word is Keyword {
  return keywordSet.has(word);
}

/** A token as Go's messages show it: `<end>`, `"upper"`, `"a long str"...`, EOF. */
export function describeToken(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (token.type === "error") return token.value;
  if (isKeyword(token.type)) return `<${token.value}>`;
  return byteLength(token.value) > 10 ? goSprintf("%.10q...", [token.value]) : goQuote(token.value);
}
