import { formatGoDuration, parseGoDuration } from "../go/index.js";
import { durationNanoseconds, Message } from "./message.js";
import { durationSchema } from "./schemas.js";

const nanosecondsPerSecond = 1_000_000_000n;

/** A google.protobuf.Duration of so many nanoseconds. */
export function durationMessage(nanoseconds: bigint): Message {
  return Message.of(durationSchema, {
    seconds: nanoseconds / nanosecondsPerSecond,
    nanos: Number(nanoseconds % nanosecondsPerSecond),
  });
}

/** Reads Go's duration text (`1m30s`); throws an Error with Go's words for any other. */
export function parseDuration(text: string): Message {
  return durationMessage(parseGoDuration(text));
}

/** protobuf's JSON text of a duration: seconds with 0, 3, 6 or 9 decimals and an `s`. */
export function durationText(duration: Message): string {
  const nanoseconds = durationNanoseconds(duration);
  const absolute = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction = String(absolute % nanosecondsPerSecond)
    .padStart(9, "0")
    .replace(/(000){1,3}$/, "");
  const sign = nanoseconds < 0n ? "-" : "";
  return `${sign}${absolute / nanosecondsPerSecond}${fraction === "" ? "" : `.${fraction}`}s`;
}

/** The template function formatDuration: Go's text of a duration (`23s`, `1m30s`); `0s` for nil. */
export function formatDuration(duration: Message | undefined): string {
  return formatGoDuration(duration === undefined ? 0n : durationNanoseconds(duration));
}
