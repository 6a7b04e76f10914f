import { GoFunction, GoScalar } from "../gotemplate/index.js";
import { SprigError } from "./sprig-error.js";

export const nanosecondsPerSecond = 1_000_000_000n;
const minute = 60n * nanosecondsPerSecond;
const hour = 60n * minute;
const longest = 2n ** 63n - 1n;

/** A time.Duration: nanoseconds. */
export class GoDuration extends GoScalar {
  constructor(readonly nanoseconds: bigint) {
    super("int64", "time.Duration", nanoseconds);
  }

  override toText(): string {
    return formatDuration(this.nanoseconds);
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
    return read && new GoFunction(name, [], false, read);
  }
}

/** Brings a number of nanoseconds into the range of a Duration, as Time.Sub does. */
export function saturated(nanoseconds: bigint): bigint {
  if (nanoseconds > longest) return longest;
  return nanoseconds < -longest - 1n ? -longest - 1n : nanoseconds;
}

/** Duration.String: `1h2m3.5s`, or one unit below a second. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const total = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (total < 1000n) return `${sign}${total}ns`;
  if (total < 1_000_000n) return `${sign}${decimal(total, 3)}µs`;
  if (total < nanosecondsPerSecond) return `${sign}${decimal(total, 6)}ms`;
  const hours = total >= hour ? `${total / hour}h` : "";
  const minutes = total >= minute ? `${(total % hour) / minute}m` : "";
  return `${sign}${hours}${minutes}${decimal(total % minute, 9)}s`;
}

/** A number with the point so many digits from the end, without zeros behind it. */
function decimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return digits.slice(0, -places) + (fraction && `.${fraction}`);
}

/** Rounds to whole seconds, half away from zero; what would leave the range stays at its end. */
export function roundToSeconds(nanoseconds: bigint): bigint {
  const rest = nanoseconds % nanosecondsPerSecond;
  const step = 2n * (rest < 0n ? -rest : rest) >= nanosecondsPerSecond ? (rest < 0n ? -1n : 1n) : 0n;
  return saturated(nanoseconds - rest + step * nanosecondsPerSecond);
}

const units: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1000n],
  ["µs", 1000n],
  ["μs", 1000n],
  ["ms", 1_000_000n],
  ["s", nanosecondsPerSecond],
  ["m", minute],
  ["h", hour],
]);

/** time.ParseDuration: `1h15m30.5s`, in nanoseconds. */
export function parseDuration(text: string): bigint {
  const invalid = (reason: string): SprigError =>
    new SprigError("syntax", `time: ${reason}duration ${JSON.stringify(text)}`);
  const [, sign = "", rest = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === "0") return 0n;
  const term = /([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/y;
  let total = 0n;
  do {
    const [, whole = "", fraction = "", unitName = ""] = term.exec(rest) ?? [];
    if (whole + fraction === "") throw invalid("invalid ");
    if (unitName === "") throw invalid("missing unit in ");
    const unit = units.get(unitName);
    if (unit === undefined) throw invalid(`unknown unit ${JSON.stringify(unitName)} in `);
    // Nineteen digits exceed any Duration.
    const digits = whole.replace(/^0+/, "");
    total += digits.length > 19 ? longest + 2n : BigInt(digits || "0") * unit + fractionOf(fraction, unit);
    if (total > longest + 1n) throw invalid("invalid ");
  } while (term.lastIndex < rest.length);
  if (sign === "-") return -total;
  if (total > longest) throw invalid("invalid ");
  return total;
}

/** In floating point, as Go computes it, from the digits that fit an int64. */
function fractionOf(digits: string, unit: bigint): bigint {
  const used = digits.slice(0, 18);
  return BigInt(Math.trunc(Number(used || "0") * (Number(unit) / 10 ** used.length)));
}
