import { describe, expect, it } from "vitest";
import { GoError, parseGoBool, parseInteger, parseUint, parseUnsigned } from "../../src/go/index.js";
import { goText, rowsOf } from "./recorded.js";

type Bits = Parameters<typeof parseUnsigned>[2];
type Base = Parameters<typeof parseUnsigned>[1];

function baseOf(cell: unknown): Base {
  return cell === 0 ? 0 : cell === 8 ? 8 : 10;
}

function bitsOf(cell: unknown): Bits {
  return cell === 8 ? 8 : cell === 16 ? 16 : cell === 32 ? 32 : 64;
}

describe("an integer", () => {
  it("is read as strconv.ParseInt does, with the value that Go gives beside an error", () => {
    const rows = rowsOf("integer", "int", 200);
    const answers = rows.map(([text, base]) => {
      const { nearest, fault = null } = parseInteger(goText(text), baseOf(base));
      return [text, base, String(nearest), fault];
    });
    expect(answers).toEqual(rows);
  });

  it("without a sign is read as strconv.ParseUint does", () => {
    const rows = rowsOf("integer", "uint", 600);
    const answers = rows.map(([text, base, bits]) => {
      const { nearest, fault = null } = parseUnsigned(goText(text), baseOf(base), bitsOf(bits));
      return [text, base, bits, String(nearest), fault];
    });
    expect(answers).toEqual(rows);
  });

  it("that cannot be read is refused in Go's words", () => {
    for (const [text, words] of rowsOf("integer", "words", 60))
      expect(() => parseUint(goText(text), 16)).toThrow(new GoError("integer-invalid", String(words)));
    expect(parseUint("0007", 16)).toBe(7n);
  });

  it("has no value where it has a fault, however long it is", () => {
    expect(parseInteger("9".repeat(1_000_000), 10)).toEqual({
      nearest: 2n ** 63n - 1n,
      fault: "value out of range",
    });
    expect(parseInteger(`${"0".repeat(1_000_000)}7`, 10).value).toBe(7n);
    expect(parseInteger("x", 10).value).toBeUndefined();
  });
});

describe("a bool", () => {
  it("is read as strconv.ParseBool does", () => {
    const rows = rowsOf("integer", "bool", 80);
    expect(rows.map(([text]) => [text, parseGoBool(goText(text)) ?? null])).toEqual(rows);
  });
});
