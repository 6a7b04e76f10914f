import type { JsonValue } from "../json/index.js";
import type { Resolved } from "./resolve-scalar.js";
import type { PlacedScalar } from "./scalar-observer.js";
import { holdsMark, type ScalarPattern, type Slot, scalarPattern } from "./scalar-pattern.js";
import { yamlToJson } from "./yaml-to-json.js";

/** A YAML text read once for many texts that differ in strings inside its scalars. */
export interface YamlWithSlots {
  /** The tree, with a mark in the place of each scalar that may change. An alias puts the mark in more places. */
  readonly tree: JsonValue;
  /** What each mark stands for. Marks are texts or integers that are nowhere else in the tree. */
  readonly marks: ReadonlyMap<string | number, MarkedScalar>;
}

/** A scalar that may change: how to read another one, and what this one means. */
export interface MarkedScalar {
  readonly pattern: ScalarPattern;
  readonly value: string | number;
}

/** Integers that are marks start here and go down: they fit into Go's int32, and nobody writes them. */
const firstInteger = -2_147_000_000;
const lastInteger = -(2 ** 31);
/** A half of a character that needs another half beyond the end of its piece. */
const halfAtEdge = /^[\udc00-\udfff]|[\ud800-\udbff]$/;
/** Starts the texts that are marks. */
const markLetter = "\ue001";

/**
 * Reads a text that is made of pieces with strings between them: fixed[0] + strings[0] + fixed[1] + … + fixed[n].
 * The tree is that of `yamlToJson`, but for the marks. Strings that no pattern names shape the structure, and the tree holds
 * only with these very strings. Undefined when the text holds what marks are made of, or an alias makes one a key.
 * Throws GoYamlError as `yamlToJson` does.
 */
export function yamlWithSlots(
  fixed: readonly string[],
  strings: readonly string[],
): YamlWithSlots | undefined {
  const { text, slots } = join(fixed, strings);
  if (holdsMark(text) || [...fixed, ...strings].some((piece) => halfAtEdge.test(piece))) return undefined;
  const marks = new Map<string | number, MarkedScalar>();
  let clash = false;
  let next = 0;
  const observe = (scalar: PlacedScalar): Resolved["value"] => {
    while ((slots[next]?.end ?? Number.POSITIVE_INFINITY) < scalar.at) next++;
    clash ||= mayBeMark(scalar.value);
    const pattern = scalarPattern(text, scalar, slotsNear(slots, next, scalar.span.end));
    const { value } = scalar;
    if (pattern === undefined || (typeof value !== "string" && typeof value !== "number")) return value;
    const mark = pattern.type === "int" ? firstInteger - marks.size : `${markLetter}${marks.size}`;
    marks.set(mark, { pattern, value });
    return mark;
  };
  const tree = yamlToJson(text, { observe });
  if (
    clash ||
    firstInteger - marks.size < lastInteger ||
    hasKey(tree, new Set([...marks.keys()].map(String)))
  )
    return undefined;
  return { tree, marks };
}

function join(
  fixed: readonly string[],
  strings: readonly string[],
): { text: string; slots: readonly Slot[] } {
  let text = fixed[0] ?? "";
  const slots = strings.map((string, index) => {
    const start = text.length;
    text += string;
    const slot = { index, start, end: text.length };
    text += fixed[index + 1] ?? "";
    return slot;
  });
  return { text, slots };
}

function slotsNear(slots: readonly Slot[], from: number, end: number): readonly Slot[] {
  let to = from;
  while ((slots[to]?.start ?? Number.POSITIVE_INFINITY) <= end) to++;
  return slots.slice(from, to);
}

function mayBeMark(value: Resolved["value"]): boolean {
  if (typeof value === "string") return value.includes(markLetter) || holdsMark(value);
  return typeof value === "number" && value <= firstInteger && value >= lastInteger;
}

/** Whether a mapping of a tree has one of these keys. */
function hasKey(tree: JsonValue, keys: ReadonlySet<string>): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  if (!Array.isArray(tree) && Object.keys(tree).some((key) => keys.has(key))) return true;
  return Object.values(tree).some((item) => hasKey(item, keys));
}
