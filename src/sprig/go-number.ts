/** strconv's readers of numbers. */

/** What an integer reader found: a value, or none and the nearest one when the text is a number out of range. */
export interface ParsedInteger {
  readonly value?: bigint;
  /** Go returns this beside its error: 0, or the limit that was passed. */
  readonly nearest: bigint;
}

const bases: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };
const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

/** Digits beyond this many cannot be an int64, leading zeros apart; more are not worth a big number. */
const manyDigits = 64;

/** strconv.ParseInt with 64 bits: base 0 reads the prefixes 0b, 0o, 0x and 0, and underscores between digits. */
export function parseInteger(text: string, base: 0 | 8 | 10): ParsedInteger {
  const [, sign = "", body = ""] = /^([+-]?)([0-9A-Za-z_]+)$/.exec(text) ?? [];
  const digits = base === 0 ? literalDigits(body) : { base, digits: body };
  if (digits === undefined || !isNumeral(digits.digits, digits.base)) return { nearest: 0n };
  const magnitude = readDigits(digits.digits, digits.base);
  const value = sign === "-" ? -magnitude : magnitude;
  if (value > largest) return { nearest: largest };
  return value < smallest ? { nearest: smallest } : { value, nearest: value };
}

/** The base and the digits of a Go integer literal. */
function literalDigits(body: string): { base: number; digits: string } | undefined {
  const [, letter = "", prefixed = ""] = /^0([bBoOxX])(.+)$/.exec(body) ?? [];
  const base = bases[letter.toLowerCase()] ?? (/^0./.test(body) ? 8 : 10);
  const digits = letter === "" ? body : `0${prefixed}`;
  if (!hasProperUnderscores(digits)) return undefined;
  return { base, digits: digits.replaceAll("_", "") };
}

/** An underscore stands between digits, or between the prefix and a digit. */
function hasProperUnderscores(digits: string): boolean {
  return !/^_|__|_$/.test(digits);
}

function isNumeral(digits: string, base: number): boolean {
  if (digits === "") return false;
  for (const digit of digits) if (Number.isNaN(Number.parseInt(digit, base))) return false;
  return true;
}

function readDigits(digits: string, base: number): bigint {
  const significant = digits.replace(/^0+/, "");
  if (significant.length > manyDigits) return 2n ** 64n;
  let value = 0n;
  for (const digit of significant) value = value * BigInt(base) + BigInt(Number.parseInt(digit, base));
  return value;
}

const decimalFloat = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/;
const infinity = /^([+-]?)inf(?:inity)?$/i;

/** strconv.ParseFloat; undefined where Go returns an error. */
export function parseFloat64(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  const [, sign] = infinity.exec(text) ?? [];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  const value = hexFloat.test(text.replaceAll("_", "")) ? parseHexFloat(text) : parseDecimalFloat(text);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function parseDecimalFloat(text: string): number | undefined {
  if (/(?:^|[^0-9])_|_(?:$|[^0-9])/.test(text)) return undefined;
  const digits = text.replaceAll("_", "");
  return decimalFloat.test(digits) ? Number(digits) : undefined;
}

function parseHexFloat(text: string): number | undefined {
  if (!/^[+-]?0[xX]_?[0-9a-fA-F.]+(?:_[0-9a-fA-F.]+)*[pP]/.test(text)) return undefined;
  const [, sign, whole = "", fraction = "", power = ""] = hexFloat.exec(text.replaceAll("_", "")) ?? [];
  if (whole + fraction === "" || (whole + fraction).length > manyDigits) return undefined;
  const exponent = Number(power) - 4 * fraction.length;
  const magnitude = scaled(BigInt(`0x${whole}${fraction}`), exponent);
  return sign === "-" ? -magnitude : magnitude;
}

/** mantissa * 2^exponent, rounded once: a halfway case below the smallest normal number needs the exact mantissa. */
function scaled(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n || exponent < -2000) return 0;
  if (exponent > 2000) return Infinity;
  const bits = mantissa.toString(2).length;
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
