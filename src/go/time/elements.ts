import { dayNames, monthNames } from "./clock-reading.js";
import { TimeMismatch, type TimeText } from "./text.js";

/** What the elements of a layout have found in a text. */
export class TimeFields {
  year = 0;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour = 0;
  minute = 0;
  second = 0;
  nanosecond = 0;
  afternoon: boolean | undefined;
  isUtc = false;
  zoneOffset: number | undefined;
  zoneName = "";
}

/** A number is beyond what its element allows. The message names the element. */
export class TimeOutOfRange extends Error {}

/** One element of a layout and the one behind it. */
export interface TimeElement {
  readonly text: string;
  readonly next: string;
}

/** Reads one element; throws a TimeMismatch or a TimeOutOfRange. */
export function readElement(text: TimeText, fields: TimeFields, element: TimeElement): void {
  const reader = Object.hasOwn(readers, element.text) ? readers[element.text] : undefined;
  if (reader !== undefined) reader(text, fields, element);
  else if (/^[.,]/.test(element.text)) readFraction(text, fields, element);
  else readOffset(text, fields, element);
}

type ElementReader = (text: TimeText, fields: TimeFields, element: TimeElement) => void;

const shortMonths = monthNames.map((name) => name.slice(0, 3));
const shortDays = dayNames.map((name) => name.slice(0, 3));

const readers: Readonly<Record<string, ElementReader>> = {
  "2006": (text, fields) => {
    fields.year = integer(text.take(/^\d.{3}/s));
  },
  "06": (text, fields) => {
    const year = integer(text.take(/^../s));
    fields.year = year + (year >= 69 ? 1900 : 2000);
  },
  January: (text, fields) => {
    fields.month = text.takeName(monthNames) + 1;
  },
  Jan: (text, fields) => {
    fields.month = text.takeName(shortMonths) + 1;
  },
  "01": readMonth,
  "1": readMonth,
  Monday: (text) => void text.takeName(dayNames),
  Mon: (text) => void text.takeName(shortDays),
  "02": readDay,
  _2: readDay,
  "2": readDay,
  "002": (text, fields) => {
    fields.yearDay = Number(text.take(/^\d{3}/));
  },
  __2: (text, fields) => {
    fields.yearDay = Number(text.take(/^ {0,2}\d{1,3}/));
  },
  "15": (text, fields, element) => {
    fields.hour = inRange(takeNumber(text, element), 0, 23, "hour");
  },
  "03": readHour12,
  "3": readHour12,
  "04": readMinute,
  "4": readMinute,
  "05": readSecond,
  "5": readSecond,
  PM: (text, fields) => {
    fields.afternoon = text.take(/^[AP]M/) === "PM";
  },
  pm: (text, fields) => {
    fields.afternoon = text.take(/^[ap]m/) === "pm";
  },
  MST: (text, fields) => {
    if (text.peek(/^UTC/) === undefined) {
      fields.zoneName = text.take(zoneNamePattern);
    } else {
      text.take(/^UTC/);
      fields.isUtc = true;
    }
  },
};

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new TimeMismatch();
  return Number(text);
}

function inRange(value: number, least: number, most: number, what: string): number {
  if (value < least || value > most) throw new TimeOutOfRange(what);
  return value;
}

/** One or two digits for `1` and its kin and for `15`, two for `01` and its kin. */
function takeNumber(text: TimeText, element: TimeElement): number {
  const fixed = element.text.startsWith("0");
  return Number(text.take(fixed ? /^\d\d/ : /^\d\d?/));
}

function readMonth(text: TimeText, fields: TimeFields, element: TimeElement): void {
  fields.month = inRange(takeNumber(text, element), 1, 12, "month");
}

function readDay(text: TimeText, fields: TimeFields, element: TimeElement): void {
  if (element.text === "_2") text.take(/^ ?/);
  fields.day = takeNumber(text, element);
}

function readHour12(text: TimeText, fields: TimeFields, element: TimeElement): void {
  fields.hour = inRange(takeNumber(text, element), 0, 12, "hour");
}

function readMinute(text: TimeText, fields: TimeFields, element: TimeElement): void {
  fields.minute = inRange(takeNumber(text, element), 0, 59, "minute");
}

/** A fraction may follow the seconds even if the layout has none. */
function readSecond(text: TimeText, fields: TimeFields, element: TimeElement): void {
  fields.second = inRange(takeNumber(text, element), 0, 59, "second");
  if (!/^[.,]/.test(element.next) && text.peek(/^[.,]\d/) !== undefined) {
    takeFraction(text, fields, /^[.,]\d+/);
  }
}

/** As many places as `.000` has; for `.999` any number of them or none. */
function readFraction(text: TimeText, fields: TimeFields, element: TimeElement): void {
  const places = element.text.length - 1;
  if (element.text[1] === "0") takePlaces(text, fields, places);
  else if (text.peek(/^[.,]\d/) !== undefined) takeFraction(text, fields, /^[.,]\d+/);
}

/** Go reads nine places as a number, which may have a sign, and passes over more without a look. */
function takePlaces(text: TimeText, fields: TimeFields, places: number): void {
  const digits = Math.min(places, 9);
  const read = text.takeLength(1 + places).slice(0, 1 + digits);
  if (!/^[.,][+-]?\d*$/.test(read)) throw new TimeMismatch();
  // A sign alone is nothing, and so is -0.
  const number = Number(read.slice(1)) || 0;
  fields.nanosecond = inRange(number * 10 ** (9 - digits), 0, 1e9, "fractional second");
}

function takeFraction(text: TimeText, fields: TimeFields, pattern: RegExp): void {
  fields.nanosecond = Number(text.take(pattern).slice(1, 10).padEnd(9, "0"));
}

const offsetPatterns: Readonly<Record<string, RegExp>> = {
  "07": /^[+-]\d\d/,
  "0700": /^[+-]\d{4}/,
  "07:00": /^[+-]\d\d:\d\d/,
  "070000": /^[+-]\d{6}/,
  "07:00:00": /^[+-]\d\d:\d\d:\d\d/,
};

function readOffset(text: TimeText, fields: TimeFields, element: TimeElement): void {
  if (element.text.startsWith("Z") && text.peek(/^Z/) !== undefined) {
    text.take(/^Z/);
    fields.isUtc = true;
    return;
  }
  const offset = text.take(offsetPatterns[element.text.slice(1)] ?? /^[+-]\d{4}/);
  const [hours = 0, minutes = 0, seconds = 0] = (offset.match(/\d\d/g) ?? []).map(Number);
  inRange(hours, 0, 24, "time zone offset hour");
  inRange(minutes, 0, 60, "time zone offset minute");
  inRange(seconds, 0, 60, "time zone offset second");
  fields.zoneOffset = (offset.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

/** Zone names as Go guesses them: three letters, four or five that end in T, and a few of their own. */
const zoneNamePattern =
  /^(?=.{3})(?:ChST|MeST|GMT(?:[+-](?:2[0-3]|1\d|\d)(?!\d))?|[+-](?:2[0-3]|[01]?\d)(?!\d)|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z]))/s;
