import { trimRight } from "../strings/trim.js";

/** A decimal number 0.d1d2d3… × 10^point. No leading or trailing zeros in `digits`; none at all for zero. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

export type FloatVerb = "e" | "E" | "f" | "g" | "G" | "b" | "x" | "X";
export type FloatBits = 32 | 64;

/**
 * A float as text, as strconv.FormatFloat writes it.
 * `precision` counts digits after the point (e, f), significant digits (g) or hexadecimal digits (x);
 * -1 is the smallest number that reads back as the same value.
 */
export function formatFloat(value: number, verb: FloatVerb, precision: number, bits: FloatBits): string {
  const isShortest = verb === "g" && precision < 0 && bits === 64;
  if (isShortest && isPlain(Math.abs(value))) return String(value);
  if (Number.isNaN(value)) return "NaN";
  const rounded = bits === 32 ? Math.fround(value) : value;
  if (!Number.isFinite(rounded)) return rounded < 0 ? "-Inf" : "+Inf";
  const sign = rounded < 0 || Object.is(rounded, -0) ? "-" : "";
  return sign + formatMagnitude(Math.abs(rounded), verb, precision, bits);
}

/** Whether JavaScript writes a number as Go's shortest %g does: without an exponent. */
function isPlain(magnitude: number): boolean {
  return magnitude >= 1e-4 && magnitude < 1e6;
}

function formatMagnitude(value: number, verb: FloatVerb, precision: number, bits: FloatBits): string {
  switch (verb) {
    case "b":
      return formatBinary(value, bits);
    case "x":
    case "X": {
      const text = formatHex(value, precision);
      return verb === "X" ? text.toUpperCase() : text;
    }
    case "f":
      return formatFixed(decimalOf(value, bits, precision, "point"), precision);
    case "e":
    case "E":
      return formatExponent(decimalOf(value, bits, precision + 1, "significant"), precision, verb);
    default:
      return formatGeneral(value, verb, precision, bits);
  }
}

function formatGeneral(value: number, verb: "g" | "G", precision: number, bits: FloatBits): string {
  const wanted = precision === 0 ? 1 : precision;
  const decimal = decimalOf(value, bits, wanted, "significant");
  const count = decimal.digits.length;
  const exponent = decimal.point - 1;
  // Integers with more digits than the precision keep their digits, so the threshold is their length then.
  let threshold = wanted > count && count >= decimal.point ? count : wanted;
  if (precision < 0) threshold = shortestThreshold;
  if (exponent < -4 || exponent >= threshold) {
    const digits = precision < 0 ? count : Math.min(wanted, count);
    return formatExponent(decimal, Math.max(digits, 1) - 1, verb === "g" ? "e" : "E");
  }
  return formatFixed(decimal, Math.max(count - decimal.point, 0));
}

// With the shortest digits %g decides as if the precision were 6: 100000 but 1e+06.
const shortestThreshold = 6;

