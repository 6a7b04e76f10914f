import type { RotationObservation } from "./observation.js";
import type { RotationPolicy } from "./rotation-policy.js";

/** What a replica remembers of its clocks. */
export interface ClockState {
  /** Wall minus monotonic clock when they were last believed; a machine that sleeps stops the monotonic one only. */
  readonly difference: number | undefined;
  /** Monotonic time up to which the last step promised to come back. */
  readonly wakeAt: number | undefined;
  /** Why and since when nothing that was known is believed; undefined when all is well. Monotonic time. */
  readonly distrust: Distrust | undefined;
  /** Monotonic time of the last jump: what an API server said before counts no more. */
  readonly jumpedAt: number;
}

export interface Distrust {
  readonly code: "stopped" | "clock-jumped";
  readonly since: number;
}

export const initialClock: ClockState = {
  difference: undefined,
  wakeAt: undefined,
  distrust: undefined,
  jumpedAt: Number.NEGATIVE_INFINITY,
};

/** Notices jumps and stops, and forgives them once everything has been read after them. */
export function stepClock(
  state: ClockState,
  observation: RotationObservation,
  policy: RotationPolicy,
): ClockState {
  const { wall, monotonic } = observation;
  const difference = wall - monotonic;
  if (state.difference !== undefined && Math.abs(difference - state.difference) > policy.jumpMs) {
    const distrust = { code: "clock-jumped", since: monotonic } as const;
    return { ...state, difference, distrust, jumpedAt: monotonic };
  }
  if (state.wakeAt !== undefined && monotonic > state.wakeAt + policy.stopMs) {
    return { ...state, distrust: { code: "stopped", since: monotonic } };
  }
  const distrust =
    state.distrust && readSince(observation, state.distrust.since) ? undefined : state.distrust;
  return { ...state, difference: state.difference ?? difference, distrust };
}

function readSince({ secret, webhooks, serverTime }: RotationObservation, since: number): boolean {
  if (secret === undefined || webhooks === undefined) return false;
  const server = serverTime === undefined || serverTime.monotonic >= since;
  return secret.currentAt >= since && webhooks.currentAt >= since && server;
}

/** The time: what the API server told, moved on by the monotonic clock; the wall clock when it told none since the last jump. */
export function timeOf(
  { wall, monotonic, serverTime }: RotationObservation,
  { jumpedAt }: ClockState,
): number {
  return serverTime !== undefined && serverTime.monotonic >= jumpedAt
    ? serverTime.time + (monotonic - serverTime.monotonic)
    : wall;
}
