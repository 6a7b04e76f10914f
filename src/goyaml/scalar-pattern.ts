import { Cursor } from "./cursor.js";
import { isDoubleText, isOneLine, isPlainText, isSingleText } from "./plain-text.js";
import type { PlacedScalar } from "./scalar-observer.js";
import { scanBlockScalar } from "./scan-block-scalar.js";
import { scanQuoted } from "./scan-quoted.js";

/** A part of a text that may be another string another time. */
export interface Slot {
  /** Its place among the strings of the text. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** A scalar with strings in it that may be others another time. */
export interface ScalarPattern {
  /** The places of its strings among those of the text. */
  readonly slots: readonly number[];
  readonly type: "string" | "int";
  /**
   * What the scalar means with the text's strings as given: exactly as the reader would find, or undefined where the
   * scalar might end elsewhere, be of another type, or is not worth the time to tell.
   */
  read(strings: readonly string[]): string | number | undefined;
}

/** Stands in a scalar for a string. It can neither end a scalar nor be part of an escape. */
const mark = "\ue000";

/** Whether a text holds what `scalarPattern` uses itself. */
export function holdsMark(text: string): boolean {
  return text.includes(mark);
}

/** Such an integer is the same number in every integer type of Go, and in JSON. */
const smallInteger = /^(?:0|[1-9][0-9]{0,8})$/;

/**
 * The pattern of a scalar, given the slots of the text that lie in it or touch it; undefined when none of them can hold
 * another string. Slots that the pattern does not name hold for the string that is there.
 */
export function scalarPattern(
  text: string,
  scalar: PlacedScalar,
  near: readonly Slot[],
): ScalarPattern | undefined {
  if (!scalar.bare) return undefined;
  if (scalar.plain) return plainPattern(text, scalar, near);
  const style = text.charAt(scalar.at);
  return style === "|" || style === ">"
    ? blockPattern(text, scalar, near)
    : quotedPattern(text, scalar, style, near);
}

function plainPattern(text: string, scalar: PlacedScalar, near: readonly Slot[]): ScalarPattern | undefined {
  const { at, span } = scalar;
  const { inFlow } = span;
  const slots = near.filter(({ start, end }) => start >= at && end <= span.end);
  if (slots.length === 0) return undefined;
  const raw = text.slice(at, span.end);
  const whole = joiner(cut(text, at, span.end, slots), slots);
  if (typeof scalar.value === "number" && smallInteger.test(raw))
    return pattern(slots, "int", (strings) => {
      const written = whole(strings);
      return smallInteger.test(written) ? Number(written) : undefined;
    });
  if (!isPlainText(raw, inFlow)) return undefined;
  return pattern(slots, "string", (strings) => {
    const written = whole(strings);
    return isPlainText(written, inFlow) ? written : undefined;
  });
}

function quotedPattern(
  text: string,
  { at, span }: PlacedScalar,
  quote: string,
  near: readonly Slot[],
): ScalarPattern | undefined {
  const readContent = quote === '"' ? readDouble : readSingle;
  const all = near.find(({ start, end }) => start === at && end === span.end);
  if (all !== undefined) {
    const { index } = all;
    const read = (strings: readonly string[]) => readQuoted(strings[index] ?? "", quote, readContent);
    return read(slotText(text, [all])) === undefined ? undefined : pattern([all], "string", read);
  }
  if (!isOneLine(text.slice(at, span.end))) return undefined;
  const slots = near.filter(
    ({ start, end }) => start > at && end < span.end && readContent(text.slice(start, end)) !== undefined,
  );
  const parts = readMarked(cut(text, at, span.end, slots), (cursor) => scanQuoted(cursor));
  return textPattern(parts, slots, readContent);
}

function blockPattern(
  text: string,
  { at, span, value }: PlacedScalar,
  near: readonly Slot[],
): ScalarPattern | undefined {
  const written = text.slice(at, span.end);
  const header = written.search(/[\n\r\u0085\u2028\u2029]/);
  if (header < 0) return undefined;
  const first = at + header + 1;
  const last = at + written.trimEnd().length;
  const slots: Slot[] = [];
  const heads = new Set<number>();
  for (const slot of near) {
    if (slot.start < first || slot.end > last) continue;
    const isHead = startsLine(text, slot.start, slots.at(-1)?.end ?? first, first);
    if (!isLineText(text.slice(slot.start, slot.end), isHead)) continue;
    if (isHead) heads.add(slot.index);
    slots.push(slot);
  }
  const scan = (cursor: Cursor) => scanBlockScalar(cursor, span.parentIndent);
  // The scalar alone must mean the same as in its text, else its pieces would not either.
  if (readMarked([written], scan)?.[0] !== value) return undefined;
  const parts = readMarked(cut(text, at, span.end, slots), scan);
  return textPattern(parts, slots, (content, index) =>
    isLineText(content, heads.has(index)) ? content : undefined,
  );
}

/** Whether only blanks stand between the start of a line and a place; it looks back no further than `floor`. */
function startsLine(text: string, at: number, floor: number, first: number): boolean {
  for (let before = at; before > floor; before--) {
    const character = text.charAt(before - 1);
    if (/[\n\r\u0085\u2028\u2029]/.test(character)) return true;
    if (character.trim() !== "") return false;
  }
  return floor === first;
}

/** Whether a string in a block scalar stands for itself. At the start of a line it decides on indentation and folding. */
function isLineText(content: string, isHead: boolean): boolean {
  if (isHead && (content === "" || content.charCodeAt(0) === 0x20)) return false;
  return isOneLine(content);
}

function pattern(
  slots: readonly Slot[],
  type: ScalarPattern["type"],
  read: ScalarPattern["read"],
): ScalarPattern {
  return { slots: slots.map(({ index }) => index), type, read };
}

/** A pattern whose text is made of parts that are known and what the strings between them stand for. */
function textPattern(
  parts: readonly string[] | undefined,
  slots: readonly Slot[],
  readContent: (content: string, index: number) => string | undefined,
): ScalarPattern | undefined {
  if (parts === undefined || slots.length === 0) return undefined;
  const indexes = slots.map(({ index }) => index);
  return pattern(slots, "string", (strings) => {
    let text = parts[0] ?? "";
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i] ?? 0;
      const content = readContent(strings[index] ?? "", index);
      if (content === undefined) return undefined;
      text += content + (parts[i + 1] ?? "");
    }
    return text;
  });
}

