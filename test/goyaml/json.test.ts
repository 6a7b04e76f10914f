import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goJson } from "../../src/go/index.js";
import { GoYamlError, jsonParse } from "../../src/goyaml/index.js";
import { jsonStringify } from "../../src/json/index.js";

function refusal(text: string): GoYamlError {
  try {
    jsonParse(text);
  } catch (error) {
    if (error instanceof GoYamlError) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("jsonParse", () => {
  it("reads what JSON.parse reads, as JSON.parse reads it", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(goJson(jsonParse(text))).toBe(goJson(JSON.parse(text)));
      }),
    );
  });

  it("keeps integers beyond 2^53, and writes them back", () => {
    const text = '{"a":9223372036854775807,"b":[-9007199254740993],"c":9007199254740991,"d":1e20}';
    const value = jsonParse(text);
    expect(value).toEqual({ a: 9223372036854775807n, b: [-9007199254740993n], c: 9007199254740991, d: 1e20 });
    expect(jsonStringify(value)).toBe(text.replace("1e20", "100000000000000000000"));
  });

  it("reads texts with long numbers beside everything else JSON has", () => {
    const text =
      ' {"\\u0041\\n": [true, false, null, -0.5e-3, "", {}, []], "__proto__": {"x": 12345678901234567890}} ';
    expect(JSON.stringify(jsonParse(text), (_, value) => (typeof value === "bigint" ? "big" : value))).toBe(
      '{"A\\n":[true,false,null,-0.0005,"",{},[]],"__proto__":{"x":"big"}}',
    );
  });

  it.each([
    ["", 1, 1, "the end of the text where a value should be"],
    ["{", 1, 2, "the end of the text where a text should be"],
    ['{"a" 1}', 1, 6, 'found "1" where a colon should be'],
    ['{"a":1,}', 1, 8, 'found "}" where a text should be'],
    ['{\n  "a": nul\n}', 2, 8, 'found "n" where a value should be'],
    ["[1 2]", 1, 4, 'found "2" where a comma or a closing bracket should be'],
    ["[01]", 1, 3, 'found "1" where a comma'],
    ['"a\nb"', 1, 1, "where a text should be"],
    ["1 2", 1, 3, 'found "2" after the value'],
    ["[1e999, 1234567890123456]", 1, 2, "the number 1e999 is too large"],
  ])("says of %j where it is wrong", (text, line, column, reason) => {
    const error = refusal(text);
    expect(error).toMatchObject({ code: "syntax", line, column });
    expect(error.message).toContain(reason);
  });

  it("refuses trees that nest too deep, whichever way they are read", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(refusal(deep).code).toBe("too-deep");
    expect(refusal(`${"[".repeat(1100)}1234567890123456789${"]".repeat(1100)}`).code).toBe("too-deep");
    expect(jsonParse(`${"[".repeat(900)}1${"]".repeat(900)}`)).toBeDefined();
  });
});
