import { describe, expect, test } from "vitest";
import { goPrint, type Value } from "../../src/gotemplate/index.js";
import { SprigError, sprigFunctions } from "../../src/sprig/index.js";
import { OutOfSteps, type TestContextOptions, testContext } from "./test-context.js";

function call(name: string, args: readonly Value[], options: TestContextOptions = {}): Value {
  const definition = sprigFunctions.get(name);
  if (definition === undefined) throw new Error(`there is no function ${name}`);
  return definition.call(args, testContext(options));
}

const long = "x".repeat(100_000);
const limit = 20_000;

describe("a function pays for its result before it makes it", () => {
  const huge: readonly (readonly [string, readonly Value[]])[] = [
    ["repeat", [1_000_000_000n, "x"]],
    ["repeat", [2n ** 62n, "xxxx"]],
    ["indent", [1_000_000_000n, "x"]],
    ["nindent", [10_000n, "\n".repeat(10_000)]],
    ["replace", ["x", long, long]],
    ["until", [1_000_000_000n]],
    ["until", [-(2n ** 63n)]],
    ["untilStep", [0n, 2n ** 63n - 1n, 1n]],
    ["seq", [1_000_000_000n]],
    ["seq", [-(2n ** 63n), 1n, 2n ** 63n - 1n]],
    ["randAlphaNum", [1_000_000_000n]],
    ["randBytes", [1_000_000_000n]],
    ["regexReplaceAll", ["x", long, "y".repeat(1000)]],
    ["regexReplaceAllLiteral", ["", long, "y".repeat(1000)]],
    ["regexMatch", ["(x+x+)+y", "x".repeat(1_000_000)]],
    ["splitList", ["", long]],
    ["wrapWith", [1n, long, long]],
    ["join", [long, Array.from({ length: 1000 }, () => "x")]],
  ];
  test.each(huge)("%s is stopped by the limit of steps", (name, args) => {
    expect(() => call(name, args, { limit })).toThrow(OutOfSteps);
  });

  test.each(huge.slice(0, 12))("%s is stopped by its own bound when steps are free", (name, args) => {
    expect(() => call(name, args, { limit: Infinity })).toThrow(SprigError);
  });

  test("uniq pays for each comparison", () => {
    const items = Array.from({ length: 1000 }, (_, index) => BigInt(index));
    expect(() => call("uniq", [items], { limit })).toThrow(OutOfSteps);
  });

  test("a regular expression of nested repetitions takes linear time", () => {
    expect(call("regexMatch", ["^(a+)+$", `${"a".repeat(5000)}b`])).toBe(false);
  });

  test("a limit that was reached is not taken for an error of the value", () => {
    const wide = Array.from({ length: limit }, () => 1n);
    expect(() => call("toJson", [wide], { limit })).toThrow(OutOfSteps);
    expect(() => call("fromJson", [JSON.stringify(wide.map(Number))], { limit: 10 })).toThrow(OutOfSteps);
    expect(() => call("regexMatch", ["a", long], { limit: 10 })).toThrow(OutOfSteps);
  });
});

describe("a value that holds itself", () => {
  const own: Record<string, Value> = {};
  own.self = own;

  test.each([
    ["mustToJson", [own]],
    ["deepCopy", [own]],
    ["merge", [own, { self: { self: own } }]],
  ] as const)("is an error in %s, not an endless loop", (name, args) => {
    expect(() => call(name, args)).toThrow(SprigError);
  });

  test("is an empty text in toJson", () => {
    expect(call("toJson", [own])).toBe("");
  });

  test("is an error in fromJson when the text nests as deep", () => {
    expect(() => call("fromJson", ["[".repeat(5000) + "]".repeat(5000)])).toThrow("deeper than 1000");
  });
});

