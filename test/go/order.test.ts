import { describe, expect, it } from "vitest";
import { compareBytes, sortedKeys } from "../../src/go/index.js";
import { goText, readRecording } from "./recorded.js";

const { rows } = readRecording("order");

describe("the order of texts", () => {
  it("is that of their bytes, as Go compares them", () => {
    expect(rows.length).toBeGreaterThan(2000);
    const wrong = rows.filter(
      ([left, right, sign]) => Math.sign(compareBytes(goText(left), goText(right))) !== sign,
    );
    expect(wrong).toEqual([]);
  });

  it("is the order of an object's keys, and only of its own", () => {
    const sorted = sortedKeys(Object.create({ inherited: 1 }, {}));
    expect(sorted).toEqual([]);
    const texts = [...new Set(rows.map(([left]) => goText(left)))];
    const keys = sortedKeys(Object.fromEntries(texts.map((text) => [text, 1])));
    expect(keys).toHaveLength(texts.length);
    for (let index = 1; index < keys.length; index++)
      expect(compareBytes(keys[index - 1] ?? "", keys[index] ?? "")).toBeLessThan(0);
    expect(sortedKeys({ b: 1, a: 2, "": 3, 10: 4, 9: 5 })).toEqual(["", "10", "9", "a", "b"]);
  });
});
