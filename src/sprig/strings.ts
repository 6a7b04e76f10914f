import { fromByteString, goQuote, toByteString } from "../go/index.js";
import { type GoFunction, TypedMap, TypedSlice, type Value } from "../gotemplate/index.js";
import { setOwn } from "../json/index.js";
import { define, defineAll, type Invocation } from "./invocation.js";
import { isSpace } from "./letter-case.js";
import { itemsOrUndefined } from "./list-items.js";
import { printed, textOf } from "./print.js";
import { SprigError } from "./sprig-error.js";

/** The `strings` family: everything about text but letter case and line breaks. */
export const stringFunctions: readonly GoFunction[] = [
  define("trim", "pure", ["string"], (call) => trimRunes(call.text(0), isSpace)),
  ...defineAll(["trimAll", "trimall"], "pure", ["string", "string"], (call) => {
    const cutset = [...call.text(0)];
    return trimRunes(call.text(1), (rune) => cutset.includes(rune));
  }),
  define("trimPrefix", "pure", ["string", "string"], (call) => {
    const prefix = call.text(0);
    const text = call.text(1);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }),
  define("trimSuffix", "pure", ["string", "string"], (call) => {
    const suffix = call.text(0);
    const text = call.text(1);
    return suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  }),
  define("contains", "pure", ["string", "string"], (call) => call.text(1).includes(call.text(0))),
  define("hasPrefix", "pure", ["string", "string"], (call) => call.text(1).startsWith(call.text(0))),
  define("hasSuffix", "pure", ["string", "string"], (call) => call.text(1).endsWith(call.text(0))),
  define("repeat", "pure", ["int", "string"], (call) => repeated(call, call.text(1), call.int(0))),
  define("indent", "pure", ["int", "string"], (call) => indented(call)),
  define("nindent", "pure", ["int", "string"], (call) => `\n${indented(call)}`),
  define("replace", "pure", ["string", "string", "string"], (call) =>
    replaced(call, call.text(2), call.text(0), call.text(1)),
  ),
  define("plural", "pure", ["string", "string", "int"], (call) =>
    call.int(2) === 1n ? call.text(0) : call.text(1),
  ),
  define("substr", "pure", ["int", "int", "string"], (call) =>
    substring(call.int(0), call.int(1), call.text(2)),
  ),
  define("trunc", "pure", ["int", "string"], (call) => truncated(call.int(0), call.text(1))),
  define("nospace", "pure", ["string"], (call) => withoutSpace(call.text(0))),
  define("initials", "pure", ["string"], (call) => initials(call.text(0))),
  define("quote", "pure", ["...any"], (call) => eachNotNil(call, (value) => goQuote(textOf(value)))),
  define("squote", "pure", ["...any"], (call) => eachNotNil(call, (value) => `'${printed(value)}'`)),
  define("cat", "pure", ["...any"], (call) => eachNotNil(call, printed)),
  define("toString", "pure", ["any"], (call) => paid(call, textOf(call.any(0)))),
  define("toStrings", "pure", ["any"], (call) => new TypedSlice("[]string", texts(call, call.any(0)))),
  define("join", "pure", ["string", "any"], (call) => joined(call)),
  define("split", "pure", ["string", "string"], (call) => numbered(split(call, call.text(1), call.text(0)))),
  define("splitn", "pure", ["string", "int", "string"], (call) =>
    numbered(split(call, call.text(2), call.text(0), call.int(1))),
  ),
  define("splitList", "pure", ["string", "string"], (call) => {
    return new TypedSlice("[]string", split(call, call.text(1), call.text(0)));
  }),
];

function trimRunes(text: string, unwanted: (rune: string) => boolean): string {
  let start = 0;
  for (; start < text.length; start += runeAt(text, start).length) if (!unwanted(runeAt(text, start))) break;
  let end = text.length;
  for (; end > start; end -= runeBefore(text, end).length) if (!unwanted(runeBefore(text, end))) break;
  return text.slice(start, end);
}

function runeAt(text: string, at: number): string {
  return text.slice(at, at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1));
}

function runeBefore(text: string, end: number): string {
  const pair = end > 1 ? runeAt(text, end - 2) : "";
  return pair.length === 2 ? pair : text.charAt(end - 1);
}

