import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../src/json/index.js";
import {
  type MergeSchema,
  podMergeSchema,
  StrategicMergeError,
  strategicMerge,
  tolerant,
} from "../../src/strategicmerge/index.js";

function merge(original: JsonValue, patch: JsonValue): JsonObject {
  return strategicMerge(original, patch, podMergeSchema);
}

function refusal(original: JsonValue, patch: JsonValue): StrategicMergeError {
  try {
    merge(original, patch);
  } catch (error) {
    if (error instanceof StrategicMergeError) return error;
    throw error;
  }
  throw new Error("it was merged");
}

const names = fc.constantFrom("a", "b", "c", "d", "e");
const env = fc.array(fc.record({ name: names, value: fc.constantFrom("1", "2") }), { maxLength: 5 });
const container = fc.record(
  { name: names, image: fc.constantFrom("x", "y"), env },
  { requiredKeys: ["name"] },
);
const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { selector: ({ name }) => name, maxLength: 4 }),
    initContainers: fc.uniqueArray(container, { selector: ({ name }) => name, maxLength: 4 }),
    nodeSelector: fc.dictionary(names, fc.constantFrom("1", "2")),
  },
  { requiredKeys: [] },
);
const pods = fc.record({ spec: podSpec }) as unknown as fc.Arbitrary<JsonObject>;