/** What stands before, between and behind slots, from `start` to `end`. */
function cut(text: string, start: number, end: number, slots: readonly Slot[]): readonly string[] {
  const starts = [start, ...slots.map((slot) => slot.end)];
  const ends = [...slots.map((slot) => slot.start), end];
  return starts.map((from, index) => text.slice(from, ends[index]));
}

/** Puts strings between pieces. */
function joiner(pieces: readonly string[], slots: readonly Slot[]): (strings: readonly string[]) => string {
  const indexes = slots.map(({ index }) => index);
  const [before = "", after = ""] = pieces;
  const [only = 0] = indexes;
  if (indexes.length === 1 && before === "" && after === "") return (strings) => strings[only] ?? "";
  return (strings) => {
    let text = before;
    for (let i = 0; i < indexes.length; i++) text += (strings[indexes[i] ?? 0] ?? "") + (pieces[i + 1] ?? "");
    return text;
  };
}

/**
 * What pieces of a scalar stand for, when any string may be between them; undefined when an escape or the end of the scalar
 * would lie across two of them.
 */
function readMarked(
  pieces: readonly string[],
  scan: (cursor: Cursor) => string,
): readonly string[] | undefined {
  const marked = pieces.join(mark);
  const cursor = new Cursor(marked, "");
  try {
    const parts = scan(cursor).split(mark);
    return cursor.at === marked.length && parts.length === pieces.length ? parts : undefined;
  } catch {
    return undefined;
  }
}

/** The strings of a text at these slots, each at its index. */
function slotText(text: string, slots: readonly Slot[]): readonly string[] {
  const strings: string[] = [];
  for (const { index, start, end } of slots) strings[index] = text.slice(start, end);
  return strings;
}

/** What a string stands for that is a scalar with its quotes. */
function readQuoted(
  written: string,
  quote: string,
  readContent: (content: string) => string | undefined,
): string | undefined {
  if (written.length < 2 || !written.startsWith(quote) || !written.endsWith(quote)) return undefined;
  return readContent(written.slice(1, -1));
}

function readSingle(content: string): string | undefined {
  return isSingleText(content) ? content : undefined;
}

function readDouble(content: string): string | undefined {
  if (isDoubleText(content)) return content;
  return content.includes("\\") && isOneLine(content) ? readEscaped(content) : undefined;
}

/** The text in double quotes with its escapes read; undefined where it holds a quote or what is no escape. */
function readEscaped(content: string): string | undefined {
  const quoted = `"${content}"`;
  try {
    // Escapes that JSON has mean the same there, but for a slash, and for halves of characters after \u.
    if (!/\\[u/]/.test(content)) return String(JSON.parse(quoted));
  } catch {
    // It has others.
  }
  const cursor = new Cursor(quoted, "");
  try {
    const text = scanQuoted(cursor);
    return cursor.at === quoted.length ? text : undefined;
  } catch {
    return undefined;
  }
}
