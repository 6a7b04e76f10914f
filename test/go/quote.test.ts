import { describe, expect, it } from "vitest";
import {
  canBackquote,
  goQuote,
  isPrint,
  quoteRune,
  quoteToAscii,
  unquote,
  unquoteCharacter,
} from "../../src/go/index.js";
import { goText, rowsOf } from "./recorded.js";

describe("a Go literal", () => {
  it("is written as strconv.Quote, QuoteToASCII and CanBackquote do", () => {
    const rows = rowsOf("quote", "quote", 300);
    const answers = rows.map(([text]) => [
      text,
      goQuote(goText(text)),
      quoteToAscii(goText(text)),
      canBackquote(goText(text)),
    ]);
    expect(answers).toEqual(rows);
  });

  it("of a rune is written as strconv.QuoteRune and QuoteRuneToASCII do", () => {
    const rows = rowsOf("quote", "rune", 25);
    const answers = rows.map(([rune]) => [
      rune,
      quoteRune(Number(rune), false),
      quoteRune(Number(rune), true),
    ]);
    expect(answers).toEqual(rows);
  });

  it("is read as strconv.Unquote does", () => {
    const rows = rowsOf("quote", "unquote", 500);
    const answers = rows.map(([literal]) => [literal, unquote(goText(literal)) ?? null]);
    expect(answers).toEqual(rows.map(([literal, text]) => [literal, text === null ? null : goText(text)]));
  });

  it("of a character is read as a template's parser does", () => {
    const rows = rowsOf("quote", "character", 250);
    expect(rows.map(([literal]) => [literal, unquoteCharacter(goText(literal))])).toEqual(rows);
  });

  it("does not know the characters of a later Unicode than Go's", () => {
    // U+1FAE8 came with Unicode 15, U+1C89 with 16.
    expect([0x1fae8, 0x1c89, 0x20, 0x7f, 0xa0, 0x10ffff].map(isPrint)).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
  });
});
