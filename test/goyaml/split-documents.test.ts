import { describe, expect, it } from "vitest";
import { GoYamlError, splitDocuments } from "../../src/goyaml/index.js";

describe("splitDocuments", () => {
  it("gives each document's text as it stands, and its first line", () => {
    expect(splitDocuments("a: 1\n--- # next\n# note\nb: 2\r\n---\r\n\n---\nc: |\n  ---\n")).toEqual([
      { text: "a: 1\n", line: 1 },
      { text: "# note\nb: 2\r\n", line: 3 },
      { text: "c: |\n  ---\n", line: 8 },
    ]);
  });

  it("leaves out documents of white space", () => {
    expect(splitDocuments("---\n---\n \n---#\n")).toEqual([]);
    expect(splitDocuments("")).toEqual([]);
  });

  it("takes a last line without a line break", () => {
    expect(splitDocuments("a\n---\nb")).toEqual([
      { text: "a\n", line: 1 },
      { text: "b", line: 3 },
    ]);
  });

  it("refuses a separator that something follows", () => {
    expect(() => splitDocuments("a: 1\n--- b\n")).toThrow(GoYamlError);
    expect(() => splitDocuments("a: 1\n----\n")).toThrow(
      "line 2, column 4: invalid Yaml document separator: -",
    );
  });
});
