import { trimRight } from "../strings/trim.js";
import { type ClockReading, dayNames, monthNames } from "./clock-reading.js";
import { layoutParts } from "./layout.js";

/** Time.Format. */
export function formatTime(clock: ClockReading, layout: string): string {
  return layoutParts(layout)
    .map(({ literal, element }) => literal + (element === undefined ? "" : formatElement(clock, element)))
    .join("");
}

const elements: Readonly<Record<string, (clock: ClockReading) => string>> = {
  "2006": ({ year }) => padded(year, 4),
  "06": ({ year }) => padded(Math.abs(year) % 100, 2),
  January: ({ month }) => monthNames[month - 1] ?? "",
  Jan: ({ month }) => (monthNames[month - 1] ?? "").slice(0, 3),
  "01": ({ month }) => padded(month, 2),
  "1": ({ month }) => String(month),
  Monday: ({ weekday }) => dayNames[weekday] ?? "",
  Mon: ({ weekday }) => (dayNames[weekday] ?? "").slice(0, 3),
  "02": ({ day }) => padded(day, 2),
  _2: ({ day }) => String(day).padStart(2),
  "2": ({ day }) => String(day),
  "002": ({ yearDay }) => padded(yearDay, 3),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  "15": ({ hour }) => padded(hour, 2),
  "03": ({ hour }) => padded(hour % 12 || 12, 2),
  "3": ({ hour }) => String(hour % 12 || 12),
  "04": ({ minute }) => padded(minute, 2),
  "4": ({ minute }) => String(minute),
  "05": ({ second }) => padded(second, 2),
  "5": ({ second }) => String(second),
  PM: ({ hour }) => (hour >= 12 ? "PM" : "AM"),
  pm: ({ hour }) => (hour >= 12 ? "pm" : "am"),
  MST: ({ offset }) => offset.abbreviation || formatOffset(offset.seconds, "-0700"),
};

function formatElement(clock: ClockReading, element: string): string {
  const format = Object.hasOwn(elements, element) ? elements[element] : undefined;
  if (format !== undefined) return format(clock);
  return /^[.,]/.test(element)
    ? formatFraction(clock.nanosecond, element)
    : formatOffset(clock.offset.seconds, element);
}

/** A minus stands before the padding. */
function padded(value: number, width: number): string {
  return value < 0 ? `-${padded(-value, width)}` : String(value).padStart(width, "0");
}

/** `.000` gives so many digits, `.999` at most so many, without zeros at the end and perhaps none. */
function formatFraction(nanosecond: number, element: string): string {
  const digits = padded(nanosecond, 9).slice(0, element.length - 1);
  if (element[1] === "0") return element.charAt(0) + digits;
  const significant = trimRight(digits, "0");
  return significant && element.charAt(0) + significant;
}

/** `-0700` and its kin; those with Z write Z for no difference. Hours alone, minutes, and seconds if asked for. */
function formatOffset(seconds: number, element: string): string {
  if (element.startsWith("Z") && seconds === 0) return "Z";
  const total = Math.abs(seconds);
  const minutes = Math.floor(total / 60);
  const parts = [Math.floor(minutes / 60), minutes % 60, total % 60].map((part) => padded(part, 2));
  const count = Math.floor(element.replaceAll(":", "").length / 2);
  // Go looks at whole minutes for the sign.
  const sign = seconds < 0 && minutes > 0 ? "-" : "+";
  return sign + parts.slice(0, count).join(element.includes(":") ? ":" : "");
}
