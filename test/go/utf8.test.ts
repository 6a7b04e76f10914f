import { describe, expect, it } from "vitest";
import {
  byteLength,
  decodeUtf8,
  encodeUtf8,
  fromByteString,
  hasRawBytes,
  isAscii,
  isRawByte,
  joinRawBytes,
  rawByte,
  runeError,
  toByteString,
} from "../../src/go/index.js";
import { readRecording } from "./recorded.js";

const rows = readRecording("utf8").rows.map(([bytes, valid, runes]) => ({
  bytes: Buffer.from(String(bytes), "hex"),
  valid,
  runes,
}));

/** The runes of a text with their width in bytes, as Go's range over a string gives them. */
function runesOf(text: string): unknown[] {
  return Array.from(text, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return isRawByte(point) ? [runeError, 1] : [point, byteLength(character)];
  });
}

describe("a text of bytes", () => {
  it("has the runes that Go reads, and says whether all of it is UTF-8", () => {
    expect(rows.length).toBeGreaterThan(1200);
    const answers = rows.map(({ bytes }) => {
      const text = decodeUtf8(bytes);
      return { bytes, valid: !hasRawBytes(text), runes: runesOf(text) };
    });
    expect(answers).toEqual(rows);
  });

  it("gives its bytes back, whole or cut in two and joined", () => {
    const texts = rows.map(({ bytes }) => decodeUtf8(bytes));
    const byteStrings = rows.map(({ bytes }) => bytes.toString("latin1"));
    expect(texts.map((text) => Buffer.from(encodeUtf8(text)))).toEqual(rows.map(({ bytes }) => bytes));
    expect(texts.map(byteLength)).toEqual(rows.map(({ bytes }) => bytes.length));
    expect(texts.map(toByteString)).toEqual(byteStrings);
    expect(byteStrings.map(fromByteString)).toEqual(texts);
    const halves = rows.map(({ bytes }) => decodeUtf8(bytes.subarray(0, 1)) + decodeUtf8(bytes.subarray(1)));
    expect(halves.map(joinRawBytes)).toEqual(texts);
  });

  it("tells the bytes of what is not UTF-8, and ASCII from the rest", () => {
    const raw = decodeUtf8(Uint8Array.of(0xff)).codePointAt(0) ?? 0;
    expect(rawByte(raw)).toBe(0xff);
    expect(isAscii("a\x7f")).toBe(true);
    expect(isAscii("é")).toBe(false);
  });
});
