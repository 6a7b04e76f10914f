import { hasProperUnderscores } from "./parse-integer.js";

const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const hexadecimal = /^([+-]?)0[xX](?=\.?[0-9a-fA-F])([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)$/;
const infinity = /^([+-]?)inf(?:inity)?$/i;

/** strconv.ParseFloat with 64 bits; undefined where Go returns an error, for a number out of range too. */
export function parseFloat64(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  const [, sign] = infinity.exec(text) ?? [];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  if (!hasProperUnderscores(text)) return undefined;
  const digits = text.replaceAll("_", "");
  const hex = hexadecimal.exec(digits);
  if (hex === null && !decimal.test(digits)) return undefined;
  const value = hex === null ? Number(digits) : hexValue(hex);
  return Number.isFinite(value) ? value : undefined;
}

function hexValue([, sign, whole = "", fraction = "", power = ""]: RegExpExecArray): number {
  const exponent = Number(power) - 4 * fraction.length;
  const magnitude = scaled(BigInt(`0x${whole}${fraction}`), exponent);
  return sign === "-" ? -magnitude : magnitude;
}

/** mantissa * 2^exponent, rounded once: a halfway case below the smallest normal number needs the exact mantissa. */
function scaled(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(2).length;
  if (bits + exponent > 1100) return Infinity;
  const kept = Math.min(53, bits + exponent + 1074);
  if (kept < 0) return 0;
  const excess = bits - kept;
  const rounded = excess <= 0 ? mantissa : roundHalfEven(mantissa, BigInt(excess));
  const shift = exponent + Math.max(excess, 0);
  return Number(rounded) * 2 ** Math.max(shift, -1000) * 2 ** Math.min(shift + 1000, 0);
}

function roundHalfEven(value: bigint, bits: bigint): bigint {
  const quotient = value >> bits;
  const rest = value - (quotient << bits);
  const half = 1n << (bits - 1n);
  return rest > half || (rest === half && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}
