import { formatGoDuration } from "../go/index.js";
import { GoFunction, GoScalar } from "../gotemplate/index.js";

export const nanosecondsPerSecond = 1_000_000_000n;
const longest = 2n ** 63n - 1n;

/** A time.Duration: nanoseconds. */
export class GoDuration extends GoScalar {
  constructor(readonly nanoseconds: bigint) {
    super("int64", "time.Duration", nanoseconds);
  }

  override toText(): string {
    return formatGoDuration(this.nanoseconds);
  }

  override method(name: string): GoFunction | undefined {
    const { nanoseconds } = this;
    const nano = Number(nanoseconds);
    const readers: Readonly<Record<string, () => string | number | GoScalar>> = {
      String: () => this.toText(),
      Hours: () => nano / 3.6e12,
      Minutes: () => nano / 6e10,
      Seconds: () => nano / 1e9,
      Milliseconds: () => new GoScalar("int64", "int64", nanoseconds / 1_000_000n),
      Microseconds: () => new GoScalar("int64", "int64", nanoseconds / 1000n),
      Nanoseconds: () => new GoScalar("int64", "int64", nanoseconds),
    };
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    return read && new GoFunction(name, "pure", [], false, read);
  }
}

/** Brings a number of nanoseconds into the range of a Duration, as Time.Sub does. */
export function saturated(nanoseconds: bigint): bigint {
  if (nanoseconds > longest) return longest;
  return nanoseconds < -longest - 1n ? -longest - 1n : nanoseconds;
}

/** Rounds to whole seconds, half away from zero; what would leave the range stays at its end. */
export function roundToSeconds(nanoseconds: bigint): bigint {
  const rest = nanoseconds % nanosecondsPerSecond;
  const step = 2n * (rest < 0n ? -rest : rest) >= nanosecondsPerSecond ? (rest < 0n ? -1n : 1n) : 0n;
  return saturated(nanoseconds - rest + step * nanosecondsPerSecond);
}
