import { GoError } from "../go-error.js";
import { dayOfDate, daysInMonth } from "./calendar.js";
import type { Moment } from "./clock-reading.js";
import { readElement, TimeFields, TimeOutOfRange } from "./elements.js";
import { layoutParts } from "./layout.js";
import { quoteBytes } from "./quote-bytes.js";
import { TimeMismatch, TimeText } from "./text.js";
import { fixedZone, utc } from "./zone.js";

/**
 * time.ParseInLocation with UTC as the location: reads a text by a layout. A text that does not follow it
 * is a GoError `time-invalid` in Go's words.
 */
export function parseTime(layout: string, text: string): Moment {
  return new TimeParser(layout, text).parse();
}

class TimeParser {
  private readonly fields = new TimeFields();
  private readonly input: TimeText;

  constructor(
    private readonly layout: string,
    private readonly text: string,
  ) {
    this.input = new TimeText(text);
  }

  parse(): Moment {
    const parts = layoutParts(this.layout);
    for (const [index, { literal, element }] of parts.entries()) {
      if (!this.input.skip(literal)) throw this.mismatch(this.input.rest, literal);
      if (element !== undefined) this.read(element, parts[index + 1]?.element ?? "");
    }
    if (this.input.rest !== "") throw this.error(`: extra text: ${quoteBytes(this.input.rest)}`);
    return this.inZone(dayOfDate(this.fields.year, ...this.monthAndDay()));
  }

  private read(element: string, next: string): void {
    const before = this.input.rest;
    try {
      readElement(this.input, this.fields, { text: element, next });
    } catch (cause) {
      if (cause instanceof TimeOutOfRange) throw this.error(`: ${cause.message} out of range`);
      if (cause instanceof TimeMismatch) throw this.mismatch(before, element);
      throw cause;
    }
  }

  private monthAndDay(): [number, number] {
    const { year, month = 1, day = 1, yearDay } = this.fields;
    if (yearDay !== undefined) return this.fromYearDay(yearDay);
    if (day < 1 || day > daysInMonth(year, month)) throw this.error(": day out of range");
    return [month, day];
  }

  private fromYearDay(yearDay: number): [number, number] {
    const { year } = this.fields;
    const leap = daysInMonth(year, 2) === 29;
    if (yearDay < 1 || yearDay > (leap ? 366 : 365)) throw this.error(": day-of-year out of range");
    let month = 1;
    let day = yearDay;
    for (; day > daysInMonth(year, month); month++) day -= daysInMonth(year, month);
    if (month !== (this.fields.month ?? month)) throw this.error(": day-of-year does not match month");
    if (day !== (this.fields.day ?? day)) throw this.error(": day-of-year does not match day");
    return [month, day];
  }

  /** The offset counts most, then the name. A name alone shifts nothing: the clock was read as UTC. */
  private inZone(day: number): Moment {
    const { minute, second, nanosecond, isUtc, zoneOffset, zoneName } = this.fields;
    const seconds = BigInt(day * 86400 + this.hourOfDay() * 3600 + minute * 60 + second);
    if (isUtc) return { seconds, nanosecond, zone: utc };
    if (zoneOffset === undefined) {
      const zone = zoneName === "" ? utc : fixedZone(zoneName, offsetOfName(zoneName));
      return { seconds, nanosecond, zone };
    }
    const isLocal = zoneOffset === 0 && zoneName === "";
    const zone = isLocal ? utc : fixedZone(zoneName, zoneOffset);
    return { seconds: seconds - BigInt(zoneOffset), nanosecond, zone };
  }

  private hourOfDay(): number {
    const { hour, afternoon } = this.fields;
    if (afternoon === undefined) return hour;
    if (afternoon) return hour < 12 ? hour + 12 : hour;
    return hour === 12 ? 0 : hour;
  }

  private mismatch(rest: string, element: string): GoError {
    return this.error(
      ` as ${quoteBytes(this.layout)}: cannot parse ${quoteBytes(rest)} as ${quoteBytes(element)}`,
    );
  }

  private error(complaint: string): GoError {
    return new GoError("time-invalid", `parsing time ${quoteBytes(this.text)}${complaint}`);
  }
}

/** `GMT-8` says its difference; any other name stands for none. */
function offsetOfName(name: string): number {
  return name.startsWith("GMT") ? Number(name.slice(3) || "0") * 3600 : 0;
}
