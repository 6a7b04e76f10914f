import { goQuote } from "./go-quote.js";
import { KubeError } from "./kube-error.js";

/**
 * Reads an unsigned decimal of at most `bits` bits as Go's strconv.ParseUint: no sign, no spaces, no underscore.
 * Throws KubeError `integer-invalid` with Go's words: invalid syntax, or value out of range.
 */
export function parseUint(text: string, bits: 8 | 16 | 32 | 64): bigint {
  const fail = (why: string) =>
    new KubeError("integer-invalid", `strconv.ParseUint: parsing ${goQuote(text)}: ${why}`);
  if (text === "") throw fail("invalid syntax");
  const limit = 1n << BigInt(bits);
  let value = 0n;
  for (const char of text) {
    if (char < "0" || char > "9") throw fail("invalid syntax");
    value = value * 10n + BigInt(char);
    // Go stops here too, before it sees what follows.
    if (value >= limit) throw fail("value out of range");
  }
  return value;
}