function formatFixed(decimal: Decimal, precision: number): string {
  const { digits, point } = decimal;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const places = precision < 0 ? Math.max(digits.length - point, 0) : precision;
  if (places === 0) return whole;
  const fraction = point > 0 ? digits.slice(point) : "0".repeat(Math.min(-point, places)) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, "0")}`;
}

function formatExponent(decimal: Decimal, precision: number, letter: "e" | "E"): string {
  const { digits, point } = decimal;
  const exponent = digits === "" ? 0 : point - 1;
  const places = precision < 0 ? Math.max(digits.length - 1, 0) : precision;
  const first = digits === "" ? "0" : digits.slice(0, 1);
  const rest = places > 0 ? `.${digits.slice(1, 1 + places).padEnd(places, "0")}` : "";
  return `${first}${rest}${letter}${signedExponent(exponent)}`;
}

function signedExponent(exponent: number): string {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function decimalOf(
  value: number,
  bits: FloatBits,
  precision: number,
  counted: "point" | "significant",
): Decimal {
  const shortest = counted === "point" ? precision < 0 : precision <= 0;
  if (value === 0) return { digits: "", point: 0 };
  if (shortest) return bits === 64 ? parseExponent(value.toExponential()) : shortest32(value);
  return roundDecimal(exactDecimal(value), counted, precision);
}

/** Reads `d.ddde±x` of JavaScript, whose shortest digits are Go's. */
function parseExponent(text: string): Decimal {
  const [mantissa = "0", exponent = "0"] = text.split("e");
  return { digits: trimRight(mantissa.replace(".", ""), "0"), point: Number(exponent) + 1 };
}

/**
 * The fewest digits that read back as the same single-precision number; nine always do. Above a power of two numbers lie farther
 * apart than below it, so that there a farther decimal above may do where the nearest one, below, does not.
 */
function shortest32(value: number): Decimal {
  const exact = exactDecimal(value);
  for (let count = 1; count < 9; count++) {
    const nearest = roundDecimal(exact, "significant", count);
    if (readsBack32(nearest, value)) return nearest;
    const above = raiseDecimal(exact, count);
    if (readsBack32(above, value)) return above;
  }
  return roundDecimal(exact, "significant", 9);
}

function readsBack32({ digits, point }: Decimal, value: number): boolean {
  return Math.fround(Number(`0.${digits}e${point}`)) === value;
}

/** Splits a positive double into an integer mantissa and a power of two. */
function splitFloat(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const raw = view.getBigUint64(0);
  const stored = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  if (stored === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: stored - 1075 };
}

function exactDecimal(value: number): Decimal {
  const { mantissa, exponent } = splitFloat(value);
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const text = scaled.toString();
  return { digits: trimRight(text, "0"), point: text.length + Math.min(exponent, 0) };
}

/** Rounds half to even, which only an exact decimal can do right. */
function roundDecimal(decimal: Decimal, counted: "point" | "significant", precision: number): Decimal {
  const keep = counted === "point" ? decimal.point + precision : precision;
  const { digits, point } = decimal;
  if (keep >= digits.length) return decimal;
  if (keep < 0) return { digits: "", point: 0 };
  const kept = digits.slice(0, keep);
  const half = compareToHalf(digits.slice(keep));
  const odd = keep > 0 && Number(digits[keep - 1]) % 2 === 1;
  if (half < 0 || (half === 0 && !odd)) return trimZeros(kept, point);
  return raiseDecimal(decimal, keep);
}

/** The next decimal with so many digits above one that has more. */
function raiseDecimal({ digits, point }: Decimal, keep: number): Decimal {
  const raised = (BigInt(`0${digits.slice(0, keep)}`) + 1n).toString();
  return trimZeros(raised, point + raised.length - keep);
}

function compareToHalf(tail: string): number {
  if (tail === "5") return 0;
  return tail >= "5" ? 1 : -1;
}

function trimZeros(digits: string, point: number): Decimal {
  const trimmed = trimRight(digits, "0");
  return { digits: trimmed, point: trimmed === "" ? 0 : point };
}

function formatBinary(value: number, bits: FloatBits): string {
  const { mantissa, exponent } = splitFloat(value);
  if (bits === 64) return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
  const power = value === 0 ? -149 : Math.max(exponent + 29, -149);
  return `${mantissa >> BigInt(power - exponent)}p${power < 0 ? "" : "+"}${power}`;
}

function formatHex(value: number, precision: number): string {
  if (value === 0) return `0x0${precision > 0 ? `.${"0".repeat(precision)}` : ""}p+00`;
  let { mantissa, exponent } = splitFloat(value);
  while (mantissa < 0x10000000000000n) {
    mantissa <<= 1n;
    exponent -= 1;
  }
  exponent += 52;
  if (precision >= 0 && precision < 13) {
    mantissa = roundBits(mantissa, BigInt(52 - 4 * precision));
    if (mantissa >= 0x20000000000000n) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const hex = mantissa.toString(16).slice(1);
  const fraction = precision < 0 ? trimRight(hex, "0") : hex.slice(0, precision).padEnd(precision, "0");
  return `0x1${fraction === "" ? "" : `.${fraction}`}p${signedExponent(exponent)}`;
}

function roundBits(mantissa: bigint, drop: bigint): bigint {
  const unit = 1n << drop;
  const rest = mantissa % unit;
  const floor = mantissa - rest;
  const odd = (floor / unit) % 2n === 1n;
  return rest * 2n > unit || (rest * 2n === unit && odd) ? floor + unit : floor;
}
