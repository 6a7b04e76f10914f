import { describe, expect, it } from "vitest";
import { writePatch } from "../../src/admission/write-patch.js";
import type { JsonValue } from "../../src/json/index.js";

const values: readonly JsonValue[] = [
  null,
  true,
  -0,
  1.5,
  "plain",
  'quote " backslash \\ line \n é \u2028 \ud800',
  [],
  {},
  [[], {}, [1, "a", null], { a: [{ b: {} }] }],
  { a: 1, 'b"': { c: "d" }, toJSON: "text", __proto__: null },
  JSON.parse('{"__proto__":{"a":1},"constructor":null}'),
];

function frozen(value: JsonValue): JsonValue {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

describe("writePatch", () => {
  it("writes what JSON.stringify writes", () => {
    const patch = values.map((value, index) => ({ op: "add", path: `/a~1"${index}`, value }) as const);
    expect(writePatch({ patch })).toBe(JSON.stringify(patch));
    expect(writePatch({ patch: [] })).toBe("[]");
    expect(writePatch({ patch: [{ op: "remove", path: "/é" }] })).toBe('[{"op":"remove","path":"/é"}]');
  });

  it("writes integers that no double holds with all their digits, wherever they are", () => {
    const long = 9223372036854775807n;
    for (const value of [long, [long], { a: [1, { b: long }] }, frozen({ a: { b: [long] } })]) {
      const text = writePatch({ patch: [{ op: "add", path: "/spec", value }] });
      expect(text).toContain("9223372036854775807");
      expect(text.replaceAll(String(long), "7")).toBe(
        JSON.stringify([{ op: "add", path: "/spec", value }], (_, item) => (item === long ? 7 : item)),
      );
    }
  });

  it("writes a frozen part once more as it did, and an object that is frozen on its surface alone as it is now", () => {
    const shared = frozen({ env: [{ name: "A", value: "é\n" }] });
    const inner = { name: "A" };
    const surface = Object.freeze({ inner });
    for (const name of ["A", "B"]) {
      inner.name = name;
      const patch = [{ op: "add", path: "/spec", value: [shared, surface, { shared }, name] }] as const;
      const list = patch.map((operation) => ({ ...operation, value: [...operation.value] }));
      expect(writePatch({ patch: list })).toBe(JSON.stringify(list));
    }
  });
});
