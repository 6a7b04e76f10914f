import { describe, expect, it } from "vitest";
import { type FloatVerb, formatFloat, parseFloat64 } from "../../src/go/index.js";
import { goText, rowsOf } from "./recorded.js";

const view = new DataView(new ArrayBuffer(8));

function fromBits(cell: unknown): number {
  view.setBigUint64(0, BigInt(`0x${cell}`));
  return view.getFloat64(0);
}

function bitsOf(value: number | undefined): string | null {
  if (value === undefined) return null;
  // Go's own NaN is another than JavaScript's.
  if (Number.isNaN(value)) return "7ff8000000000001";
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

const verbs: readonly FloatVerb[] = ["e", "E", "f", "g", "G", "b", "x", "X"];

function verbOf(cell: unknown): FloatVerb {
  const verb = verbs.find((known) => known === cell);
  if (verb === undefined) throw new Error(`${String(cell)} is not a verb of strconv`);
  return verb;
}

describe("a float", () => {
  it("is written as strconv.FormatFloat does", () => {
    const rows = rowsOf("float", "format", 2000);
    const answers = rows.map(([bits, verb, precision, size]) => [
      bits,
      verb,
      precision,
      size,
      formatFloat(fromBits(bits), verbOf(verb), Number(precision), size === 32 ? 32 : 64),
    ]);
    expect(answers).toEqual(rows);
  });

  it("is read as strconv.ParseFloat does", () => {
    const rows = rowsOf("float", "parse", 400);
    expect(rows.map(([text]) => [text, bitsOf(parseFloat64(goText(text)))])).toEqual(rows);
  });
});
