import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { int64, TypedMap, TypedSlice, type Value } from "../../src/gotemplate/index.js";
import { setOwn } from "../../src/json/index.js";
import { sprigFunctions } from "../../src/sprig/index.js";
import { testContext } from "./test-context.js";

/** Texts that mean something to one function or another, beside any text. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "",
    "a b\tc\n",
    "1.2.3-rc.1+x",
    ">=1.0 <2 || ^3.x",
    "1 - 2",
    "(a|b)*c",
    "[z-a]",
    ["$1", "{x}", "$"].join("$"),
    "2006-01-02 15:04:05.999 MST",
    "2024-02-30",
    "1h30m",
    "http://u:p@h:1/a%20b?q#f",
    "http://[::1",
    '{"a":[1,{"b":null}]}',
    "Europe/Paris",
    "YWJj",
    "ME======",
    "__proto__",
    "constructor",
    "\ud800",
    "\udcff",
    "HTTPServer_v1 Beta",
    "0x1p-2",
    "9223372036854775808",
  ),
);

const int = fc.oneof(
  fc.bigInt({ min: -5n, max: 40n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);

function mapOf(entries: [string, Value][]): Record<string, Value> {
  const map: Record<string, Value> = {};
  for (const [key, value] of entries) setOwn(map, key, value);
  return map;
}

const { tree } = fc.letrec<{ tree: Value; list: Value; map: Record<string, Value> }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Value>(null, true, false, undefined),
    text,
    int,
    fc.double(),
    int.map(int64),
    fc.array(text, { maxLength: 4 }).map((items) => new TypedSlice("[]string", items)),
    fc.array(int, { maxLength: 4 }).map((items) => new TypedSlice("[]int", items)),
    fc.array(fc.tuple(text, text), { maxLength: 3 }).map((pairs) => {
      return new TypedMap("map[string]string", mapOf(pairs), "");
    }),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("tree"), { maxLength: 4 }),
  map: fc.array(fc.tuple(text, tie("tree")), { maxLength: 4 }).map(mapOf),
}));

function argument(type: string): fc.Arbitrary<Value> {
  switch (type) {
    case "string":
      return text;
    case "int":
      return int;
    case "float64":
      return fc.double();
    case "bool":
      return fc.boolean();
    case "map[string]interface {}":
      return fc.oneof(fc.constant(null), fc.array(fc.tuple(text, tree), { maxLength: 4 }).map(mapOf));
    case "time.Time":
      return fc.tuple(fc.constantFrom("2006", "2006-01-02"), text).map(([layout, date]) => {
        return sprigFunctions.get("toDate")?.call([layout, date], testContext());
      });
    default:
      return tree;
  }
}

function argumentsOf(parameters: readonly string[], variadic: boolean): fc.Arbitrary<Value[]> {
  const fixed = variadic ? parameters.slice(0, -1) : parameters;
  const repeated = variadic
    ? fc.array(argument(parameters.at(-1) ?? "any"), { maxLength: 4 })
    : fc.constant([]);
  return fc.tuple(fc.tuple(...fixed.map(argument)), repeated).map(([first, rest]) => [...first, ...rest]);
}

describe("every function, whatever its arguments", () => {
  test.each([...sprigFunctions.values()].map((definition) => [definition.name, definition] as const))(
    "%s gives a value or throws an Error, within its steps",
    (_, definition) => {
      const call = fc.property(argumentsOf(definition.parameters, definition.variadic), (args) => {
        try {
          definition.call(args, testContext({ limit: 100_000 }));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(RangeError);
          expect(error).not.toBeInstanceOf(TypeError);
          expect(error).not.toBeInstanceOf(SyntaxError);
        }
      });
      fc.assert(call, { numRuns: 150 });
    },
  );
});
