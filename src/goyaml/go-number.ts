/** A number as YAML 1.1 writes it, and whether it is a float in Go. Integers are bigint where a double is not exact. */
export interface GoNumber {
  readonly value: number | bigint;
  readonly float: boolean;
}

const decimal = /^[-+]?[1-9][0-9]*$/;
const prefixed = /^([-+]?)0(?:([xX])([0-9a-fA-F]+)|([bB])([01]+)|([oO]?)([0-7]+))$/;
/** Go tears off `0b` and `0o` before it reads the rest, and so takes a sign there. */
const signInside = /^0(?:b([-+][01]+)|o([-+][0-7]+))$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Where the point comes first, Go reads the text as it is, and allows an underscore between digits only. */
const pointFirst = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;

const smallestInt64 = -(1n << 63n);
const largestUint64 = (1n << 64n) - 1n;
/** A sign and the digits of the largest. */
const longestInteger = 1 + largestUint64.toString().length;

/**
 * Reads a plain scalar that starts with a digit, a sign or a point as go-yaml does; undefined when it is no number.
 * Integers: decimal, 0x, 0b, 0o, and octal after a 0, with underscores anywhere. One that 64 bits cannot hold is read as a
 * float when it is decimal, and is a text otherwise.
 */
export function readGoNumber(text: string): GoNumber | undefined {
  if (text.startsWith(".")) return pointFirst.test(text) ? readFloat(text.replaceAll("_", "")) : undefined;
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  return readInteger(plain) ?? (float.test(plain) ? readFloat(plain) : undefined);
}

function readInteger(plain: string): GoNumber | undefined {
  if (plain === "0" || plain === "-0" || plain === "+0") return { value: 0, float: false };
  if (decimal.test(plain)) {
    // Beyond 64 bits for certain, and not worth the reading.
    if (plain.length > longestInteger) return undefined;
    const value = Number(plain);
    return Number.isSafeInteger(value) ? { value, float: false } : exact(BigInt(plain.replace("+", "")));
  }
  const inside = signInside.exec(plain);
  if (inside !== null) {
    const [, binary, octal = ""] = inside;
    const digits = binary ?? octal;
    return readInteger(`${digits.charAt(0)}0${binary === undefined ? "o" : "b"}${digits.slice(1)}`);
  }
  const match = prefixed.exec(plain);
  if (match === null) return undefined;
  const [, sign, x, hex = "", b, binary = "", , octal = ""] = match;
  // A longer one is beyond 64 bits for certain, and not worth the reading.
  const digits = (hex || binary || octal).replace(/^0+/, "");
  if (digits.length > 64) return undefined;
  const magnitude = BigInt(`0${x ?? b ?? "o"}${digits || "0"}`.toLowerCase());
  return exact(sign === "-" ? -magnitude : magnitude);
}

function exact(value: bigint): GoNumber | undefined {
  if (value < smallestInt64 || value > largestUint64) return undefined;
  const number = Number(value);
  return { value: Number.isSafeInteger(number) ? number : value, float: false };
}

function readFloat(text: string): GoNumber | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { value, float: true } : undefined;
}
