import { formatTime, GoError, type Moment, parseTime, readClock, utc } from "../go/index.js";

const rfc3339 = "2006-01-02T15:04:05Z07:00";

/** The form of the times in a review. Any such text is a time, and canonical: a month has 28 days at least. */
const usualTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** A time as Kubernetes prints it: RFC 3339 in UTC, whole seconds. Undefined when the text is no such time. */
export function canonicalTime(text: string): string | undefined {
  if (usualTime.test(text)) return text;
  const moment = readTime(text);
  return moment instanceof GoError ? undefined : formatTime(readClock({ ...moment, zone: utc }), rfc3339);
}

/** What Go says of a text that is no time; undefined for one that is. */
export function timeFault(text: string): string | undefined {
  if (usualTime.test(text)) return undefined;
  const moment = readTime(text);
  return moment instanceof GoError ? moment.message : undefined;
}

function readTime(text: string): Moment | GoError {
  try {
    return parseTime(rfc3339, text);
  } catch (error) {
    if (error instanceof GoError) return error;
    throw error;
  }
}
