import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatGoDuration, KubeError, parseGoDuration } from "../../src/kube/index.js";

describe("Go's durations", () => {
  it.each([
    ["0", 0n, "0s"],
    ["1h30m", 5_400_000_000_000n, "1h30m0s"],
    ["90s", 90_000_000_000n, "1m30s"],
    ["-1.5s", -1_500_000_000n, "-1.5s"],
    ["1.5h", 5_400_000_000_000n, "1h30m0s"],
    [".5ms", 500_000n, "500µs"],
    ["5.us", 5_000n, "5µs"],
    ["1µs", 1_000n, "1µs"],
    ["1\u03bcs", 1_000n, "1µs"],
    ["999ns", 999n, "999ns"],
    ["100h0.1s", 360_000_100_000_000n, "100h0m0.1s"],
    ["0.000000001h", 3_600n, "3.6µs"],
    ["9223372036854775807ns", 9223372036854775807n, "2562047h47m16.854775807s"],
    ["-9223372036854775808ns", -9223372036854775808n, "-2562047h47m16.854775808s"],
  ])("reads %s and prints it", (text, nanoseconds, printed) => {
    expect(parseGoDuration(text)).toBe(nanoseconds);
    expect(formatGoDuration(nanoseconds)).toBe(printed);
  });

  it.each([
    ["", 'time: invalid duration ""'],
    ["-", 'time: invalid duration "-"'],
    [".s", 'time: invalid duration ".s"'],
    ["s", 'time: invalid duration "s"'],
    ["1", 'time: missing unit in duration "1"'],
    ["1s2", 'time: missing unit in duration "1s2"'],
    ["1d", 'time: unknown unit "d" in duration "1d"'],
    ["1 s", 'time: unknown unit " s" in duration "1 s"'],
    ["2562048h", 'time: invalid duration "2562048h"'],
    ["9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'],
    ["123456789012345678901s", 'time: invalid duration "123456789012345678901s"'],
    ["1µ\u0001", 'time: unknown unit "\\xc2\\xb5\\x01" in duration "1\\xc2\\xb5\\x01"'],
  ])("refuses %j in Go's words", (text, message) => {
    expect(() => parseGoDuration(text)).toThrow(new KubeError("duration-invalid", message));
  });

  it("reads what it prints", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (nanoseconds) => {
        expect(parseGoDuration(formatGoDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});
