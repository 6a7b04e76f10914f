import { describe, expect, it } from "vitest";
import { listKey, type StructSchema, structSchema } from "../../src/kube/index.js";

/** All structs of a pod, found from the pod on. */
function podStructs(): StructSchema[] {
  const found = new Map<string, StructSchema>();
  const visit = (name: string): void => {
    const schema = found.has(name) ? undefined : structSchema(name);
    if (schema === undefined) return;
    found.set(name, schema);
    for (const { type } of schema.fields)
      for (let inner = type; ; inner = inner.element) {
        if (inner.structName !== undefined) visit(inner.structName);
        if (inner.element === undefined) break;
      }
  };
  visit("Pod");
  return [...found.values()];
}

describe("the key of a list", () => {
  it("is the merge key of every list of a pod that has one, so that the field's name tells it", () => {
    const keyed = podStructs().flatMap(({ fields }) =>
      fields.filter(({ mergeKey }) => mergeKey !== undefined && mergeKey !== "."),
    );
    expect(keyed.length).toBeGreaterThan(15);
    for (const { jsonName, mergeKey } of keyed) expect(listKey(jsonName), jsonName).toBe(mergeKey);
  });

  it("is none for other lists and other names", () => {
    expect(["args", "tolerations", "finalizers", "", "toString"].map(listKey)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
