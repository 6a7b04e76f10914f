import type { CalendarDate } from "./calendar.js";
import type { ZoneOffset } from "./time-zone.js";

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
