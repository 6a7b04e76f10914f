import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonObject, type JsonValue, setOwn } from "../../src/json/index.js";
import {
  decodePartialPod,
  decodePod,
  type GoType,
  type StructSchema,
  schemaOf,
  structSchema,
} from "../../src/kube/index.js";
import {
  isPlain,
  podMergeSchema,
  StrategicMergeError,
  strategicMerge,
  tolerant,
} from "../../src/strategicmerge/index.js";

const schema = tolerant(podMergeSchema);

const texts = fc.constantFrom<JsonValue>("a", "b", "c", "");
const keys = fc.constantFrom("a", "b", "$patch", "$odd", "__proto__");

/** Values of a Go type, also in the forms that decoding changes: nulls, names in another letter case, numbers as quantities. */
function anyValue(type: GoType, depth: number): fc.Arbitrary<JsonValue> {
  switch (type.kind) {
    case "string":
      return texts;
    case "bool":
      return fc.boolean();
    case "int32":
    case "int64":
      return fc.constantFrom<JsonValue>(0, 1, 80);
    case "int-or-string":
      return fc.constantFrom<JsonValue>(80, "http");
    case "quantity":
      return fc.constantFrom<JsonValue>("1", "0.5", "1000m", 1, 1.5);
    case "time":
      return fc.constantFrom<JsonValue>("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+01:00");
    case "raw":
      return fc.constantFrom<JsonValue>({}, { a: 1 }, { a: null });
    case "list":
      return fc.array(orNull(type.element ?? type, depth), { maxLength: 3 });
    case "map":
      return fc
        .array(fc.tuple(keys, orNull(type.element ?? type, depth)), { maxLength: 3 })
        .map((entries) => objectOf(entries));
    case "struct":
      return depth === 0 ? fc.constant({}) : struct(schemaOf(type), depth - 1);
  }
}

function orNull(type: GoType, depth: number): fc.Arbitrary<JsonValue> {
  return fc.oneof(
    { weight: 9, arbitrary: anyValue(type, depth) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

function struct(schema: StructSchema, depth: number): fc.Arbitrary<JsonValue> {
  const common = schema.fields.filter(({ jsonName }) =>
    /^(metadata|spec|name|containers|env)$/.test(jsonName),
  );
  const fields = fc.uniqueArray(fc.constantFrom(...common, ...common, ...schema.fields), { maxLength: 4 });
  return fields.chain((chosen) =>
    fc
      .tuple(
        fc.tuple(...chosen.map(({ type }) => orNull(type, depth))),
        fc.array(fc.constantFrom("same", "same", "same", "upper", "both"), { minLength: 4, maxLength: 4 }),
        fc.constantFrom<readonly [string, JsonValue][]>([], [], [["novel", null]], [["novel", { a: [1] }]]),
      )
      .map(([values, forms, novel]) => {
        const entries = chosen.flatMap(({ jsonName }, index): [string, JsonValue][] => {
          const value = values[index] ?? null;
          const upper: [string, JsonValue] = [jsonName.toUpperCase(), value];
          if (forms[index] === "upper") return [upper];
          return forms[index] === "both" ? [upper, [jsonName, value]] : [[jsonName, value]];
        });
        return objectOf([...entries, ...novel]);
      }),
  );
}

function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of entries) setOwn(object, key, value);
  return object;
}

const podStruct = structSchema("Pod");
const pods = podStruct === undefined ? fc.constant({}) : struct(podStruct, 5);

/** What a function gives or throws, so that two can be compared. */
function outcome(run: () => JsonValue): unknown {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof StrategicMergeError)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe("a plain patch", () => {
  const runs = { numRuns: 1000 };

  it("merges in the same way whether the merge is told that it is plain or not", () => {
    let plain = 0;
    fc.assert(
      fc.property(pods, pods, (original, given) => {
        const [pod, patch] = [decodePod(original), decodePartialPod(given)];
        fc.pre(isPlain(patch));
        plain += 1;
        const told = outcome(() => strategicMerge(pod, patch, schema, true));
        expect(told).toEqual(outcome(() => strategicMerge(pod, patch, schema)));
        expect(JSON.stringify(told)).toBe(JSON.stringify(outcome(() => strategicMerge(pod, patch, schema))));
      }),
      runs,
    );
    expect(plain).toBeGreaterThan(100);
  });

  it("leaves a decoded pod in the form that decoding gives", () => {
    fc.assert(
      fc.property(pods, pods, (original, given) => {
        const patch = decodePartialPod(given);
        fc.pre(isPlain(patch));
        const result = outcome(() => strategicMerge(decodePod(original), patch, schema, true)) as {
          value?: JsonValue;
        };
        if (result.value !== undefined) expect(decodePod(result.value)).toBe(result.value);
      }),
      runs,
    );
  });

  it("is what it makes of an empty pod", () => {
    fc.assert(
      fc.property(pods, (given) => {
        const patch = decodePartialPod(given);
        fc.pre(isPlain(patch));
        expect(JSON.stringify(strategicMerge({}, patch, schema))).toBe(JSON.stringify(patch));
      }),
      runs,
    );
  });

  it("is none with a null or a key that begins with $, however deep", () => {
    expect(isPlain({ a: [{ b: "c" }, 1, false] })).toBe(true);
    expect(isPlain({ a: [{ b: null }] })).toBe(false);
    expect(isPlain({ a: [null] })).toBe(false);
    expect(isPlain({ a: [{ $patch: "delete" }] })).toBe(false);
    expect(isPlain({ metadata: { labels: { $odd: "a" } } })).toBe(false);
  });
});

describe("lists whose items have nothing in common", () => {
  it("are joined: what is new stands before what was there", () => {
    const named = (prefix: string) =>
      fc.uniqueArray(fc.nat(5), { maxLength: 4 }).map((list) => list.map((n) => ({ name: `${prefix}${n}` })));
    fc.assert(
      fc.property(named("old"), named("new"), (old, fresh) => {
        const pod = { spec: { volumes: old } };
        const merged = strategicMerge(pod, { spec: { volumes: fresh } }, schema);
        expect(merged).toEqual({ spec: { volumes: [...fresh, ...old] } });
      }),
    );
  });

  it("are not joined where an item is an order", () => {
    const pod = { spec: { volumes: [{ name: "a" }, { name: "b" }] } };
    const patch = { spec: { volumes: [{ name: "c" }, { $patch: "delete", name: "b" }] } };
    expect(strategicMerge(pod, patch, schema)).toEqual({ spec: { volumes: [{ name: "c" }, { name: "a" }] } });
  });
});
