const letter = /\p{L}/u;
const digit = /\p{Nd}/u;

/**
 * The order in which go-yaml prints the keys of a mapping: letters after all else, and digits by the number they make, so that
 * `a2` stands before `a10`.
 */
export function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left[i] !== right[i]) return compareFrom(left, right, i);
  }
  return left.length - right.length;
}

function compareFrom(left: readonly string[], right: readonly string[], at: number): number {
  const a = left[at] ?? "";
  const b = right[at] ?? "";
  const order = (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
  const isLetterA = letter.test(a);
  const isLetterB = letter.test(b);
  if (isLetterA || isLetterB) return isLetterA === isLetterB ? order : isLetterA ? 1 : -1;
  // Zeros behind a digit that is none are part of one number, which starts before this place.
  const lead = (a === "0" || b === "0") && followsNumber(left, at) ? "1" : "0";
  const numberA = digitsFrom(left, at);
  const numberB = digitsFrom(right, at);
  const difference = toInt64(lead + numberA) - toInt64(lead + numberB);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return numberA.length === numberB.length ? order : numberA.length - numberB.length;
}

function followsNumber(chars: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && digit.test(chars[i] ?? ""); i--) {
    if (chars[i] !== "0") return true;
  }
  return false;
}

function digitsFrom(chars: readonly string[], at: number): string {
  let end = at;
  while (digit.test(chars[end] ?? "")) end++;
  return chars.slice(at, end).join("");
}

/** Go counts in 64 bits, and counts the digits of other scripts by their distance from `0`. */
function toInt64(digits: string): bigint {
  let number = 0n;
  for (const char of digits)
    number = BigInt.asIntN(64, number * 10n + BigInt((char.codePointAt(0) ?? 0) - 0x30));
  return number;
}
