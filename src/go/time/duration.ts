import { GoError } from "../go-error.js";
import { trimRight } from "../strings/trim.js";
import { quoteBytes } from "./quote-bytes.js";

/** Nanoseconds of each unit; both Unicode letters for micro count. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const limit = 1n << 63n;
const part = /^(\d*)(?:\.(\d*))?([^.0-9]*)/;

function invalid(text: string, why = "invalid duration "): GoError {
  return new GoError("duration-invalid", `time: ${why}${quoteBytes(text)}`);
}

/**
 * Reads a duration as Go's time.ParseDuration (`1h30m`, `-1.5s`, `0`): text in, nanoseconds out.
 * Throws GoError `duration-invalid` in Go's words.
 */
export function parseGoDuration(text: string): bigint {
  const signed = /^[-+]/.test(text);
  const negative = text.startsWith("-");
  let rest = signed ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") throw invalid(text);
  let total = 0n;
  while (rest !== "") {
    const [all = "", digits = "", fraction = "", unit = ""] = part.exec(rest) ?? [];
    const whole = readDigits(digits);
    if (whole === undefined || (digits === "" && fraction === "")) throw invalid(text);
    if (unit === "") throw invalid(text, "missing unit in duration ");
    total += amount(text, whole, fraction, unit);
    if (total > limit) throw invalid(text);
    rest = rest.slice(all.length);
  }
  if (!negative && total >= limit) throw invalid(text);
  return negative ? -total : total;
}

function amount(text: string, whole: bigint, fraction: string, unit: string): bigint {
  if (!Object.hasOwn(units, unit)) throw invalid(text, `unknown unit ${quoteBytes(unit)} in duration `);
  const nanoseconds = units[unit] ?? 0n;
  const value = whole * nanoseconds;
  if (value > limit) throw invalid(text);
  return value + fractionOf(fraction, nanoseconds);
}

/** Digits beyond what an int64 can hold are refused before BigInt sees them, leading zeros apart. */
function readDigits(digits: string): bigint | undefined {
  const significant = digits.replace(/^0+/, "");
  if (significant.length > 19) return undefined;
  const value = BigInt(significant || "0");
  return value > limit ? undefined : value;
}

/** Go reads the fraction with double precision: as many digits as an int64 holds, then scaled. */
function fractionOf(fraction: string, nanoseconds: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of fraction) {
    const next = value * 10n + BigInt(digit);
    if (value > (limit - 1n) / 10n || next > limit) break;
    value = next;
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(nanoseconds) / scale)));
}

/** Prints nanoseconds as Go's Duration.String: `1h0m0s`, `1.5s`, `250ms`, `0s`. */
export function formatGoDuration(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${formatGoDuration(-nanoseconds)}`;
  if (nanoseconds === 0n) return "0s";
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}\u00b5s`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 6)}ms`;
  const minute = 60_000_000_000n;
  const minutes = nanoseconds / minute;
  const seconds = `${decimal(nanoseconds % minute, 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** A number with so many decimals, without zeros at its end. */
function decimal(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, "0");
  const fraction = trimRight(digits.slice(-decimals), "0");
  return `${digits.slice(0, -decimals)}${fraction === "" ? "" : `.${fraction}`}`;
}
