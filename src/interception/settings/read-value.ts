import { GoError, parseGoDuration, parseUnsigned } from "../../go/index.js";

/** Reads a port as Go reads a uint16 flag: decimal, or with a prefix 0x, 0o, 0b or 0; undefined if it is none. */
export function readPort(text: string): number | undefined {
  const { value } = parseUnsigned(text, 0, 16);
  return value === undefined ? undefined : Number(value);
}

/** Reads a duration as Go's `time.ParseDuration` does, in milliseconds; undefined if it is none. */
export function readDuration(text: string): number | undefined {
  try {
    return Number(parseGoDuration(text)) / 1e6;
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}