describe("the world is the context's", () => {
  const now = Date.UTC(2024, 1, 29, 12, 30, 15, 250);

  test("the clock", () => {
    expect(goPrint(call("now", [], { now }))).toBe("2024-02-29 12:30:15.25 +0000 UTC");
    expect(call("date", ["2006-01-02 15:04", "no date"], { now })).toBe("2024-02-29 12:30");
    expect(call("ago", [BigInt(now / 1000 - 90 - 0.25)], { now })).toBe("1m30s");
    expect(call("ago", [call("toDate", ["2006", "2024"])], { now })).toBe("1428h30m15s");
    expect(call("ago", [call("toDate", ["2006", "x"])], { now })).toBe("2562047h47m16.854775807s");
    expect(call("durationRound", [call("toDate", ["2006", "2022"])], { now })).toBe("2y");
    expect(call("htmlDateInZone", [0.5, "Pacific/Auckland"], { now })).toBe("2024-03-01");
  });

  test("randomness", () => {
    const half = { random: () => 0.5 };
    expect(call("randAlphaNum", [4n], half)).toBe("ffff");
    expect(call("randNumeric", [3n], half)).toBe("555");
    expect(call("randInt", [10n, 20n], half)).toBe(15n);
    expect(call("uuidv4", [], half)).toBe("80808080-8080-4080-8080-808080808080");
    expect(call("shuffle", ["abcd"], { random: () => 0 })).toBe("bcda");
    expect(call("randBytes", [3n], half)).toBe("gICA");
    expect(call("randAlpha", [50n])).toMatch(/^[A-Za-z]{50}$/);
    expect(call("randAscii", [50n])).toMatch(/^[ -~]{50}$/);
    expect(call("randInt", [0n, 3n], { random: () => 1 })).toBe(2n);
  });

  test("the environment, of which only what is allowed can be seen", () => {
    const env = { env: { HOME: "/home/x", "1": "one" } };
    expect(call("env", ["HOME"], env)).toBe("/home/x");
    expect(call("env", ["PATH"], env)).toBe("");
    expect(call("env", [""], { env: { "": "x" } })).toBe("");
    const open = "$" + "{";
    const text = `$HOME-${open}HOME}x $PATH. $1x ${open}} ${open}HOME`;
    expect(call("expandenv", [text], env)).toBe("/home/x-/home/xx . onex  HOME");
  });
});

describe("a dictionary that is not the template's own", () => {
  const frozen = Object.freeze({ a: 1n, b: Object.freeze({ c: "x" }) });

  test.each([
    ["set", [frozen, "d", 1n]],
    ["unset", [frozen, "a"]],
    ["merge", [frozen, { d: 1n }]],
    ["mergeOverwrite", [{ b: frozen.b }, { b: { c: "y" } }]],
  ] as const)("cannot be changed by %s", (name, args) => {
    expect(() => call(name, args)).toThrow(/cannot (set|remove) the key .*deepCopy/);
  });

  test("can be read, copied, and the copy changed", () => {
    const copy = call("deepCopy", [frozen]);
    expect(call("set", [copy, "d", 1n])).toEqual({ a: 1n, b: { c: "x" }, d: 1n });
    expect(call("merge", [{}, frozen])).toEqual(frozen);
    expect(frozen).toEqual({ a: 1n, b: { c: "x" } });
  });
});

describe("keys that JavaScript knows too are ordinary keys", () => {
  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("%s", (key) => {
    expect(call("hasKey", [{}, key])).toBe(false);
    expect(call("get", [{}, key])).toBe("");
    expect(call("dig", [key, "none", {}])).toBe("none");
    const map = call("set", [{}, key, "x"]);
    expect(call("get", [map, key])).toBe("x");
    expect(call("toJson", [map])).toBe(`{"${key}":"x"}`);
    expect(call("toJson", [call("pick", [map, key])])).toBe(`{"${key}":"x"}`);
    expect(call("toJson", [call("omit", [map, "other"])])).toBe(`{"${key}":"x"}`);
    expect(call("toJson", [call("deepCopy", [map])])).toBe(`{"${key}":"x"}`);
    expect(call("toJson", [call("merge", [{}, map])])).toBe(`{"${key}":"x"}`);
    expect(call("toJson", [call("unset", [map, key])])).toBe("{}");
    expect(call("get", [call("fromJson", [`{"${key}":1}`]), key])).toBe(1);
  });
});

describe("functions of Sprig 3.3.0", () => {
  test("sha512sum gives 128 hexadecimal digits", () => {
    expect(call("sha512sum", ["abc"])).toBe(
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    );
  });
});
