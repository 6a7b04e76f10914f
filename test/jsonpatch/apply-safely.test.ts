import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/json/index.js";
import { apply, JsonPatchError, type Operation } from "../../src/jsonpatch/index.js";

function refusal(document: JsonValue, operations: unknown): JsonPatchError {
  try {
    apply(document, operations as Operation[]);
  } catch (error) {
    if (error instanceof JsonPatchError) return error;
    throw error;
  }
  throw new Error("it was applied");
}

describe("apply", () => {
  it.each<[string, JsonValue, unknown, string, number | undefined]>([
    ["no list", {}, {}, "operation-invalid", undefined],
    ["no operation", {}, [null], "operation-invalid", 0],
    ["an unknown op", {}, [{ op: "spam", path: "" }], "operation-invalid", 0],
    ["an op named like a member of objects", {}, [{ op: "toString", path: "" }], "operation-invalid", 0],
    ["a path that is no text", {}, [{ op: "remove", path: 1 }], "operation-invalid", 0],
    ["a missing value", {}, [{ op: "add", path: "/a" }], "operation-invalid", 0],
    ["a missing from", {}, [{ op: "move", path: "/a" }], "operation-invalid", 0],
    ["a path without a slash", {}, [{ op: "add", path: "a", value: 1 }], "pointer-invalid", 0],
    ["a position that is none", { a: [] }, [{ op: "add", path: "/a/x", value: 1 }], "pointer-invalid", 0],
    ["a position beyond the end", { a: [] }, [{ op: "add", path: "/a/1", value: 1 }], "pointer-invalid", 0],
    [
      "nothing to remove",
      { a: 1 },
      [
        { op: "test", path: "/a", value: 1 },
        { op: "remove", path: "/b" },
      ],
      "path-missing",
      1,
    ],
    ["a parent that is missing", {}, [{ op: "add", path: "/a/b", value: 1 }], "path-missing", 0],
    ["a member that all objects inherit", {}, [{ op: "remove", path: "/toString" }], "path-missing", 0],
    ["a test that fails", { a: 1 }, [{ op: "test", path: "/a", value: "1" }], "test-failed", 0],
    ["a path through a text", { a: "x" }, [{ op: "add", path: "/a/b/c", value: 1 }], "path-missing", 0],
  ])("refuses %s", (_, document, operations, code, index) => {
    const error = refusal(document, operations);
    expect(error).toMatchObject({ code, name: "JsonPatchError" });
    expect(error.index).toBe(index);
  });

  it("names the operation in the message", () => {
    expect(refusal({ a: [] }, [{ op: "remove", path: "/a/0" }]).message).toMatch(
      /^operation 0 \(remove \/a\/0\): /,
    );
  });

  it("does all or nothing, and leaves its inputs alone", () => {
    const document = { a: [{ b: 1 }] };
    const patch: Operation[] = [
      { op: "add", path: "/a/0/c", value: { d: 1 } },
      { op: "replace", path: "/a/0/c/d", value: 2 },
    ];
    const inputs = structuredClone([document, patch]);
    expect(apply(document, patch)).toEqual({ a: [{ b: 1, c: { d: 2 } }] });
    refusal(document, [...patch, { op: "remove", path: "/x" }]);
    expect([document, patch]).toEqual(inputs);
  });

  it.each([
    "/__proto__/polluted",
    "/constructor/prototype/polluted",
    "/a/__proto__/polluted",
    "/list/__proto__/polluted",
    "/text/__proto__/polluted",
  ])("cannot reach a prototype by %s", (path) => {
    expect(() => apply({ a: {}, list: [], text: "x" }, [{ op: "add", path, value: 1 }])).toThrow(
      JsonPatchError,
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Reflect.get([], "polluted")).toBeUndefined();
  });

  it("takes __proto__, constructor and prototype for keys", () => {
    const document: JsonValue = JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}}}');
    const result = apply(document, [
      { op: "replace", path: "/__proto__/a", value: 3 },
      { op: "copy", from: "/__proto__", path: "/copy" },
      { op: "add", path: "/copy/__proto__", value: {} },
      { op: "add", path: "/copy/__proto__/polluted", value: 1 },
      { op: "move", from: "/constructor/prototype/b", path: "/constructor/prototype/__proto__" },
    ]);
    expect(JSON.stringify(result)).toBe(
      '{"__proto__":{"a":3},"constructor":{"prototype":{"__proto__":2}},"copy":{"a":3,"__proto__":{"polluted":1}}}',
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("keeps integers that a double cannot hold, also when it copies them", () => {
    const big = 9223372036854775807n;
    expect(
      apply({ a: big, b: "\u0000n1" }, [
        { op: "test", path: "/a", value: big },
        { op: "copy", from: "/a", path: "/c" },
        { op: "copy", from: "/b", path: "/d" },
      ]),
    ).toEqual({ a: big, b: "\u0000n1", c: big, d: "\u0000n1" });
  });

  it("gives null when the root is removed", () => {
    expect(apply({ a: 1 }, [{ op: "remove", path: "" }])).toBeNull();
    expect(apply(1, [{ op: "replace", path: "", value: [2] }])).toEqual([2]);
  });
});
