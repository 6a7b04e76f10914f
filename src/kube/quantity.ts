import { KubeError } from "./kube-error.js";

/** How a quantity was written, and so how it is printed. */
export type QuantityFormat = "decimal" | "binary" | "exponent";

/** A Kubernetes quantity: `digits` times ten to the power of `exponent`. */
export interface Quantity {
  readonly digits: bigint;
  readonly exponent: number;
  readonly format: QuantityFormat;
  /** The text it was read from, where Go keeps it: it is printed again as it is. */
  readonly text?: string;
}

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const nano = -9;

const shape = /^([+-]?)(0*)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*)([-+]?[0-9]*)$/;
const wrongShape =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";
const wrongNumber = "unable to parse numeric part of quantity";

/** The largest binary quantity; a larger one becomes this one. Decimal ones may be of any size. */
const largest = (1n << 63n) - 1n;

/** So many decimal digits always fit into an int64, where Go keeps a quantity when it can. */
const int64Digits = 18;

function invalid(message: string): KubeError {
  return new KubeError("quantity-invalid", message);
}

interface Suffix {
  readonly format: QuantityFormat;
  /** A power of ten, or of two for the binary format. */
  readonly power: number;
}

function interpretSuffix(letters: string, number: string): Suffix {
  const suffix = letters + number;
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { format: "decimal", power: (decimal + nano / 3) * 3 };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { format: "binary", power: binary * 10 };
  if (/^[eE]$/.test(letters) && /[0-9]/.test(number)) {
    const exponent = Number(number);
    if (Math.abs(exponent) <= 2 ** 31 - 1) return { format: "exponent", power: exponent };
  }
  throw invalid(wrongSuffix);
}

/**
 * Reads a quantity as Go's resource.ParseQuantity (`100m`, `1.5Gi`, `2e3`).
 * A value below a nano is rounded away from zero, a binary one above 2^63-1 is capped.
 * Throws KubeError `quantity-invalid` in Go's words.
 */
export function parseQuantity(text: string): Quantity {
  const match = shape.exec(text);
  if (match === null || text === "") throw invalid(wrongShape);
  const [, sign = "", zeros = "", whole = "", fraction = "", letters = "", number = ""] = match;
  const { format, power } = interpretSuffix(letters, number);
  // Go minds that there is no digit at all only where it needs arbitrary precision.
  const needsMore = format === "binary" ? binaryRoom(power, "") < 0 : power < nano;
  if (needsMore && zeros + whole + fraction === "") throw invalid(wrongNumber);
  const magnitude = BigInt(whole + fraction || "0");
  const digits = sign === "-" ? -magnitude : magnitude;
  const exponent = -fraction.length;
  return format === "binary"
    ? readBinary(text, { digits, exponent, format }, power, whole)
    : readDecimal(text, { digits, exponent: exponent + power, format }, whole, fraction);
}

/** Go keeps the text of a small number that is no multiple of 1000, written with a power of 1000. */
function readDecimal(text: string, value: Quantity, whole: string, fraction: string): Quantity {
  const written = whole + fraction;
  if (written.length > int64Digits || value.exponent < nano) return roundedUp(value);
  const isCanonical = value.exponent % 3 === 0 && whole !== "" && !written.endsWith("000");
  return isCanonical ? { ...value, text } : value;
}

/** Go keeps the text of a small whole number that is no multiple of 8. */
function readBinary(text: string, value: Quantity, power: number, whole: string): Quantity {
  const scaled = { ...value, digits: value.digits << BigInt(power) };
  if (value.exponent === 0 && binaryRoom(power, whole) >= 0)
    return value.digits % 8n === 0n ? scaled : { ...scaled, text };
  return capped(roundedUp(scaled));
}

/** How many more digits Go would trust to fit into an int64; negative when the number may not fit. */
function binaryRoom(power: number, whole: string): number {
  return 15 - whole.length - Math.trunc((power * 3) / 10) - 1;
}

function roundedUp(value: Quantity): Quantity {
  const places = nano - value.exponent;
  if (places <= 0 || value.digits === 0n) return value;
  const magnitude = value.digits < 0n ? -value.digits : value.digits;
  const rounded = divideUp(magnitude, places);
  return { ...value, digits: value.digits < 0n ? -rounded : rounded, exponent: nano };
}

/** A number divided by ten to the power of `places`, rounded up. */
function divideUp(magnitude: bigint, places: number): bigint {
  // A divisor longer than the number itself rounds to one, however long it is.
  if (places > magnitude.toString().length) return 1n;
  const divisor = 10n ** BigInt(places);
  return (magnitude + divisor - 1n) / divisor;
}

function capped(value: Quantity): Quantity {
  const limit = largest * 10n ** BigInt(-value.exponent);
  if (value.digits > limit) return { ...value, digits: largest, exponent: 0 };
  return value.digits < -limit ? { ...value, digits: -largest, exponent: 0 } : value;
}

/**
 * The canonical text of a quantity as Go's Quantity.String prints it: no fraction, the largest suffix without loss,
 * in the family it was written in (`1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`). A text that Go takes for
 * canonical is kept as it is, even `+1` and `1.500`.
 * Throws KubeError `quantity-invalid`.
 */
export function canonicalQuantity(text: string): string {
  const quantity = parseQuantity(text);
  return quantity.text ?? formatQuantity(quantity);
}

/** Prints a quantity canonically. */
export function formatQuantity({ digits, exponent, format }: Quantity): string {
  if (digits === 0n) return "0";
  const binary = format === "binary" ? wholeBinary(digits, exponent) : undefined;
  if (binary !== undefined) return binary;
  return decimalText(digits, exponent, format === "exponent");
}

/** The text with a binary suffix; undefined for a value under 1024 or with a fraction, which prints as a decimal. */
function wholeBinary(digits: bigint, exponent: number): string | undefined {
  const scale = 10n ** BigInt(Math.abs(exponent));
  if (exponent < 0 && digits % scale !== 0n) return undefined;
  let value = exponent < 0 ? digits / scale : digits * scale;
  if (value > -1024n && value < 1024n) return undefined;
  let suffix = 0;
  while (value % 1024n === 0n && suffix < binarySuffixes.length - 1) {
    value /= 1024n;
    suffix++;
  }
  return `${value}${binarySuffixes[suffix]}`;
}

function decimalText(digits: bigint, exponent: number, asExponent: boolean): string {
  const text = digits.toString();
  const significant = text.replace(/0+$/, "");
  const power = exponent + text.length - significant.length;
  // The power must be one of a thousand.
  const extra = ((power % 3) + 3) % 3;
  const value = significant + "0".repeat(extra);
  const thousands = (power - extra) / 3;
  const suffix = asExponent ? undefined : decimalSuffixes[thousands - nano / 3];
  if (suffix !== undefined) return value + suffix;
  return thousands === 0 ? value : `${value}e${thousands * 3}`;
}
