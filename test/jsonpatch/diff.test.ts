import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/json/index.js";
import { apply, diff as diffBy } from "../../src/jsonpatch/index.js";
import { listKey } from "../../src/kube/index.js";

/** Lists of any field are told apart by name, unless a pod has another key for the field. */
function diff(before: JsonValue, after: JsonValue, spend?: (steps: number) => void) {
  return diffBy(before, after, (field) => listKey(field) ?? "name", spend);
}

const keys = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "",
    "/",
    "~",
    "~1",
    "a/b",
    "0",
    "-",
    "01",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
  ),
  fc.string({ maxLength: 3 }),
);
const scalars = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    false,
    0,
    -0,
    1,
    "",
    "x",
    "\u0000n1",
    "\u0000",
    12345678901234567890n,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 3 }),
);
const named = (tree: fc.Arbitrary<JsonValue>) =>
  fc.uniqueArray(fc.record({ name: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), value: tree }), {
    selector: (item) => item.name,
    maxLength: 7,
  });
const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie("tree"), { maxLength: 5 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
    named(tie("tree")) as fc.Arbitrary<JsonValue>,
  ),
}));

describe("diff", () => {
  it("gives operations that lead from one tree to the other, and changes neither", () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const copies = structuredClone([before, after]);
        expect(apply(before, diff(before, after))).toEqual(after);
        expect([before, after]).toEqual(copies);
      }),
      { numRuns: 2000 },
    );
  });

  it("leads from a keyed list to any other order of it", () => {
    fc.assert(
      fc.property(named(fc.integer()), named(fc.integer()), (before, after) => {
        expect(apply(before as JsonValue, diff(before as JsonValue, after as JsonValue))).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  it("says nothing of equal trees", () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(diff(value, structuredClone(value))).toEqual([]);
      }),
    );
  });

  it("adds a container put first with one operation", () => {
    const app = { name: "app", image: "app:1", ports: [{ containerPort: 80 }] };
    const proxy = { name: "istio-proxy", image: "proxy:1" };
    expect(diff({ containers: [app] }, { containers: [proxy, app] })).toEqual([
      { op: "add", path: "/containers/0", value: proxy },
    ]);
  });

  it("changes one field of one item of a list where that item is", () => {
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    expect(diff({ env }, { env: [{ name: "B", value: "3" }] })).toEqual([
      { op: "remove", path: "/env/0" },
      { op: "replace", path: "/env/0/value", value: "3" },
    ]);
  });

  it("moves the one item that changed its place", () => {
    const list = ["a", "b", "c", "d"].map((name) => ({ name }));
    const [first, ...rest] = list;
    expect(first && diff(list, [...rest, first])).toEqual([{ op: "move", from: "/0", path: "/3" }]);
  });

  it.each([
    ["volumeMounts", "mountPath", "/a", "/b"],
    ["ports", "containerPort", 80, 53],
    ["ownerReferences", "uid", "1", "2"],
    ["hostAliases", "ip", "1.1.1.1", "2.2.2.2"],
    ["topologySpreadConstraints", "topologyKey", "zone", "host"],
    ["volumeDevices", "devicePath", "/dev/a", "/dev/b"],
  ])("matches the items of %s by %s, as strategic merge does", (field, member, one, other) => {
    const before = [{ name: "same", [member]: one, x: 1 }];
    const after = [
      { name: "same", [member]: other, x: 1 },
      { name: "same", [member]: one, x: 1 },
    ];
    expect(diff({ [field]: before }, { [field]: after })).toEqual([
      { op: "add", path: `/${field}/0`, value: after[0] },
    ]);
  });

  it("matches items without a key by what is in them, whatever they are called", () => {
    const tolerations = [{ key: "a" }, { key: "b", value: "1" }];
    const after = [{ key: "c" }, ...tolerations];
    expect(diffBy({ tolerations }, { tolerations: after }, listKey)).toEqual([
      { op: "add", path: "/tolerations/0", value: { key: "c" } },
    ]);
  });

  it("moves an argument that changed its place", () => {
    expect(diff(["a", "b", "c"], ["b", "c", "a"])).toEqual([{ op: "move", from: "/0", path: "/2" }]);
  });

  it("keeps the arguments that stay when one is put between them", () => {
    expect(diff(["a", "b", "c"], ["a", "x", "b", "c"])).toEqual([{ op: "add", path: "/1", value: "x" }]);
  });

  it("writes a changed argument as a replacement", () => {
    expect(diff(["a", "b", "c"], ["a", "x", "c"])).toEqual([{ op: "replace", path: "/1", value: "x" }]);
  });

  it("takes two items of one name by position", () => {
    const before = [
      { name: "a", v: 1 },
      { name: "a", v: 2 },
    ];
    const after = [
      { name: "a", v: 1 },
      { name: "a", v: 3 },
    ];
    expect(diff(before, after)).toEqual([{ op: "replace", path: "/1/v", value: 3 }]);
  });

  it("replaces a list as a whole where nearly every item changed, and there are more than anybody counts", () => {
    const list = Array.from({ length: 20_000 }, (_, at) => ({ name: `n${at}`, value: at }));
    const changed = list.map(({ name, value }) => ({ name, value: value + 1 }));
    expect(diff({ list }, { list: changed })).toEqual([{ op: "replace", path: "/list", value: changed }]);
    const few = list.map((item, at) => (at % 4 === 0 ? { ...item, value: -1 } : item));
    expect(diff({ list }, { list: few })).toHaveLength(5000);
  });

  it("counts what it compares, and stops where it may compare no more", () => {
    const list = Array.from({ length: 1000 }, (_, at) => ({ name: `n${at}` }));
    let spent = 0;
    diff(list, [...list].reverse(), (steps) => {
      spent += steps;
    });
    expect(spent).toBeGreaterThanOrEqual(2000);
    const stop = () => {
      throw new Error("enough");
    };
    expect(() => diff(list, [...list].reverse(), stop)).toThrow("enough");
  });

  it("escapes keys in paths", () => {
    expect(diff({ "a/b~c": 1, "": { __proto__x: 1 } }, { "a/b~c": 2, "": {} })).toEqual([
      { op: "replace", path: "/a~1b~0c", value: 2 },
      { op: "remove", path: "//__proto__x" },
    ]);
  });

  it("never touches Object.prototype", () => {
    const tree = JSON.parse('{"a":{}}') as JsonValue;
    const after = JSON.parse('{"a":{"__proto__":{"polluted":1}}}') as JsonValue;
    const result = apply(tree, diff(tree, after));
    expect(JSON.stringify(result)).toBe('{"a":{"__proto__":{"polluted":1}}}');
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("answers for lists of thousands in a number of steps that grows with their length", () => {
    const list = Array.from({ length: 3000 }, (_, i) => ({ name: `N${i}`, value: String(i) }));
    const added = Array.from({ length: 1000 }, (_, i) => ({ name: `M${i}`, value: String(i) }));
    expect(diff(list, [...added, ...list])).toHaveLength(1000);
    expect(diff(list, list.slice().reverse())).toHaveLength(2999);
  });
});
