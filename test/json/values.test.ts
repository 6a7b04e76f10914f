import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes } from "../../src/go/index.js";
import {
  deepClone,
  deepEqual,
  getOwn,
  isObject,
  type JsonObject,
  type JsonValue,
  joined,
  setOwn,
} from "../../src/json/index.js";

const trees = fc.jsonValue() as fc.Arbitrary<JsonValue>;

describe("JSON trees", () => {
  it("are objects only when they are neither null nor a list", () => {
    expect([{}, [], null, "a", 1n].map((value) => isObject(value))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("are cloned without sharing", () => {
    const tree: JsonValue = JSON.parse('{"a":[{"b":1}],"__proto__":{"c":[]}}');
    const clone = deepClone(tree) as JsonObject;
    expect(JSON.stringify(clone)).toBe(JSON.stringify(tree));
    (clone.a as JsonValue[]).push(1);
    expect(JSON.stringify(tree)).toBe('{"a":[{"b":1}],"__proto__":{"c":[]}}');
  });

  it("are equal to their clones, whatever the order of keys", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(deepEqual(tree, deepClone(tree))).toBe(true);
      }),
    );
    expect(deepEqual({ a: 1, b: [7n] }, { b: [7], a: 1 })).toBe(true);
  });

  it.each<[JsonValue, JsonValue]>([
    [{ a: null }, {}],
    [{ a: 1 }, { b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{}, []],
    [1, "1"],
    [null, {}],
    [2n ** 60n, 2 ** 60],
    [{ toString: 1 }, { valueOf: 1 }],
  ])("%# differ", (a, b) => {
    expect(deepEqual(a, b)).toBe(false);
    expect(deepEqual(b, a)).toBe(false);
  });

  it("have own keys only", () => {
    const object: JsonObject = {};
    expect(getOwn(object, "constructor")).toBeUndefined();
    setOwn(object, "__proto__", { polluted: true });
    expect(getOwn(object, "__proto__")).toEqual({ polluted: true });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Object.keys(object)).toEqual(["__proto__"]);
  });

  it("are joined as two spreads join them", () => {
    const first: JsonObject = Object.freeze(JSON.parse('{"b":1,"__proto__":{"c":1},"a":2}'));
    const second: JsonObject = Object.freeze(
      JSON.parse('{"d":3,"a":null,"__proto__":{"e":1},"constructor":4}'),
    );
    const both = joined(first, second);
    expect(JSON.stringify(both)).toBe('{"b":1,"__proto__":{"e":1},"a":null,"d":3,"constructor":4}');
    expect(Object.getPrototypeOf(both)).toBe(Object.prototype);
    expect(JSON.stringify(joined(first, {}))).toBe(JSON.stringify(first));
  });

  it("have keys in the order of their bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});
