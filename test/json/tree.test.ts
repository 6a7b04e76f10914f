import { describe, expect, it } from "vitest";
import {
  deepFreeze,
  isDeepFrozen,
  type JsonObject,
  memberOf,
  objectAt,
  objectOrEmpty,
  objectsAt,
  pick,
  textAt,
  textListAt,
  textOrEmpty,
  textsAt,
  valueAt,
  withKey,
  withKeyReplaced,
} from "../../src/json/index.js";

const pod: JsonObject = {
  metadata: { name: "web", labels: { app: "a", count: 3 }, list: ["x", 1, { y: 1 }, null, { z: 2 }] },
  spec: null,
};

describe("a path into a tree", () => {
  it("gives what is there, of the type that was asked for, or nothing", () => {
    expect(valueAt(pod, "metadata", "labels", "count")).toBe(3);
    expect(valueAt(pod)).toBe(pod);
    expect(valueAt(pod, "spec", "containers")).toBeUndefined();
    expect(objectAt(pod, "metadata", "labels")).toEqual({ app: "a", count: 3 });
    expect(objectAt(pod, "spec")).toBeUndefined();
    expect(objectAt(pod, "metadata", "list")).toBeUndefined();
    expect(objectOrEmpty(pod, "spec")).toEqual({});
    expect(textAt(pod, "metadata", "name")).toBe("web");
    expect(textAt(pod, "metadata", "labels", "count")).toBeUndefined();
    expect(textOrEmpty(pod, "metadata", "labels", "count")).toBe("");
    expect(textsAt(pod, "metadata", "labels")).toEqual({ app: "a" });
    expect(textsAt(pod, "spec")).toEqual({});
    expect(objectsAt(pod, "metadata", "list")).toEqual([{ y: 1 }, { z: 2 }]);
    expect(textListAt(pod, "metadata", "list")).toEqual(["x"]);
  });

  it("sees own keys only, whatever their names", () => {
    const tree: JsonObject = JSON.parse('{"__proto__":{"a":"b"}}');
    expect(textAt(tree, "__proto__", "a")).toBe("b");
    expect(valueAt(tree, "constructor")).toBeUndefined();
    expect(valueAt({}, "__proto__")).toBeUndefined();
    expect(memberOf(["a"], "length")).toBeUndefined();
    expect(memberOf("a", "length")).toBeUndefined();
  });
});

describe("an object with another key", () => {
  it("keeps the order of its keys", () => {
    const object = { a: 1, b: 2, c: 3 };
    expect(Object.entries(withKey(object, "b", 9))).toEqual([
      ["a", 1],
      ["b", 9],
      ["c", 3],
    ]);
    expect(withKey(object, "b", undefined)).toEqual({ a: 1, c: 3 });
    expect(Object.keys(withKey(object, "d", 4))).toEqual(["a", "b", "c", "d"]);
    expect(Object.keys(withKeyReplaced(object, "b", "x", 1))).toEqual(["a", "x", "c"]);
    expect(Object.keys(withKeyReplaced(object, "b", "c", 1))).toEqual(["a", "c"]);
    expect(pick(object, ["c", "toString", "a"])).toEqual({ c: 3, a: 1 });
    expect(object).toEqual({ a: 1, b: 2, c: 3 });
  });
});

describe("a frozen tree", () => {
  it("is frozen down to its leaves", () => {
    const tree = { a: [{ b: 1 }] };
    expect(isDeepFrozen(tree)).toBe(false);
    expect(isDeepFrozen(Object.freeze({ ...tree }))).toBe(false);
    expect(deepFreeze(tree)).toBe(tree);
    expect(isDeepFrozen(tree)).toBe(true);
  });
});
