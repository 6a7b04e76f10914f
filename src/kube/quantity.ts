import { divideUp, plainDigits, trailingZeros } from "./decimal-digits.js";
import { KubeError } from "./kube-error.js";
import { type QuantityParts, scanQuantity } from "./scan-quantity.js";

/** How a quantity was written, and so how it is printed. */
export type QuantityFormat = "decimal" | "binary" | "exponent";

/** A Kubernetes quantity: `digits` times ten to the power of `exponent`. */
export interface Quantity {
  readonly negative: boolean;
  /** Decimal digits without leading zeros, `0` for zero. As many as the text has, so they are no number. */
  readonly digits: string;
  readonly exponent: number;
  readonly format: QuantityFormat;
  /** The text it was read from, where Go keeps it: it is printed again as it is. */
  readonly text?: string;
}

/** The suffixes of powers of a thousand, from a nano on. */
export const decimalSuffixes: readonly string[] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
/** The suffixes of powers of 1024. */
export const binarySuffixes: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** The exponent of the smallest unit. */
export const nano = -9;

const wrongShape =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";
const wrongNumber = "unable to parse numeric part of quantity";

/** The largest binary quantity; a larger one becomes this one. Decimal ones may be of any size. */
const largest = (1n << 63n) - 1n;

/** A whole number of more digits is above the largest binary quantity. */
const largestLength = largest.toString().length;

/** So many decimal digits always fit into an int64, where Go keeps a quantity when it can. */
const int64Digits = 18;

/**
 * So many digits of a fraction decide what a binary quantity rounds up to, with whether any digit follows: scaled by
 * 2^60 (`Ei`, the largest) they are a whole number of (1/5)^60 nanos, and all that follow are less than one of these.
 */
const decisiveDigits = 60 - nano;

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
  const exponent = letters === "e" || letters === "E" ? readExponent(number) : undefined;
  if (exponent === undefined) throw invalid(wrongSuffix);
  return { format: "exponent", power: exponent };
}

/** Go reads an int64 and keeps its last 32 bits. */
function readExponent(number: string): number | undefined {
  const digits = /^[-+]/.test(number) ? number.slice(1) : number;
  const plain = plainDigits(digits);
  if (digits === "" || plain.length > int64Digits + 1) return undefined;
  const value = number.startsWith("-") ? -BigInt(plain) : BigInt(plain);
  return value === BigInt.asIntN(64, value) ? Number(BigInt.asIntN(32, value)) : undefined;
}

/**
 * Reads a quantity as Go's resource.ParseQuantity (`100m`, `1.5Gi`, `2e3`), in time linear in its length.
 * A value below a nano is rounded away from zero, a binary one above 2^63-1 is capped.
 * Throws KubeError `quantity-invalid` in Go's words.
 */
export function parseQuantity(text: string): Quantity {
  const parts = text === "" ? undefined : scanQuantity(text);
  if (parts === undefined) throw invalid(wrongShape);
  const { format, power } = interpretSuffix(parts.letters, parts.number);
  // Go minds that there is no digit at all only where it needs arbitrary precision.
  const needsMore = format === "binary" ? binaryRoom(power, "") < 0 : power < nano;
  if (needsMore && !parts.hasDigits) throw invalid(wrongNumber);
  return format === "binary" ? readBinary(text, parts, power) : readDecimal(text, parts, format, power);
}

/** Go keeps the text of a small number that is no multiple of 1000, written with a power of 1000. */
function readDecimal(text: string, parts: QuantityParts, format: QuantityFormat, power: number): Quantity {
  const { negative, whole, fraction } = parts;
  const written = whole + fraction;
  const exponent = power - fraction.length;
  const value: Quantity = { negative, digits: plainDigits(written), exponent, format };
  if (written.length > int64Digits || exponent < nano) return roundedUp(value);
  const isCanonical = exponent % 3 === 0 && whole !== "" && !written.endsWith("000");
  return isCanonical ? { ...value, text } : value;
}

function roundedUp(value: Quantity): Quantity {
  const places = nano - value.exponent;
  if (places <= 0 || value.digits === "0") return value;
  return { ...value, digits: divideUp(value.digits, places), exponent: nano };
}

/** Go keeps the text of a small whole number that is no multiple of 8. */
function readBinary(text: string, parts: QuantityParts, power: number): Quantity {
  const { negative, whole, fraction } = parts;
  const value: Quantity = { negative, digits: largest.toString(), exponent: 0, format: "binary" };
  if (whole.length > largestLength) return value;
  const fits = fraction === "" && binaryRoom(power, whole) >= 0;
  const [digits, places] = scaledUp(whole, fraction, power);
  if (!fits && digits > largest * 10n ** BigInt(places)) return value;
  const scaled = { ...value, digits: digits.toString(), exponent: places === 0 ? 0 : -places };
  return fits && BigInt(whole || "0") % 8n !== 0n ? { ...scaled, text } : scaled;
}

/** How many more digits Go would trust to fit into an int64; negative when the number may not fit. */
function binaryRoom(power: number, whole: string): number {
  return 15 - whole.length - Math.trunc((power * 3) / 10) - 1;
}

/** A number times two to the power of `power`: digits, and how many of them are decimals, rounded up to a nano. */
function scaledUp(whole: string, fraction: string, power: number): [digits: bigint, places: number] {
  const decisive = fraction.slice(0, decisiveDigits);
  const scaled = BigInt(whole + decisive || "0") << BigInt(power);
  const places = decisive.length;
  if (places <= -nano) return [scaled, places];
  const divisor = 10n ** BigInt(places + nano);
  const isExact = scaled % divisor === 0n && trailingZeros(fraction) >= fraction.length - places;
  return [scaled / divisor + (isExact ? 0n : 1n), -nano];
}
