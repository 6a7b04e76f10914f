import type { Chance, PureContext } from "../gotemplate/index.js";
import type { Invocation } from "./invocation.js";

/** A call of a function that draws numbers. */
export type DrawingCall = Invocation<PureContext & Chance>;

/** A whole number from 0 up to, not including, the limit. */
export function randomBelow(call: DrawingCall, limit: number): number {
  return Math.min(Math.floor(call.context.random() * limit), limit - 1);
}

/** Bytes from the context's randomness. */
export function randomBytes(call: DrawingCall, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => randomBelow(call, 256)));
}
