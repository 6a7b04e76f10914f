import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goJson, goJsonString } from "../../src/go/index.js";
import { goText, rowsOf } from "./recorded.js";

describe("JSON of Go", () => {
  it("has texts as encoding/json writes them, safe inside HTML or not", () => {
    const rows = rowsOf("json", "text", 500);
    const answers = rows.map(([text]) => [
      text,
      goJsonString(goText(text)),
      goJsonString(goText(text), false),
    ]);
    expect(answers).toEqual(rows);
  });

  it("has keys and numbers as encoding/json writes what it read", () => {
    const rows = rowsOf("json", "tree", 14);
    expect(rows.map(([text]) => [text, goJson(JSON.parse(String(text)))])).toEqual(rows);
  });

  it("keeps the order of keys where it is told to, and whole numbers beyond a double", () => {
    expect(goJson({ b: 10n ** 18n + 1n, a: [{ d: 1, c: 2 }] }, "raw")).toBe(
      '{"b":1000000000000000001,"a":[{"d":1,"c":2}]}',
    );
  });

  it("writes a replacement character for half of a surrogate pair", () => {
    expect(goJson("a\ud800b\udc00")).toBe('"a\ufffdb\ufffd"');
    expect(goJson("😀<")).toBe('"😀\\u003c"');
  });

  it("writes JSON that reads back as the same tree", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(JSON.parse(goJson(JSON.parse(JSON.stringify(value))))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });
});
