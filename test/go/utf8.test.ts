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
    for (const { bytes, valid, runes } of rows) {
      const text = decodeUtf8(bytes);
      expect(runesOf(text), bytes.toString("hex")).toEqual(runes);
      expect(!hasRawBytes(text), bytes.toString("hex")).toBe(valid);
    }
  });

  it("gives its bytes back, whole or cut in two and joined", () => {
    for (const { bytes } of rows) {
      const text = decodeUtf8(bytes);
      expect(Buffer.from(encodeUtf8(text))).toEqual(bytes);
      expect(byteLength(text)).toBe(bytes.length);
      expect(toByteString(text)).toBe(bytes.toString("latin1"));
      expect(fromByteString(bytes.toString("latin1"))).toBe(text);
      const halves = decodeUtf8(bytes.subarray(0, 1)) + decodeUtf8(bytes.subarray(1));
      expect(joinRawBytes(halves)).toBe(text);
    }
  });

  it("tells the bytes of what is not UTF-8, and ASCII from the rest", () => {
    const raw = decodeUtf8(Uint8Array.of(0xff)).codePointAt(0) ?? 0;
    expect(rawByte(raw)).toBe(0xff);
    expect(isAscii("a\x7f")).toBe(true);
    expect(isAscii("é")).toBe(false);
  });
});
