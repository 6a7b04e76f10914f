import { GoError, parseGoDuration } from "../go/index.js";

/**
 * How long the sender of a request waits, in milliseconds, from the query `timeout` (a Go duration, such as `10s`)
 * that the API server puts on the URL. Undefined when it says nothing, nothing sensible or nothing positive.
 */
export function requestTimeout(timeout: string | null): number | undefined {
  // A duration of a sane length: what is longer is no question of a client in good faith.
  if (timeout === null || timeout.length > 32) return undefined;
  try {
    const milliseconds = Number(parseGoDuration(timeout) / 1_000_000n);
    return milliseconds > 0 ? milliseconds : undefined;
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}

/**
 * The part of a sender's patience that may be used. An answer that comes when the API server has just hung up is as
 * bad as none, so a twentieth is kept for the way back, though never more than half a second.
 */
export function usableTimeout(milliseconds: number): number {
  return milliseconds - Math.min(milliseconds / 20, 500);
}
