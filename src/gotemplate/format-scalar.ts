import {
  canBackquote,
  encodeUtf8,
  type FloatBits,
  type FloatVerb,
  formatFloat,
  goQuote,
  isPrint,
  quoteRune,
  quoteToAscii,
  runeError,
} from "../go/index.js";
import { type FormatFlags, pad } from "./format-flags.js";

const maxRune = 0x10ffffn;

/** `%t`. */
export function formatBool(value: boolean, flags: FormatFlags): string {
  return pad(value ? "true" : "false", flags);
}

/** `%s`: the precision counts runes. */
export function formatString(text: string, flags: FormatFlags): string {
  return pad(truncate(text, flags.precision), flags);
}

/** `%q` of a string: backquoted with `#` where that is possible, ASCII only with `+`. */
export function formatQuoted(text: string, flags: FormatFlags): string {
  const cut = truncate(text, flags.precision);
  if (flags.sharp && canBackquote(cut)) return pad(`\`${cut}\``, flags);
  return pad(flags.plus ? quoteToAscii(cut) : goQuote(cut), flags);
}

function truncate(text: string, precision: number): string {
  if (precision < 0 || text.length <= precision) return text;
  let left = precision;
  let end = 0;
  for (const rune of text) {
    if (left-- === 0) break;
    end += rune.length;
  }
  return text.slice(0, end);
}

/** `%x` and `%X` of a string or of bytes: with a space between the bytes for ` `, with 0x for `#`. */
export function formatHexBytes(text: string, upper: boolean, flags: FormatFlags): string {
  let bytes = encodeUtf8(text);
  if (flags.precision >= 0) bytes = bytes.subarray(0, flags.precision);
  const prefix = flags.sharp ? "0x" : "";
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const hex = flags.space
    ? pairs.map((pair) => prefix + pair).join(" ")
    : (pairs.length > 0 ? prefix : "") + pairs.join("");
  return pad(upper ? hex.toUpperCase() : hex, flags);
}

/** An integer in a base. `prefix` stands before the digits when the `#` flag, or `%O`, asks for it. */
export function formatInteger(
  value: bigint,
  base: 2 | 8 | 10 | 16,
  verb: string,
  flags: FormatFlags,
): string {
  if (flags.precision === 0 && value === 0n) return flags.width > 0 ? " ".repeat(flags.width) : "";
  const negative = value < 0n;
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  let digits = (negative ? -value : value).toString(base);
  if (flags.precision >= 0) digits = digits.padStart(flags.precision, "0");
  else if (flags.zero && !flags.minus && flags.width > 0)
    digits = digits.padStart(flags.width - sign.length, "0");
  const body = sign + integerPrefix(base, verb, digits, flags) + digits;
  const text = verb === "X" ? body.toUpperCase() : body;
  return pad(text, flags.zero && !flags.minus ? { ...flags, zero: false } : flags);
}

function integerPrefix(base: number, verb: string, digits: string, flags: FormatFlags): string {
  const prefix = verb === "O" ? "0o" : "";
  if (!flags.sharp) return prefix;
  if (base === 2) return "0b";
  if (base === 8) return digits.startsWith("0") ? prefix : `${prefix}0`;
  return base === 16 ? "0x" : "";
}

/** `%c`. */
export function formatCharacter(value: bigint, flags: FormatFlags): string {
  return pad(String.fromCodePoint(toRune(value)), flags);
}

/** `%q` of an integer. */
export function formatQuotedRune(value: bigint, flags: FormatFlags): string {
  return pad(quoteRune(toRune(value), flags.plus), flags);
}

function toRune(value: bigint): number {
  if (value < 0n || value > maxRune || (value >= 0xd800n && value < 0xe000n)) return runeError;
  return Number(value);
}

/** `%U`: `U+0041`, with the character itself for `#`. */
export function formatUnicode(value: bigint, flags: FormatFlags): string {
  const unsigned = BigInt.asUintN(64, value);
  let text = `U+${unsigned.toString(16).toUpperCase().padStart(Math.max(flags.precision, 4), "0")}`;
  if (flags.sharp && unsigned <= maxRune && isPrint(Number(unsigned)))
    text += ` '${String.fromCodePoint(Number(unsigned))}'`;
  return pad(text, { ...flags, zero: false });
}

/** A float with a verb of strconv and a precision, -1 for the shortest. */
export function formatFloatVerb(
  value: number,
  verb: FloatVerb,
  precision: number,
  bits: FloatBits,
  flags: FormatFlags,
): string {
  let text = formatFloat(value, verb, flags.precision >= 0 ? flags.precision : precision, bits);
  let sign = text.startsWith("-") || text.startsWith("+") ? text.slice(0, 1) : "+";
  if (sign === text.slice(0, 1)) text = text.slice(1);
  if (flags.space && sign === "+" && !flags.plus) sign = " ";
  const finite = Number.isFinite(value);
  if (flags.sharp && verb !== "b" && finite) text = keepPoint(text, verb, precision, flags);
  if (!flags.plus && sign === "+") return pad(text, finite ? flags : { ...flags, zero: false });
  if (!finite) return pad(sign + text, { ...flags, zero: false });
  if (flags.zero && !flags.minus && flags.width > text.length + 1)
    return sign + pad(text, { ...flags, width: flags.width - 1 });
  return pad(sign + text, flags);
}

/** `%#g` and `%#x` keep the point and trailing zeros, the other verbs with `#` the point. */
function keepPoint(text: string, verb: FloatVerb, precision: number, flags: FormatFlags): string {
  const tailAt = text.search(verb === "x" || verb === "X" ? /[pP]/ : /[eE]/);
  const number = tailAt < 0 ? text : text.slice(0, tailAt);
  const tail = tailAt < 0 ? "" : text.slice(tailAt);
  // As in Go the x of a hexadecimal number counts as one of its digits, and %X is forgotten.
  const count = number.replace(".", "").replace(/^0+(?=.)/, "").length;
  const missing = "gGx".includes(verb) ? Math.max(wantedDigits(precision, flags) - count, 0) : 0;
  return `${number}${number.includes(".") ? "" : "."}${"0".repeat(missing)}${tail}`;
}

function wantedDigits(precision: number, flags: FormatFlags): number {
  const digits = flags.precision >= 0 ? flags.precision : precision;
  return digits === -1 ? 6 : digits;
}
