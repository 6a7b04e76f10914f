import { type CalendarDate, dateOfDay, dayOfDate } from "./calendar.js";
import type { TimeZone, ZoneOffset } from "./zone.js";

/** A moment as a calendar and a clock in its zone show it. */
export interface ClockReading extends CalendarDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 is the first of January. */
  readonly yearDay: number;
  readonly offset: ZoneOffset;
}

export const monthNames =
  "January February March April May June July August September October November December".split(" ");
export const dayNames = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** A moment, and the zone it is shown in. */
export interface Moment {
  /** Since 1970. */
  readonly seconds: bigint;
  /** Of the second, 0 to 999999999. */
  readonly nanosecond: number;
  readonly zone: TimeZone;
}

const secondsPerDay = 86400n;

/** What calendar and clock show at a moment. */
export function readClock({ seconds, nanosecond, zone }: Moment): ClockReading {
  const offset = zone.at(Number(seconds));
  const local = seconds + BigInt(offset.seconds);
  const rest = ((local % secondsPerDay) + secondsPerDay) % secondsPerDay;
  const day = Number((local - rest) / secondsPerDay);
  const clock = Number(rest);
  const date = dateOfDay(day);
  return {
    ...date,
    hour: Math.floor(clock / 3600),
    minute: Math.floor(clock / 60) % 60,
    second: clock % 60,
    nanosecond,
    weekday: (((day + 4) % 7) + 7) % 7,
    yearDay: day - dayOfDate(date.year, 1, 1) + 1,
    offset,
  };
}
