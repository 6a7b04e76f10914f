// Whole numbers as decimal digits without leading zeros, "0" for zero. What a text says in decimal is kept in decimal:
// a number of a megabyte takes minutes as a BigInt and back, and its digits need neither.

const zero = 0x30;
const nine = 0x39;

/** The digits without leading zeros; none at all are zero. */
export function plainDigits(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === zero) start++;
  return start === digits.length ? "0" : digits.slice(start);
}

/** How many zeros the digits end in. */
export function trailingZeros(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === zero) end--;
  return digits.length - end;
}

/** A number divided by ten to the power of `places`, rounded up. */
export function divideUp(digits: string, places: number): string {
  if (digits === "0") return digits;
  const kept = plainDigits(digits.slice(0, Math.max(digits.length - places, 0)));
  return trailingZeros(digits) >= places ? kept : increment(kept);
}

function increment(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === nine) end--;
  const zeros = "0".repeat(digits.length - end);
  if (end === 0) return `1${zeros}`;
  return `${digits.slice(0, end - 1)}${String.fromCharCode(digits.charCodeAt(end - 1) + 1)}${zeros}`;
}
