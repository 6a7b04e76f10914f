import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalQuantity, KubeError, parseQuantity } from "../../src/kube/index.js";
import { growthOf, worstOrder } from "../support/growth.js";

/** Recorded by sending the text through JSON and k8s.io/apimachinery v0.36.1's resource.Quantity. */
const recorded: readonly (readonly [string, string])[] = [
  ["0", "0"],
  ["00", "0"],
  ["0m", "0"],
  ["m", "0"],
  [".", "0"],
  ["1000m", "1"],
  ["2000m", "2"],
  ["1500m", "1500m"],
  ["0.5", "500m"],
  [".5", "500m"],
  ["-0.5", "-500m"],
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  ["1023Ki", "1023Ki"],
  ["0.5Ki", "512"],
  ["0.1Ki", "102400m"],
  ["1.1Ki", "1126400m"],
  ["2000Ki", "2000Ki"],
  ["1000", "1k"],
  ["1500000", "1500k"],
  ["1000k", "1M"],
  ["1e3", "1e3"],
  ["1e1", "10"],
  ["1E5", "100e3"],
  ["1e-1", "100e-3"],
  ["1000e3", "1e6"],
  ["0.0005", "500u"],
  ["1000n", "1u"],
  ["0.1n", "1n"],
  ["-0.1n", "-1n"],
  ["1e-100", "1e-9"],
  ["100E", "100E"],
  ["8Ei", "9223372036854775807"],
  ["-16Ei", "-9223372036854775807"],
  ["9999999999999999999", "9999999999999999999"],
  ["0.9999999999", "1"],
  ["999.9999999999999999999", "1k"],
  ["-1.00000000000000000001", "-1000000001n"],
  ["7.999999999999999999999999999999999999999999999999999999999999999999999999999Ei", "9223372036854775807"],
  ["0.00000000000000000000000000000000000000000000000000000000000000000000000000001Ki", "1n"],
  ["1.0000000000000000000000000000000000000000000000000000000000000000000000000000001Ki", "1024000000001n"],
  ["9223372036854775807.0000000001", "9223372036854775807000000001n"],
  // Beyond E there is no suffix, and Go leaves the power away: a surprise, but what the API server stores.
  ["1000000000000000000000", "1"],
  ["443620623000000000000000P", "443620623"],
  // Exponents are cut to 32 bits.
  ["1e4294967297", "10"],
  // A text that is canonical enough for Go is kept.
  ["+1", "+1"],
  ["0100", "0100"],
  ["1.", "1."],
  ["1.500", "1.500"],
  ["0.500", "500m"],
  ["+1Ki", "+1Ki"],
  ["+8Ki", "8Ki"],
  ["+1Ei", "1Ei"],
  ["1010E3", "1010E3"],
];

describe("canonicalQuantity", () => {
  it.each(recorded)("prints %s as %s", (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each([
    ["", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ["abc", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ["1 ", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ["1.2.3", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ["1\n", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ["1K", "unable to parse quantity's suffix"],
    ["1mm", "unable to parse quantity's suffix"],
    ["1e", "unable to parse quantity's suffix"],
    ["1e99999999999999999999", "unable to parse quantity's suffix"],
    ["1e9223372036854775808", "unable to parse quantity's suffix"],
    ["1e+", "unable to parse quantity's suffix"],
    ["1+1", "unable to parse quantity's suffix"],
    ["e-100", "unable to parse numeric part of quantity"],
    ["Ei", "unable to parse numeric part of quantity"],
  ])("refuses %j in Go's words", (text, message) => {
    expect(() => canonicalQuantity(text)).toThrow(new KubeError("quantity-invalid", message));
  });

  it("does not change a canonical text", () => {
    const suffix = fc.constantFrom("", "m", "k", "M", "Ki", "Gi", "e3", "u");
    fc.assert(
      fc.property(fc.integer(), suffix, (number, end) => {
        const once = canonicalQuantity(`${number}${end}`);
        expect(canonicalQuantity(once)).toBe(once);
      }),
    );
  });

  it("takes very long numbers and very small or large exponents", () => {
    expect(canonicalQuantity(`1${"0".repeat(100_000)}`)).toMatch(/^100e99999$|^1\d*/);
    expect(canonicalQuantity(`0.${"0".repeat(100_000)}1Ki`)).toBe("1n");
    expect(canonicalQuantity("1e-2147483647")).toBe("1e-9");
    expect(canonicalQuantity("1e2147483646")).toBe("1e2147483646");
  });

  it("gives the value and the family", () => {
    expect(parseQuantity("1.5Gi")).toEqual({
      negative: false,
      digits: String(15n << 30n),
      exponent: -1,
      format: "binary",
    });
    expect(parseQuantity("-2k")).toMatchObject({
      negative: true,
      digits: "2",
      exponent: 3,
      format: "decimal",
    });
    expect(parseQuantity("2e3")).toMatchObject({ digits: "2", exponent: 3, format: "exponent" });
  });

  it.each<[string, (size: number) => string]>([
    ["zeros, then x", (size) => `${"0".repeat(size)}x`],
    ["nines, then x", (size) => `${"9".repeat(size)}x`],
    ["nines", (size) => "9".repeat(size)],
    ["1, zeros, 1", (size) => `1${"0".repeat(size)}1`],
    ["a fraction of ones", (size) => `0.${"1".repeat(size)}`],
    ["a fraction of nines", (size) => `0.${"9".repeat(size)}`],
    ["a fraction of ones in Ki", (size) => `0.${"1".repeat(size)}Ki`],
    ["a long exponent", (size) => `1e${"0".repeat(size)}1`],
    ["letters", (size) => `1${"e".repeat(size)}x`],
    ["zeros with a sign in between", (size) => `${"0".repeat(size)}-${"0".repeat(size)}x`],
  ])("takes time in proportion to the length of %s", (_, text) => {
    const prepare = (size: number) => {
      const quantity = text(size);
      return () => {
        try {
          canonicalQuantity(quantity);
        } catch (error) {
          if (!(error instanceof KubeError)) throw error;
        }
      };
    };
    const { order, costs } = growthOf(prepare, { limit: 2 ** 22, enough: 250_000 });
    expect(order, JSON.stringify(costs)).toBeLessThan(worstOrder);
  });
});
