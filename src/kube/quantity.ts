import { KubeError } from "./kube-error.js";

/** How a quantity was written, and so how it is printed. */
export type QuantityFormat = "decimal" | "binary" | "exponent";

/** A Kubernetes quantity: `digits` times ten to the power of `exponent`. */
export interface Quantity {
  readonly digits: bigint;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const nano = -9;

const shape = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*)([-+]?[0-9]*)$/;
const wrongShape =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";

/** The largest value there is; a larger one that needs arbitrary precision becomes this one. */
const largest = (1n << 63n) - 1n;

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
 * A value below a nano is rounded away from zero, one above 2^63-1 is capped.
 * Throws KubeError `quantity-invalid` in Go's words.
 */
export function parseQuantity(text: string): Quantity {
  const match = shape.exec(text);
  if (match === null || text === "") throw invalid(wrongShape);
  const [, sign = "", whole = "", fraction = "", letters = "", number = ""] = match;
  const { format, power } = interpretSuffix(letters, number);
  const magnitude = BigInt(whole + fraction || "0");
  const digits = sign === "-" ? -magnitude : magnitude;
  const exponent = -fraction.length;
  if (format === "binary") return bounded({ digits: digits << BigInt(power), exponent, format });
  const value = { digits, exponent: exponent + power, format };
  return whole.length + fraction.length < 19 && value.exponent >= nano ? value : bounded(value);
}

/** Rounds up to whole nanos and caps. Only values that Go keeps in arbitrary precision come here. */
function bounded({ digits, exponent, format }: Quantity): Quantity {
  const magnitude = digits < 0n ? -digits : digits;
  const [rounded, scale] =
    exponent < nano ? [roundUp(magnitude, nano - exponent), nano] : [magnitude, exponent];
  const capped = exceeds(rounded, scale)
    ? { digits: largest, exponent: 0 }
    : { digits: rounded, exponent: scale };
  return { digits: digits < 0n ? -capped.digits : capped.digits, exponent: capped.exponent, format };
}

function roundUp(magnitude: bigint, places: number): bigint {
  if (magnitude === 0n) return 0n;
  // A divisor longer than the number itself rounds to one, however long it is.
  if (places > magnitude.toString().length) return 1n;
  const divisor = 10n ** BigInt(places);
  return (magnitude + divisor - 1n) / divisor;
}

function exceeds(magnitude: bigint, exponent: number): boolean {
  if (magnitude === 0n) return false;
  if (exponent > 19) return true;
  return exponent >= 0
    ? magnitude * 10n ** BigInt(exponent) > largest
    : magnitude > largest * 10n ** BigInt(-exponent);
}

/**
 * The canonical text of a quantity as Go's Quantity.String prints it: no fraction, the largest suffix without loss,
 * in the family it was written in (`1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`).
 * Throws KubeError `quantity-invalid`.
 */
export function canonicalQuantity(text: string): string {
  return formatQuantity(parseQuantity(text));
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
  let value = digits;
  let power = exponent;
  while (value % 10n === 0n) {
    value /= 10n;
    power++;
  }
  while (power % 3 !== 0) {
    value *= 10n;
    power--;
  }
  if (asExponent) return power === 0 ? `${value}` : `${value}e${power}`;
  return `${value}${decimalSuffixes[power / 3 - nano / 3] ?? ""}`;
}