function repeated(call: Invocation, text: string, count: bigint): string {
  if (count < 0n) throw new SprigError("bounds", "strings: negative Repeat count");
  if (text === "" || count === 0n) return "";
  call.chargeText(Number(count) * text.length);
  return text.repeat(Number(count));
}

function indented(call: Invocation): string {
  const text = call.text(1);
  const lines = text.split("\n");
  const width = call.int(0);
  if (width < 0n) throw new SprigError("bounds", "strings: negative Repeat count");
  call.chargeText(text.length + Number(width) * lines.length);
  const pad = " ".repeat(Number(width));
  return pad + lines.join(`\n${pad}`);
}

/** strings.ReplaceAll: an empty `old` stands before each rune and at the end. */
function replaced(call: Invocation, text: string, old: string, replacement: string): string {
  const parts = old === "" ? ["", ...text, ""] : text.split(old);
  call.chargeText(text.length + (parts.length - 1) * replacement.length);
  return parts.join(replacement);
}

/** Go's slice expressions on the bytes, with their range errors. */
function substring(start: bigint, end: bigint, text: string): string {
  const bytes = toByteString(text);
  const length = BigInt(bytes.length);
  const outside = (range: string): SprigError =>
    new SprigError("bounds", `runtime error: slice bounds out of range ${range}`);
  const from = start < 0n ? 0n : start;
  const to = start >= 0n && (end < 0n || end > length) ? length : end;
  if (to < 0n) throw outside(`[:${to}]`);
  if (to > length) throw outside(`[:${to}] with length ${length}`);
  if (from > to) throw outside(`[${from}:${to}]`);
  return fromByteString(bytes.slice(Number(from), Number(to)));
}

function truncated(count: bigint, text: string): string {
  const bytes = toByteString(text);
  const length = BigInt(bytes.length);
  if (count < 0n && length + count > 0n) return fromByteString(bytes.slice(Number(count)));
  return count >= 0n && length > count ? fromByteString(bytes.slice(0, Number(count))) : text;
}

/** goutils looks at bytes as if they were runes: space goes, and what is no ASCII becomes Latin-1 when any goes. */
function withoutSpace(text: string): string {
  const bytes = toByteString(text);
  const kept = [...bytes].filter((byte) => !isSpace(byte));
  return kept.length === bytes.length ? text : kept.join("");
}

/** The first byte of each word, as a rune. */
function initials(text: string): string {
  let letters = "";
  let gap = true;
  for (const byte of toByteString(text)) {
    const space = isSpace(byte);
    if (gap && !space) letters += byte;
    gap = space;
  }
  return letters;
}

/** A printed value cannot be paid for before it is made, but printing has a bound of its own. */
function paid(call: Invocation, text: string): string {
  call.chargeText(text.length);
  return text;
}

/** Prints the arguments that are not nil with a space between them. */
function eachNotNil(call: Invocation, print: (value: Value) => string): string {
  const { count } = call;
  if (count === 1 && call.any(0) !== null) {
    call.charge(1);
    return paid(call, print(call.any(0)));
  }
  const values = call.rest(0).filter((value) => value !== null);
  call.charge(values.length);
  return values.map((value) => paid(call, print(value))).join(" ");
}

/** The elements of a list that are not nil as text; anything else is a list of itself. */
export function texts(call: Invocation, value: Value): string[] {
  const items = itemsOrUndefined(value) ?? [value];
  call.charge(items.length);
  const present: string[] = [];
  for (const item of items) if (item !== null && item !== undefined) present.push(paid(call, textOf(item)));
  return present;
}

function joined(call: Invocation): string {
  const separator = call.text(0);
  const parts = texts(call, call.any(1));
  const [only] = parts;
  let length = parts.length * separator.length;
  for (const part of parts) length += part.length;
  call.chargeText(length);
  return only !== undefined && parts.length === 1 ? only : parts.join(separator);
}

/** strings.SplitN; without a separator every rune is a part. No limit is a negative one. */
function split(call: Invocation, text: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return [];
  const parts = separator === "" ? [...text] : text.split(separator);
  call.charge(parts.length);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts;
  const last = Number(limit) - 1;
  return [...parts.slice(0, last), parts.slice(last).join(separator)];
}

/** The parts as `_0`, `_1` and so on. */
function numbered(parts: readonly string[]): TypedMap {
  const entries: Record<string, Value> = {};
  for (const [index, part] of parts.entries()) setOwn(entries, `_${index}`, part);
  return new TypedMap("map[string]string", entries, "");
}
