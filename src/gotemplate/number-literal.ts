import type { NumberNode } from "./nodes.js";
import { goQuote } from "./quote.js";
import { unquoteCharacter } from "./unquote.js";

type Literal = Omit<NumberNode, "type" | "position">;

const maxInt = 2n ** 63n - 1n;
const maxUint = 2n ** 64n - 1n;
const integer =
  /^([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]?((?:_?[0-7])+)|([1-9](?:_?[0-9])*|0))$/;
const decimalFloat =
  /^[+-]?(?=\.?[0-9])(?:[0-9](?:_?[0-9])*)?(?:\.(?:[0-9](?:_?[0-9])*)?)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const hexFloat =
  /^([+-]?)0[xX](?=_?\.?[0-9a-fA-F])((?:_?[0-9a-fA-F])*)(?:\.((?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?))?[pP]([+-]?[0-9](?:_?[0-9])*)$/;

/** Reads a number as a template writes it, with each of the types it fits. A string is Go's message for a bad one. */
export function readNumber(text: string, isComplexToken: boolean): Literal | string {
  if (text.startsWith("'")) return readCharacter(text);
  if (isComplexToken || text.endsWith("i")) return readComplex(text, isComplexToken);
  const whole = readInteger(text);
  const int = whole !== undefined && whole <= maxInt && whole >= -maxInt - 1n ? whole : undefined;
  const unsigned = whole !== undefined && !/^[+-]/.test(text) && whole <= maxUint ? whole : undefined;
  const uint = int === 0n ? 0n : unsigned;
  if (int !== undefined || uint !== undefined)
    return { text, int, uint, float: Number(int ?? uint), isComplex: false, isChar: false };
  return readFloat(text);
}

function readCharacter(text: string): Literal | string {
  const rune = unquoteCharacter(text);
  if (rune === "malformed") return `malformed character constant: ${text}`;
  if (rune === "invalid syntax") return rune;
  return { text, int: BigInt(rune), uint: BigInt(rune), float: rune, isComplex: false, isChar: true };
}

function readComplex(text: string, isComplexToken: boolean): Literal | string {
  if (!isComplexToken && parseFloat64(text.slice(0, -1)) === undefined)
    return `illegal number syntax: ${goQuote(text)}`;
  return { text, int: undefined, uint: undefined, float: undefined, isComplex: true, isChar: false };
}

function readFloat(text: string): Literal | string {
  const float = parseFloat64(text);
  if (float === undefined) return `illegal number syntax: ${goQuote(text)}`;
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${goQuote(text)}`;
  const whole = Number.isInteger(float);
  const int = whole && Math.abs(float) < 2 ** 63 ? BigInt(float) : undefined;
  const uint = whole && float >= 0 && float < 2 ** 64 ? BigInt(float) : undefined;
  return { text, int, uint, float, isComplex: false, isChar: false };
}

function readInteger(text: string): bigint | undefined {
  const match = integer.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const digits = (hex ?? binary ?? octal ?? decimal ?? "").replaceAll("_", "");
  // Far beyond 64 bits in any base, and reading it would take long.
  if (digits.length > 1000) return undefined;
  const prefix = hex !== undefined ? "0x" : binary !== undefined ? "0b" : octal !== undefined ? "0o" : "";
  const value = BigInt(prefix + digits);
  return sign === "-" ? -value : value;
}

/** Reads a float as strconv.ParseFloat does; undefined for bad syntax and for what is out of range. */
function parseFloat64(text: string): number | undefined {
  const hex = hexFloat.exec(text);
  const value =
    hex !== null ? readHexFloat(hex) : decimalFloat.test(text) ? Number(text.replaceAll("_", "")) : undefined;
  return value === undefined || Number.isFinite(value) ? value : undefined;
}

function readHexFloat(match: RegExpExecArray): number {
  const [, sign, whole = "", fraction = "", power = "0"] = match;
  const digits = (whole + fraction).replaceAll("_", "");
  const exponent = Number(power.replaceAll("_", "")) - 4 * fraction.replaceAll("_", "").length;
  const value = scale(BigInt(`0x${digits}`), exponent);
  return sign === "-" ? -value : value;
}

function scale(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(2).length;
  if (bits + exponent > 1100) return Number.POSITIVE_INFINITY;
  if (bits + exponent < -1100) return 0;
  // Number() of a bigint rounds half to even; keeping the value normal leaves one rounding only.
  return Number(mantissa) * 2 ** Math.max(exponent, -1000) * 2 ** Math.min(exponent + 1000, 0);
}
