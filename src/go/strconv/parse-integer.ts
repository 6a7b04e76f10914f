import { GoError } from "../go-error.js";
import { quoteExcerpt } from "./quote-excerpt.js";

/** What strconv says of a text that is no integer of the wanted size. */
export type IntegerFault = "invalid syntax" | "value out of range";

/** What an integer reader found: a value, or none and the nearest one when the text is a number out of range. */
export interface ParsedInteger {
  readonly value?: bigint;
  /** Go returns this beside its error: 0, or the limit that was passed. */
  readonly nearest: bigint;
  readonly fault?: IntegerFault;
}

const bases: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };
const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

/** Digits that a double holds exactly, the first of them no zero. */
const fewDigits = /^-?[1-9][0-9]{0,14}$/;

/** strconv.ParseInt with 64 bits: base 0 reads the prefixes 0b, 0o, 0x and 0, and underscores between digits. */
export function parseInteger(text: string, base: 0 | 8 | 10): ParsedInteger {
  if (base !== 8 && fewDigits.test(text)) return found(BigInt(text));
  const negative = text.startsWith("-");
  const digits = negative || text.startsWith("+") ? text.slice(1) : text;
  const { nearest, fault } = parseUnsigned(digits, base, 64);
  if (fault === "invalid syntax") return { nearest, fault };
  const signed = negative ? -nearest : nearest;
  if (fault === undefined && signed >= smallest && signed <= largest) return found(signed);
  return { nearest: negative ? smallest : largest, fault: "value out of range" };
}

function found(value: bigint): ParsedInteger {
  return { value, nearest: value };
}

/**
 * strconv.ParseUint with so many bits. It stops where the value passes the limit, as Go does, whatever follows; so a text of any
 * length takes no longer than it has zeros in front.
 */
export function parseUnsigned(text: string, base: 0 | 8 | 10, bits: 8 | 16 | 32 | 64): ParsedInteger {
  const literal = base === 0 ? readPrefix(text) : { base, digits: text };
  const limit = 1n << BigInt(bits);
  const factor = BigInt(literal.base);
  let value = 0n;
  for (const character of literal.digits) {
    if (character === "_" && base === 0) continue;
    const digit = digitOf(character);
    if (digit >= literal.base) return invalid;
    if (digit === 0 && value === 0n) continue;
    value = value * factor + BigInt(digit);
    if (value >= limit) return { nearest: limit - 1n, fault: "value out of range" };
  }
  return text === "" || (base === 0 && !hasProperUnderscores(text)) ? invalid : found(value);
}

const invalid: ParsedInteger = { nearest: 0n, fault: "invalid syntax" };

/**
 * Reads an unsigned decimal of at most `bits` bits: no sign, no spaces, no underscore.
 * Throws GoError `integer-invalid` with the words of strconv.ParseUint: invalid syntax, or value out of range.
 */
export function parseUint(text: string, bits: 8 | 16 | 32 | 64): bigint {
  const { value, fault = "" } = parseUnsigned(text, 10, bits);
  if (value !== undefined) return value;
  throw new GoError("integer-invalid", `strconv.ParseUint: parsing ${quoteExcerpt(text)}: ${fault}`);
}

/** The base and the digits of a Go integer literal. */
function readPrefix(text: string): { base: number; digits: string } {
  const [, letter = "", digits = ""] = /^0([bBoOxX])(.+)$/s.exec(text) ?? [];
  const base = bases[letter.toLowerCase()];
  if (base !== undefined) return { base, digits };
  return text.startsWith("0") ? { base: 8, digits: text.slice(1) } : { base: 10, digits: text };
}

/** What a digit counts, of ten and 26 letters; more than any base allows for all else. */
function digitOf(character: string): number {
  return /^[0-9A-Za-z]$/.test(character) ? Number.parseInt(character, 36) : 36;
}

/** An underscore stands between digits, or between the prefix and a digit. */
export function hasProperUnderscores(text: string): boolean {
  if (!text.includes("_")) return true;
  const [, prefix = "", digits = ""] = /^[+-]?(0[bBoOxX])?(.*)$/s.exec(text) ?? [];
  const improper = /x$/i.test(prefix)
    ? /(?:^|[^0-9a-fA-F])_|_(?:[^0-9a-fA-F]|$)/
    : /(?:^|[^0-9])_|_(?:[^0-9]|$)/;
  return !improper.test(prefix === "" ? digits : `0${digits}`);
}
