import { goQuote } from "./go-quote.js";
import { KubeError } from "./kube-error.js";

/**
 * Reads an unsigned decimal of at most `bits` bits as Go's strconv.ParseUint: no sign, no spaces, no underscore.
 * Throws KubeError `integer-invalid` with Go's words: invalid syntax, or value out of range.
 */
export function parseUint(text: string, bits: 8 | 16 | 32 | 64): bigint {
  const fail = (why: string) =>
    new KubeError("integer-invalid", `strconv.ParseUint: parsing ${goQuote(text)}: ${why}`);
  if (!/^[0-9]+$/.test(text)) throw fail("invalid syntax");
  const digits = text.replace(/^0+(?=.)/, "");
  const longest = 20; // digits of 2^64: a longer number is refused before it is read, for speed
  if (digits.length > longest || BigInt(digits) >= 1n << BigInt(bits)) throw fail("value out of range");
  return BigInt(digits);
}