describe("strategicMerge", () => {
  it("changes neither input", () => {
    fc.assert(
      fc.property(pods, pods, (original, patch) => {
        const before = structuredClone([original, patch]);
        merge(original, patch);
        expect([original, patch]).toEqual(before);
      }),
    );
  });

  it("gives the same when the patch is merged a second time", () => {
    fc.assert(
      fc.property(pods, pods, (original, patch) => {
        const once = merge(original, patch);
        expect(merge(once, patch)).toEqual(merge(merge(once, patch), patch));
      }),
    );
  });

  it("gives the patch itself when the original is empty, and the original when the patch is", () => {
    fc.assert(
      fc.property(pods, (pod) => {
        expect(merge({}, pod)).toEqual(pod);
        expect(merge(pod, {})).toEqual(pod);
        expect(merge(null, pod)).toEqual(pod);
      }),
    );
  });

  it("keeps keys that JavaScript treats specially", () => {
    const original: JsonValue = JSON.parse('{"metadata":{"labels":{"__proto__":"a","constructor":"b"}}}');
    const patch: JsonValue = JSON.parse('{"metadata":{"labels":{"__proto__":"c","toString":"d"}}}');
    expect(JSON.stringify(merge(original, patch))).toBe(
      '{"metadata":{"labels":{"__proto__":"c","constructor":"b","toString":"d"}}}',
    );
    const removal: JsonValue = JSON.parse('{"metadata":{"labels":{"__proto__":null,"valueOf":null}}}');
    expect(JSON.stringify(merge(original, removal))).toBe('{"metadata":{"labels":{"constructor":"b"}}}');
    expect(JSON.stringify(merge({ metadata: {} }, original))).toBe(JSON.stringify(original));
    expect(Reflect.get({}, "a")).toBeUndefined();
  });

  it("takes the same number for the same key however it is held", () => {
    const pod = { spec: { containers: [{ name: "a", ports: [{ containerPort: 80, name: "x" }] }] } };
    const patch = { spec: { containers: [{ name: "a", ports: [{ containerPort: 80n, protocol: "TCP" }] }] } };
    expect(merge(pod, patch)).toEqual({
      spec: { containers: [{ name: "a", ports: [{ containerPort: 80n, name: "x", protocol: "TCP" }] }] },
    });
  });

  it("merges lists of thousands of variables", () => {
    const list = (count: number, value: string) =>
      Array.from({ length: count }, (_, i) => ({ name: `V${i}`, value }));
    const pod = { spec: { containers: [{ name: "a", env: list(30_000, "old") }] } };
    const patch = { spec: { containers: [{ name: "a", env: list(20_000, "new").reverse() }] } };
    const merged = merge(pod, patch) as { spec: { containers: { env: { value: string }[] }[] } };
    const values = merged.spec.containers[0]?.env.map(({ value }) => value) ?? [];
    expect(values).toHaveLength(30_000);
    expect(values.filter((value) => value === "new")).toHaveLength(20_000);
  });

  it("knows the keyed lists of a pod", () => {
    const keyed = (path: string[]) =>
      path.reduce<MergeSchema | undefined>((schema, name) => schema?.field(name)?.schema, podMergeSchema);
    const spec = keyed(["spec"]);
    expect(spec?.field("containers")?.mergeKey).toBe("name");
    expect(spec?.field("topologySpreadConstraints")?.mergeKey).toBe("topologyKey");
    expect(spec?.field("hostAliases")?.mergeKey).toBe("ip");
    expect(spec?.field("tolerations")).toMatchObject({ list: true, mergeKey: undefined });
    expect(keyed(["metadata"])?.field("finalizers")?.mergeKey).toBe("");
    for (const list of ["containers", "initContainers", "ephemeralContainers"]) {
      const container = keyed(["spec", list]);
      expect(
        ["env", "ports", "volumeMounts", "volumeDevices", "args"].map((n) => container?.field(n)?.mergeKey),
      ).toEqual(["name", "containerPort", "mountPath", "devicePath", undefined]);
    }
  });

  it.each([
    ["not-an-object", {}, [1], "invalid JSON document"],
    ["directive-invalid", {}, { $patch: "x" }, "unknown patch type: x in map: map[$patch:x]"],
    [
      "merge-key-missing",
      { spec: { volumes: [] } },
      { spec: { volumes: [{ a: 1 }] } },
      "map: map[a:1] does not contain declared merge key: name",
    ],
    [
      "list-items-differ",
      { metadata: { finalizers: ["a"] } },
      { metadata: { finalizers: [1] } },
      "list element types are not identical: [[a] [1]]",
    ],
    [
      "field-unknown",
      { foo: {} },
      { foo: {} },
      'unable to find api field in struct Pod for the json field "foo"',
    ],
    [
      "retain-keys-invalid",
      { spec: {} },
      { spec: { $retainKeys: [], nodeName: "n" } },
      "invalid patch format of retainKeys",
    ],
    [
      "order-mismatch",
      { spec: { volumes: [] } },
      {
        spec: { $setElementOrder: 1, "$setElementOrder/volumes": [{ name: "b" }], volumes: [{ name: "a" }] },
      },
      "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n",
    ],
  ])("refuses with the code %s", (code, original, patch, message) => {
    expect(refusal(original, patch as JsonValue)).toMatchObject({ code, message });
  });

  it("merges maps and replaces lists in fields it does not know, when the schema is tolerant", () => {
    const pod = { spec: { containers: [{ name: "a", novelty: { x: { y: 1 }, l: [1] } }], gadget: { z: 1 } } };
    const patch = {
      spec: { containers: [{ name: "a", novelty: { x: { q: 2 }, l: [2] } }], gadget: { z: null } },
    };
    expect(() => merge(pod, patch)).toThrow(StrategicMergeError);
    expect(strategicMerge(pod, patch, tolerant(podMergeSchema))).toEqual({
      spec: { containers: [{ name: "a", novelty: { x: { y: 1, q: 2 }, l: [2] } }], gadget: {} },
    });
    expect(tolerant(podMergeSchema)).toBe(tolerant(podMergeSchema));
  });

  it("works with any other schema", () => {
    const item: MergeSchema = { name: "Item", field: () => undefined };
    const schema: MergeSchema = {
      name: "Shop",
      field: (name) => (name === "items" ? { schema: item, list: true, mergeKey: "sku" } : undefined),
    };
    expect(
      strategicMerge({ items: [{ sku: 1, n: 1 }] }, { items: [{ sku: 1, n: 2 }, { sku: 2 }] }, schema),
    ).toEqual({
      items: [{ sku: 1, n: 2 }, { sku: 2 }],
    });
  });
});
