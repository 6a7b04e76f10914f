import { describe, expect, it } from "vitest";
import { structuralDifference } from "../../src/goyaml/index.js";

/** A text with `@` where pieces stand that the two have not in common. */
function piecesOf(text: string, strings: readonly string[]): readonly string[] {
  return text.split("@").flatMap((piece, index) => [piece, strings[index] ?? ""]);
}

function compare(text: string, one: readonly string[], other: readonly string[]): boolean {
  return structuralDifference(piecesOf(text, one), piecesOf(text, other)) === undefined;
}

describe("two YAML texts that differ in pieces", () => {
  it.each([
    ["a: @\nb: c", "word", "it's (one) text"],
    ["a: @\nb: c", "word", '"quoted"'],
    ["a: @\nb: c", "word", "''"],
    ["a: @\nb: c", "word", "x # the rest of itself"],
    ['a: "@"\nb: c', "word", "b: c #, [x\n\n  y"],
    ["a: '@'", "word", 'x" {'],
    ["a: |\n  @\nb: c", "word", "x: [y #"],
    ["a:\n  - >-\n    @\n", "word", "x\n\n    y"],
    ["a: [@, b]", "word", "'x, y'"],
    ["# @\na: b", "word", "x: ["],
    ["@: b", "word", "other"],
    ["a:\n@b: c", "  x: y\n", "  z: |\n    w\n"],
    ["a: b\n--- @", "word", "x: ["],
  ])("have the same structure: %j with %j and %j", (text, one, other) => {
    expect(compare(text, [one], [other])).toBe(true);
  });

  it.each([
    ["a: @\nb: c", "word", "x\nb: d"],
    ["a: @\nb: c", "word", "x: y"],
    ["a: @\nb: c", "word", "[x"],
    ["a: @\nb: c", "word", "&x y"],
    ["a: &x b\nc: @", "word", "*x"],
    ["a: @\nb: c", "word", "!!int 1"],
    ["a: @\nb: c", "word", "x\n---\n"],
    ["a: @\nb: c", "word", "x\n...\n"],
    ["a: @.com\nb: c", "word", "x #"],
    ["a: @\nb: c", "word", "~"],
    ["a: @\nb: c", "word", "|"],
    ["a: !!str @\nb: c", "word", ">-"],
    ["a: @\n  more\nb: c", "word", '"x"'],
    ['a: "@"\nb: "c"', "word", 'x", d: "y'],
    ['a: "@"\nb: "c"', "word", "x\\"],
    ["a: '@'", "word", "x'\nb: 'y"],
    ["a: |\n  @\nb: c", "word", "x\ny: z"],
    ["a: [@, b]", "word", "x, y"],
    ["a: {b: @}", "word", "x, y: z"],
    ["# @\na: b", "word", "x\ny: z"],
    ["@: b", "word", "$patch"],
    ["@: b", "word", "$setElementOrder/x"],
    ["@: {b: c}", "word", "<<"],
    ["@: b", "word", "x: y\nz"],
    ["- @\n- b", "word", "- x"],
    ["a: @\nb: c", "word", "x\0"],
  ])("have not: %j with %j and %j", (text, one, other) => {
    expect(compare(text, [one], [other])).toBe(false);
  });

  it("have not where only two pieces together change it", () => {
    expect(compare("a: @\nb: c\nd: @", ["v", "w"], ['"', '"'])).toBe(false);
    expect(compare("a: @\nb: c\nd: @", ["v", "w"], ['"v"', '"w"'])).toBe(true);
  });

  it("have the same where they end in error at the same place, and not where one does", () => {
    expect(compare("a: @\nb: [", ["v"], ["w"])).toBe(true);
    expect(compare("a: @\nb: c", ["v"], ["%"])).toBe(false);
  });

  it("are compared as wholes where they are cut in another way", () => {
    expect(structuralDifference(["a: b"], ["a: ", "c"])).toBeUndefined();
    expect(structuralDifference(["a: b\nc: d"], ["a: ", "c"])).toBe(0);
  });

  it.each([
    ["a: @\nb: @\nc: @", ["v", "w", "x"], ["v", 'w"', "y: z"], 5],
    ["a: @\nb: @\nc: @", ["v", "w", "x"], ["it's", "x: y", "z"], 3],
    ["a: @\nb: @.com\nc: @", ["v", "w", "x"], ["t", "x #", "z"], 3],
    ["# @ b @\nc: d", ["v", "w"], ["\n", "x"], 1],
    ["a: [@, @, b]", ["v", "w"], ["x #", "y"], 1],
    ["a: @\nb: @", ["v", "w"], ['"', '"'], 1],
  ] as const)(
    "tell which piece is the first to change it: in %j with %j and %j",
    (text, one, other, index) => {
      expect(structuralDifference(piecesOf(text, other), piecesOf(text, one))).toBe(index);
      expect(structuralDifference(piecesOf(text, one), piecesOf(text, other))).toBe(index);
    },
  );
});
