import type { Invocation } from "./invocation.js";

/** A whole number from 0 up to, not including, the limit. */
export function randomBelow(call: Invocation, limit: number): number {
  return Math.min(Math.floor(call.context.random() * limit), limit - 1);
}

/** Bytes from the context's randomness. */
export function randomBytes(call: Invocation, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => randomBelow(call, 256)));
}
