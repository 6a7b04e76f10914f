const millisecond = 1_000_000n;

/** What is wrong with a duration in nanoseconds that must be whole milliseconds and at least one. */
export function durationFault(nanoseconds: bigint | undefined): string | undefined {
  if (nanoseconds === undefined) return "duration can not be nil";
  if (nanoseconds < millisecond) return "duration must be greater than 1ms";
  return nanoseconds % millisecond === 0n ? undefined : "only durations to ms precision are supported";
}
