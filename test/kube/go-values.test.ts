import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatGoDuration, KubeError, parseCidr, parseGoDuration } from "../../src/kube/index.js";

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

describe("parseCidr", () => {
  it.each([
    ["10.96.0.1/24", 4, 0x0a600001n, 24],
    ["0.0.0.0/0", 4, 0n, 0],
    ["::/0", 6, 0n, 0],
    ["fd00::1/64", 6, (0xfd00n << 112n) + 1n, 64],
    ["2001:DB8::/32", 6, 0x20010db8n << 96n, 32],
    ["1:2:3:4:5:6:7:8/128", 6, 0x00010002000300040005000600070008n, 128],
    ["::ffff:1.2.3.4/96", 6, 0xffff01020304n, 96],
  ])("reads %s", (text, family, address, bits) => {
    expect(parseCidr(text)).toEqual({ family, address, bits });
  });

  it.each([
    ["bad", "no '/'"],
    ["", "no '/'"],
    ["1.2.3.4/33", "prefix length out of range"],
    ["::/129", "prefix length out of range"],
    ["1.2.3.4/08", 'bad bits after slash: "08"'],
    ["1.2.3.4/+8", 'bad bits after slash: "+8"'],
    ["1.2.3.4/", 'bad bits after slash: ""'],
    ["a/8", 'ParseAddr("a"): unable to parse IP'],
    [" 1.2.3.4/8", 'ParseAddr(" 1.2.3.4"): unexpected character (at " 1.2.3.4")'],
    ["1.2.3/8", 'ParseAddr("1.2.3"): IPv4 address too short'],
    ["1.2.3.4.5/8", 'ParseAddr("1.2.3.4.5"): IPv4 address too long'],
    ["1.2.3.256/8", 'ParseAddr("1.2.3.256"): IPv4 field has value >255'],
    ["1.2.3.04/8", 'ParseAddr("1.2.3.04"): IPv4 field has octet with leading zero'],
    ["1..2.3/8", 'ParseAddr("1..2.3"): IPv4 field must have at least one digit (at ".2.3")'],
    ["fe80::1%eth0/64", "IPv6 zones cannot be present in a prefix"],
    ["1::2::3/64", 'ParseAddr("1::2::3"): multiple :: in address (at ":3")'],
    ["1:2/64", 'ParseAddr("1:2"): address string too short'],
    ["12345::/64", 'ParseAddr("12345::"): each group must have 4 or less digits (at "12345::")'],
  ])("refuses %j in Go's words", (text, why) => {
    expect(() => parseCidr(text)).toThrow(
      new KubeError("cidr-invalid", `netip.ParsePrefix(${JSON.stringify(text)}): ${why}`),
    );
  });
});
