import {
  formatGoDuration,
  GoError,
  loadZone,
  parseGoDuration,
  parseInteger,
  parseTime,
  utc,
} from "../go/index.js";
import { type Clock, type GoFunction, GoScalar, type PureContext, type Value } from "../gotemplate/index.js";
import { nanosecondsPerSecond, roundToSeconds, saturated } from "./go-duration.js";
import { GoTime } from "./go-time.js";
import { define, defineAll, type Invocation } from "./invocation.js";
import { SprigError } from "./sprig-error.js";

/**
 * The `date` family. The clock is the context's, and the local zone is UTC. A time is a time.Time or seconds
 * since 1970 as an int, int32 or int64; anything else, a float64 too, is the present.
 */
export const dateFunctions: readonly GoFunction[] = [
  define("now", "reads clock", [], (call) => now(call)),
  define("date", "may read clock", ["string", "any"], (call) =>
    format(call, call.text(0), call.any(1), "Local"),
  ),
  ...defineAll(["dateInZone", "date_in_zone"], "may read clock", ["string", "any", "string"], (call) => {
    return format(call, call.text(0), call.any(1), call.text(2));
  }),
  define("htmlDate", "may read clock", ["any"], (call) => format(call, "2006-01-02", call.any(0), "Local")),
  define("htmlDateInZone", "may read clock", ["any", "string"], (call) =>
    format(call, "2006-01-02", call.any(0), call.text(1)),
  ),
  ...defineAll(["dateModify", "date_modify"], "pure", ["string", "time.Time"], (call) => {
    const time = timeArgument(call, 1);
    return orElse(time, () => time.add(parseGoDuration(call.text(0))));
  }),
  ...defineAll(["mustDateModify", "must_date_modify"], "pure", ["string", "time.Time"], (call) => {
    const time = timeArgument(call, 1);
    return must(() => time.add(parseGoDuration(call.text(0))));
  }),
  define("toDate", "pure", ["string", "string"], (call) => orElse(GoTime.zero(), () => readTime(call))),
  define("mustToDate", "pure", ["string", "string"], (call) => must(() => readTime(call))),
  define("unixEpoch", "pure", ["time.Time"], (call) => String(timeArgument(call, 0).seconds)),
  define("ago", "reads clock", ["any"], (call) => formatGoDuration(roundToSeconds(since(call, call.any(0))))),
  define("duration", "pure", ["any"], (call) => formatGoDuration(seconds(call.any(0)))),
  define("durationRound", "may read clock", ["any"], (call) => roundedDuration(call)),
];

/** A call of a function that may ask for the time. */
type TimedCall = Invocation<PureContext & Clock>;

function now(call: TimedCall): GoTime {
  return GoTime.ofMilliseconds(call.context.now());
}

function timeArgument(call: Invocation, index: number): GoTime {
  const value = call.any(index);
  if (value instanceof GoTime) return value;
  throw new SprigError("argument", `argument ${index + 1} must be a time.Time`);
}

/** What Go returns beside an error that a function drops. */
function orElse<T>(fallback: T, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof GoError) return fallback;
    throw error;
  }
}

/** A text that Go does not read ends the template. */
function must<T>(body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (cause instanceof GoError) throw new SprigError("syntax", cause.message, { cause });
    throw cause;
  }
}

function readTime(call: Invocation): GoTime {
  const { seconds, nanosecond, zone } = parseTime(call.text(0), call.text(1));
  return new GoTime(seconds, nanosecond, zone);
}

function timeOf(value: Value): GoTime | undefined {
  if (value instanceof GoTime) return value;
  if (typeof value === "bigint") return new GoTime(value, 0, utc);
  const isSeconds = value instanceof GoScalar && (value.type === "int64" || value.type === "int32");
  return isSeconds && typeof value.value === "bigint" ? new GoTime(value.value, 0, utc) : undefined;
}

/** An unknown zone is UTC. */
function format(call: TimedCall, layout: string, value: Value, zone: string): string {
  return (timeOf(value) ?? now(call)).in(loadZone(zone) ?? utc).format(layout);
}

/** How long ago a time is, in nanoseconds; int32 is no time here, unlike in `date`. */
function since(call: TimedCall, value: Value): bigint {
  const isInt32 = value instanceof GoScalar && value.type === "int32";
  const time = (isInt32 ? undefined : timeOf(value)) ?? now(call);
  return saturated(now(call).nanoseconds - time.nanoseconds);
}

/** A text of digits or an int64; any other number counts as 0. Overflow wraps. */
function seconds(value: Value): bigint {
  const count = typeof value === "string" ? parseInteger(value, 10).nearest : int64Of(value);
  return BigInt.asIntN(64, count * nanosecondsPerSecond);
}

function int64Of(value: Value): bigint {
  return value instanceof GoScalar && value.type === "int64" && typeof value.value === "bigint"
    ? value.value
    : 0n;
}

const second = nanosecondsPerSecond;
const day = 86400n * second;
const units: readonly (readonly [bigint, string])[] = [
  [365n * day, "y"],
  [30n * day, "mo"],
  [day, "d"],
  [3600n * second, "h"],
  [60n * second, "m"],
  [second, "s"],
];

/** In the largest unit that is exceeded: `24h` is not yet a day. The sign goes. */
function roundedDuration(call: TimedCall): string {
  const nanoseconds = durationOf(call, call.any(0));
  const total = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [unit, name] of units) if (total > unit) return `${total / unit}${name}`;
  return "0s";
}

function durationOf(call: TimedCall, value: Value): bigint {
  if (value instanceof GoTime) return since(call, value);
  return typeof value === "string" ? orElse(0n, () => parseGoDuration(value)) : int64Of(value);
}
