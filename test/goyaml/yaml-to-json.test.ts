import { describe, expect, it } from "vitest";
import { GoYamlError, yamlToJson } from "../../src/goyaml/index.js";

function refusal(text: string, source?: string): GoYamlError {
  try {
    yamlToJson(text, source === undefined ? {} : { source });
  } catch (error) {
    if (error instanceof GoYamlError) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("yamlToJson", () => {
  it("keeps integers that a double cannot hold, as keys too", () => {
    expect(
      yamlToJson("a: 9007199254740993\n-9223372036854775808: 0x7fffffffffffffff\nb: 9007199254740991"),
    ).toEqual({
      a: 9007199254740993n,
      "-9223372036854775808": 9223372036854775807n,
      b: 9007199254740991,
    });
  });

  it("prints a float as a key in single precision, as sigs.k8s.io/yaml does", () => {
    const yaml =
      "1.1: a\n0.1234567891: a\n1e6: a\n1e5: a\n123456789.5: a\n1e-5: a\n-.inf: a\n.nan: a\n-0.0: a\n3.5e38: a\n1234567.5: a";
    expect(Object.keys(yamlToJson(yaml) as object).sort()).toEqual(
      [
        "1.1",
        "0.12345679",
        "1e+06",
        "100000",
        "1.2345679e+08",
        "1e-05",
        "-.inf",
        ".nan",
        "-0",
        ".inf",
        "1.2345675e+06",
      ].sort(),
    );
  });

  it("reads numbers in all the forms of Go", () => {
    const yaml =
      "[1_2_3, 0x, 1e1_0, ._5, .5_0, 0b1_1, -0b, 0o8, -0o7, +0b1, 0B11, 1., -.5, +.5, .e1, 1.e1, 0b+1, 0o-7, 0b-, 0x1_F, 0777_7]";
    expect(yamlToJson(yaml)).toEqual([
      123,
      "0x",
      1e10,
      "._5",
      0.5,
      3,
      "-0b",
      "0o8",
      -7,
      1,
      3,
      1,
      -0.5,
      0.5,
      ".e1",
      10,
      1,
      -7,
      "0b-",
      31,
      4095,
    ]);
  });

  it("takes keys that JavaScript treats specially for keys like any other", () => {
    const value = yamlToJson(
      "__proto__: {a: 1}\nconstructor: 2\nb:\n  <<: {__proto__: 3}\nc: &x {__proto__: 4}\nd: *x",
    );
    expect(JSON.stringify(value)).toBe(
      '{"__proto__":{"a":1},"constructor":2,"b":{"__proto__":3},"c":{"__proto__":4},"d":{"__proto__":4}}',
    );
    expect(Reflect.get({}, "a")).toBeUndefined();
  });

  it("gives an alias a tree of its own", () => {
    const value = yamlToJson("a: &x {k: [1]}\nb: *x") as { a: { k: number[] }; b: { k: number[] } };
    value.a.k.push(2);
    expect(value.b).toEqual({ k: [1] });
  });

  it("decodes binary texts", () => {
    expect(yamlToJson("a: !!binary aGVsbG8=")).toEqual({ a: "hello" });
    expect(refusal("a: !!binary x").reason).toContain("invalid base64");
  });

  it.each([
    ["a: b\n c: d", 2, 3, " c: d", "mapping values are not allowed"],
    ["a:\n  - b\n c: d", 3, 2, " c: d", "did not find expected key"],
    ["a: 1\nb: @x", 2, 4, "b: @x", "cannot start any token"],
    ["a: {b: c\nd: [", 2, 2, "d: [", "did not find expected ',' or '}'"],
    ["a: *missing", 1, 4, "a: *missing", "unknown anchor 'missing'"],
    ["a: 'b", 1, 6, "a: 'b", "a quote is not closed"],
    ["a:\n\tb: 1", 2, 1, "\tb: 1", "cannot start any token"],
    ["a: 1\nb\u0001: 2", 2, 2, "b\u0001: 2", "control characters are not allowed: U+0001"],
    ["a: .inf", 1, 4, "a: .inf", "JSON has no number .inf"],
    ["a: 1\n~: 2", 2, 1, "~: 2", "unsupported map key"],
    ["{[a]: 1}", 1, 2, "{[a]: 1}", "invalid map key"],
  ])("says of %j where it is wrong", (text, line, column, sourceLine, reason) => {
    const error = refusal(text);
    expect(error).toMatchObject({ line, column, sourceLine, source: "" });
    expect(error.reason).toContain(reason);
    expect(error.message).toBe(`yaml: line ${line}, column ${column}: ${error.reason}`);
  });

  it("names the source of the text", () => {
    expect(refusal("[", "values.yaml").message).toMatch(/^values\.yaml: yaml: line 1, /);
  });

  it.each([
    ["flow sequences", "[".repeat(100_000)],
    ["flow mappings", "{a: ".repeat(100_000)],
    ["block sequences", "- ".repeat(100_000)],
    ["block mappings", Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:\n`).join("")],
    ["keys", "? ".repeat(100_000)],
    ["alternating collections", `- ${"{a: [".repeat(10_000)}`],
  ])("refuses %s that nest too deep", (_, text) => {
    expect(refusal(text).code).toBe("too-deep");
  });

  it("reads nesting up to a thousand", () => {
    const depth = 999;
    expect(JSON.stringify(yamlToJson("[".repeat(depth) + "]".repeat(depth)))).toHaveLength(2 * depth);
  });

  it("refuses aliases that multiply", () => {
    const letters = [..."abcdefghij"];
    const bomb = letters.map((letter, i) => {
      const item = i === 0 ? "x" : `*${letters[i - 1]}`;
      return `${letter}: &${letter} [${Array.from({ length: 9 }, () => item).join(",")}]`;
    });
    expect(refusal(bomb.join("\n")).code).toBe("too-large");
  });

  it("reads a document of many aliases of one small anchor", () => {
    const yaml = `a: &a {k: 1}\nl:\n${"- *a\n- b\n".repeat(2000)}`;
    expect(yamlToJson(yaml)).toHaveProperty("l.length", 4000);
  });

  it.each([
    ["a quoted text over many lines", `'${"a\n".repeat(300_000)}'`],
    ["a plain text of many words", `a${" b".repeat(300_000)}`],
    ["a long number", "1".repeat(1_000_000)],
    ["a long list in deep nesting", `${"[".repeat(900)}${"1,".repeat(300_000)}${"]".repeat(900)}`],
    ["many empty lines", `a: |\n${"\n".repeat(300_000)} b`],
  ])("reads %s in one go", (_, text) => {
    expect(yamlToJson(text)).toBeDefined();
  });
});
