import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatGoDuration,
  formatTime,
  GoError,
  loadZone,
  parseGoDuration,
  parseTime,
  readClock,
  utc,
} from "../../src/go/index.js";
import { goText, rowsOf } from "./recorded.js";

/** A value and no error, or no value and Go's words. */
function answered(read: () => unknown): [unknown, string | null] {
  try {
    return [read(), null];
  } catch (error) {
    if (error instanceof GoError) return [null, error.message];
    throw error;
  }
}

describe("a duration", () => {
  it("is read and refused as time.ParseDuration does", () => {
    const rows = rowsOf("time", "duration", 300);
    const answers = rows.map(([text]) => [text, ...answered(() => String(parseGoDuration(goText(text))))]);
    expect(answers).toEqual(rows);
  });

  it("is printed as Duration.String does", () => {
    const rows = rowsOf("time", "text", 100);
    expect(rows.map(([span]) => [span, formatGoDuration(BigInt(String(span)))])).toEqual(rows);
  });

  it("is what it was when it is printed and read", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (nanoseconds) => {
        expect(parseGoDuration(formatGoDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });

  it("of any length is read or refused in one go", () => {
    expect(parseGoDuration(`0.${"3".repeat(1_000_000)}h`)).toBe(1_200_000_000_000n);
    expect(() => parseGoDuration("9".repeat(1_000_000))).toThrow(GoError);
  });
});

describe("a time", () => {
  it("is printed by a layout as Time.Format does", () => {
    const rows = rowsOf("time", "format", 400);
    const answers = rows.map(([layout, seconds, nanosecond, name]) => {
      const zone = loadZone(String(name)) ?? utc;
      const moment = { seconds: BigInt(String(seconds)), nanosecond: Number(nanosecond), zone };
      return [layout, seconds, nanosecond, name, formatTime(readClock(moment), String(layout))];
    });
    expect(answers).toEqual(rows);
  });

  it("is read and refused by a layout as time.Parse does", () => {
    const rows = rowsOf("time", "parse", 1000);
    const answers = rows.map(([layout, text]) => [
      layout,
      text,
      ...answered(() => {
        const { seconds, nanosecond, zone } = parseTime(goText(layout), goText(text));
        const offset = zone.at(Number(seconds));
        return [Number(seconds), nanosecond, offset.seconds, offset.abbreviation];
      }),
    ]);
    expect(answers).toEqual(rows);
  });
});
