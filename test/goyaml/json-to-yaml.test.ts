import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goJson } from "../../src/go/index.js";
import { jsonToYaml, yamlToJson } from "../../src/goyaml/index.js";
import type { JsonValue } from "../../src/json/index.js";

const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");

/** Recorded by running sigs.k8s.io/yaml 1.6.0. */
const recorded: readonly (readonly [JsonValue, string])[] = [
  [{}, "{}\n"],
  [[], "[]\n"],
  ["x", "x\n"],
  [null, "null\n"],
  [[[]], "- []\n"],
  [[{}], "- {}\n"],
  [
    {
      a: 1,
      b: [1, 2, { c: 3, d: [] }],
      e: {},
      f: null,
      g: true,
      h: 1.5,
      i: [[1, 2], [3]],
      j: [{ a: 1, b: 2 }, { c: [{ d: 1 }] }],
      k: { z: 1, y: 2 },
    },
    'a: 1\nb:\n- 1\n- 2\n- c: 3\n  d: []\ne: {}\nf: null\ng: true\nh: 1.5\ni:\n- - 1\n  - 2\n- - 3\nj:\n- a: 1\n  b: 2\n- c:\n  - d: 1\nk:\n  "y": 2\n  z: 1\n',
  ],
  [["a\nb", ["c\nd"], { e: "f\ng" }], "- |-\n  a\n  b\n- - |-\n    c\n    d\n- e: |-\n    f\n    g\n"],
  [{ a: { b: { c: "l1\nl2\n" } } }, "a:\n  b:\n    c: |\n      l1\n      l2\n"],
  [[{ "a\nb": 1 }], "- ? |-\n    a\n    b\n  : 1\n"],
  [{ k: [["x", ["y"]]] }, 'k:\n- - x\n  - - "y"\n'],
  [{ ["y".repeat(129)]: 1 }, `? ${"y".repeat(129)}\n: 1\n`],
  [{ ["y".repeat(128)]: 1 }, `${"y".repeat(128)}: 1\n`],
  [
    { a10: 1, a9: 2, a2: 3, b: 1, A: 2, _: 3, "1": 4, "10": 5, "9": 6, "a-b": 1, ab: 3, "a b": 4, a_b: 5 },
    '_: 3\n"1": 4\n"9": 6\n"10": 5\nA: 2\na b: 4\na-b: 1\na_b: 5\na2: 3\na9: 2\na10: 1\nab: 3\nb: 1\n',
  ],
  [
    {
      a: 1e21,
      b: 1e-7,
      c: 1e20,
      d: 0.1,
      e: 2 ** 53,
      f: 1e6,
      g: 12345678.9,
      h: 9007199254740993n,
      i: 0.00001,
    },
    "a: 1e+21\nb: 1e-07\nc: 1e+20\nd: 0.1\ne: 9007199254740992\nf: 1000000\ng: 1.23456789e+07\nh: 9007199254740993\ni: 1e-05\n",
  ],
];

/** Texts as values of the key k; recorded likewise. */
const texts: readonly (readonly [string, string])[] = [
  ["", '""'],
  ["a b", "a b"],
  ["true", '"true"'],
  ["y", '"y"'],
  ["Off", '"Off"'],
  ["012", '"012"'],
  ["08", '"08"'],
  ["12e", "12e"],
  ["0x", "0x"],
  ["1:30", '"1:30"'],
  ["1:99", "1:99"],
  ["2024-01-02", '"2024-01-02"'],
  ["2024-13-02", "2024-13-02"],
  ["~", '"~"'],
  ["<<", "<<"],
  ["=", "="],
  ["a: b", "'a: b'"],
  ["key:", "'key:'"],
  ["http://x:80/y", "http://x:80/y"],
  ["a #b", "'a #b'"],
  ["a#b", "a#b"],
  ["- a", "'- a'"],
  ["-a", "-a"],
  ["--", "--"],
  ["---", "'---'"],
  ["?a", "?a"],
  ["? a", "'? a'"],
  [":a", ":a"],
  ["[a", "'[a'"],
  ["a]", "a]"],
  [",a", "',a'"],
  ["a,b", "a,b"],
  ["%a", "'%a'"],
  ["`a", "'`a'"],
  ["'a'", "'''a'''"],
  ["it's: x", "'it''s: x'"],
  [" a", "' a'"],
  ["1 ", "'1 '"],
  ["a\nb", "|-\n  a\n  b"],
  ["a\nb\n", "|\n  a\n  b"],
  ["a\n\n", "|+\n  a\n"],
  ["\na", "|2-\n\n  a"],
  ["\n", "|2+\n"],
  [" a\nb", "|2-\n   a\n  b"],
  ["a\n b", "|-\n  a\n   b"],
  ["a \nb", '"a \\nb"'],
  ["a\tb\nc", '"a\\tb\\nc"'],
  ["a\r\nb", '"a\\r\\nb"'],
  ["\u0000\u0001", '"\\0\\x01"'],
  ["é", "é"],
  ["😀", '"\\U0001F600"'],
  ["a\ufeffb", '"a\\uFEFFb"'],
  [`${words(20)}`, `${words(16)}\n  ${words(4)}`],
  [`${words(20)}: x`, `'${words(16)}\n  ${words(4)}: x'`],
  [`\t${words(20)}`, `"\\t${words(16)}\n  ${words(4)}"`],
  [`${words(20)}\nx`, `|-\n  ${words(20)}\n  x`],
];

describe("jsonToYaml", () => {
  it.each(recorded.map(([value, yaml]) => ({ value, yaml })))(
    "prints as Go does: $yaml",
    ({ value, yaml }) => {
      expect(jsonToYaml(value)).toBe(yaml);
    },
  );

  it.each(texts.map(([text, yaml]) => ({ text, yaml })))(
    "prints a text as Go does: $yaml",
    ({ text, yaml }) => {
      expect(jsonToYaml({ k: text })).toBe(`k: ${yaml}\n`);
    },
  );

  it("prints what yamlToJson reads back", () => {
    const value = fc.letrec<{ tree: JsonValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>(
          null,
          true,
          1,
          1.5,
          10n ** 18n,
          "yes",
          "1:30",
          " ",
          "a\n",
          "\n",
          "- ",
          "\u2028",
          "\u0085",
          "a\r",
        ),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
        fc.string({
          unit: fc
            .constantFrom(..."ab 01\n\t:#-?,[]{}&*!|>'\"%@`\\é😀".split(""))
            .filter((c) => !/[\ud800-\udfff]/.test(c)),
        }),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(
          fc.string({ maxLength: 5 }).filter((key) => key !== "<<"),
          tie("tree"),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    })).tree;
    fc.assert(
      fc.property(value, (tree) => {
        expect(goJson(yamlToJson(jsonToYaml(tree)))).toBe(goJson(tree));
      }),
      { numRuns: 2000 },
    );
  });
});
