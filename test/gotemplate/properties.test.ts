import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLength, decodeUtf8, encodeUtf8, formatFloat, goQuote } from "../../src/go/index.js";
import {
  createContext,
  deepEqual,
  GoTemplateError,
  goPrint,
  goSprintf,
  nodeText,
  parseTemplate,
  type Value,
} from "../../src/gotemplate/index.js";
import { functions, world } from "./world.js";

const words = [
  "{{",
  "}}",
  "{{-",
  "-}}",
  "{{- ",
  " -}}",
  "{{/*",
  "*/}}",
  "(",
  ")",
  "|",
  ",",
  ":=",
  "=",
  "$x",
  "$",
  "$y.z",
  ".",
  ".list",
  ".map.a",
  ".ann",
  ".ann.Greet",
  ".nobody",
  ".zz.y",
  ".string.x",
  "nil",
  "true",
  "1",
  "-1",
  "1.5",
  "0x1p4",
  "1i",
  "'a'",
  '"s"',
  '"\\xff"',
  "`raw`",
  '"',
  "`",
  "'",
  "if",
  "else",
  "else if",
  "end",
  "range",
  "with",
  "define",
  "block",
  "template",
  '"t"',
  "break",
  "continue",
  "print",
  "printf",
  "and",
  "or",
  "not",
  "eq",
  "lt",
  "len",
  "index",
  "slice",
  "call",
  "html",
  "js",
  "aString",
  "anInt",
  "list",
  "any",
  " ",
  "  ",
  "\n",
  "text",
  "é",
  "😀",
  "%d",
  "\u0000",
];
const word = fc.constantFrom(...words);
const soup = fc.array(
  fc.oneof({ weight: 8, arbitrary: word }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) }),
  {
    maxLength: 60,
  },
);

/** Texts that mostly parse: statements within one another, with operands of every kind. */
const { statement } = fc.letrec<{ operand: string; pipeline: string; statement: string }>((tie) => ({
  operand: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      ".",
      "$",
      "$x",
      ".list",
      ".ints",
      ".map",
      ".ann",
      ".ann.Greet",
      ".nobody",
      ".nobody.Anonymous",
      ".zz.y",
    ),
    fc.constantFrom(
      ".string",
      ".int8",
      ".float",
      ".shelf.Colors",
      ".bytes",
      ".nilMap",
      ".error",
      "nil",
      "true",
      "list",
    ),
    fc.constantFrom("1", "-3", "2.5", "1e3", "'a'", '"text"', '"%v %d"', "`é`", "18446744073709551615", "1i"),
    tie("pipeline").map((text) => `(${text})`),
    tie("pipeline").map((text) => `(${text}).x`),
  ),
  pipeline: fc
    .array(
      fc
        .tuple(
          fc.constantFrom(
            "print",
            "printf",
            "index",
            "slice",
            "len",
            "and",
            "or",
            "not",
            "eq",
            "ne",
            "lt",
            "ge",
            "html",
          ),
          fc.array(tie("operand"), { maxLength: 3 }),
        )
        .map(([name, args]) => [name, ...args].join(" ")),
      { minLength: 1, maxLength: 3 },
    )
    .map((commands) => commands.join(" | ")),
  statement: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("text ", "{{/* note */}}", "\n"),
    tie("operand").map((text) => `{{ ${text} }}`),
    tie("pipeline").map((text) => `{{- ${text} -}}`),
    tie("pipeline").map((text) => `{{ $x := ${text} }}{{ $x = 1 }}`),
    fc
      .tuple(tie("operand"), tie("statement"), tie("statement"))
      .map(([a, b, c]) => `{{if ${a}}}${b}{{else}}${c}{{end}}`),
    fc
      .tuple(tie("operand"), tie("statement"))
      .map(([a, b]) => `{{range $i, $x := ${a}}}${b}{{break}}{{end}}`),
    fc.tuple(tie("operand"), tie("statement")).map(([a, b]) => `{{range ${a}}}${b}{{else}}none{{end}}`),
    fc.tuple(tie("operand"), tie("statement")).map(([a, b]) => `{{with ${a}}}${b}{{end}}`),
    tie("operand").map((text) => `{{template "t" ${text}}}`),
  ),
}));

function attempt(text: string): string | GoTemplateError {
  try {
    const template = parseTemplate("page", text, { functions });
    return template.execute(world(), createContext({ now: () => 0, random: () => 0, maxSteps: 20_000 }));
  } catch (error) {
    if (error instanceof GoTemplateError) return error;
    throw error;
  }
}

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.boolean(),
  fc.constant(null),
);
const tree: fc.Arbitrary<Value> = fc.letrec<{ node: Value }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: "grapheme" }), tie("node"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

describe("whatever the text", () => {
  it("a template either runs or throws a GoTemplateError", () => {
    fc.assert(
      fc.property(soup, (parts) => {
        const result = attempt(parts.join(""));
        expect(typeof result === "string" || result.message.startsWith("template: ")).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("a template made of statements either runs or fails at a place in the text", () => {
    const definition = '{{define "t"}}{{.}}{{.x}}{{end}}';
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
        const result = attempt(`{{$x := 0}}${statements.join("")}${definition}`);
        if (typeof result !== "string") expect(result.line).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("the text of a parsed template parses to a template of the same text", () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 4 }), (statements) => {
        const options = { functions };
        const text = `{{$x := 0}}${statements.join("")}`;
        let first: string;
        try {
          first = nodeText(parseTemplate("page", text, options).tree.root);
        } catch (error) {
          if (error instanceof GoTemplateError) return;
          throw error;
        }
        expect(nodeText(parseTemplate("page", first, options).tree.root)).toBe(first);
      }),
      { numRuns: 500 },
    );
  });

  it("plain text is its own output, however it is cut into actions", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
        const safe = texts.map((text) => text.replaceAll("{", "").replace(/-/g, ""));
        const text = safe.map((part) => `${part}{{ ${goQuote(part)} }}`).join("");
        expect(attempt(text)).toBe(safe.map((part) => part + part).join(""));
      }),
    );
  });
});

describe("whatever the value", () => {
  it("a format prints something or meets a limit", () => {
    const format = fc
      .array(fc.constantFrom(..."%%%%%%vdsqxXtTcUeEfgGbop#+- 0123456789.*[]w!é"), { maxLength: 12 })
      .map((characters) => characters.join("").replace(/\d{5,}/g, "9"));
    fc.assert(
      fc.property(format, fc.array(tree, { maxLength: 3 }), (text, args) => {
        expect(typeof goSprintf(text, args)).toBe("string");
      }),
      { numRuns: 2000 },
    );
  });

  it("printing does not depend on the order of keys, and equality neither", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tree, { noNullPrototype: true }), (map) => {
        const turned = Object.fromEntries(Object.entries(map).reverse());
        expect(goPrint(turned)).toBe(goPrint(map));
      }),
    );
  });

  it("a copy is deeply equal, unless it holds what is not equal to itself", () => {
    fc.assert(
      fc.property(tree, (value) => {
        fc.pre(!goPrint(value).includes("NaN"));
        expect(deepEqual(structuredClone(value), value)).toBe(true);
      }),
    );
  });

  it("shortest floats read back as the same number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const verb of ["e", "f", "g"] as const)
          expect(Number(formatFloat(value, verb, -1, 64))).toBe(value);
      }),
    );
  });

  it("bytes survive being a string", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = decodeUtf8(bytes);
        expect(encodeUtf8(text)).toEqual(bytes);
        expect(byteLength(text)).toBe(bytes.length);
      }),
    );
  });
});
