import { trailingZeros } from "./decimal-digits.js";
import { binarySuffixes, decimalSuffixes, nano, parseQuantity, type Quantity } from "./quantity.js";

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

/** Prints a quantity canonically, in time linear in its digits. */
export function formatQuantity({ negative, digits, exponent, format }: Quantity): string {
  if (digits === "0") return "0";
  const binary = format === "binary" ? wholeBinary(digits, exponent) : undefined;
  const text = binary ?? decimalText(digits, exponent, format === "exponent");
  return negative ? `-${text}` : text;
}

/** The text with a binary suffix; undefined for a value under 1024 or with a fraction, which prints as a decimal. */
function wholeBinary(digits: string, exponent: number): string | undefined {
  if (exponent < 0 && trailingZeros(digits) < -exponent) return undefined;
  // Binary quantities are capped, so this number is short.
  let value = BigInt(exponent < 0 ? digits.slice(0, exponent) || "0" : digits + "0".repeat(exponent));
  if (value < 1024n) return undefined;
  let suffix = 0;
  while (value % 1024n === 0n && suffix < binarySuffixes.length - 1) {
    value /= 1024n;
    suffix++;
  }
  return `${value}${binarySuffixes[suffix]}`;
}

function decimalText(digits: string, exponent: number, asExponent: boolean): string {
  const zeros = trailingZeros(digits);
  const power = exponent + zeros;
  // The power must be one of a thousand.
  const extra = ((power % 3) + 3) % 3;
  const value = digits.slice(0, digits.length - zeros) + "0".repeat(extra);
  const thousands = (power - extra) / 3;
  if (asExponent) return thousands === 0 ? value : `${value}e${thousands * 3}`;
  // Beyond `E` Go writes no suffix, so 10^21 becomes `1`: the API server stores it so.
  return value + (decimalSuffixes[thousands - nano / 3] ?? "");
}
