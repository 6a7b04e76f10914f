import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GoYamlError, yamlToJson } from "../../src/goyaml/index.js";
import { type FilledPod, makeSkeleton, type Skeleton } from "../../src/injection/skeleton/skeleton.js";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { decodePartialPod, KubeError } from "../../src/kube/index.js";

/** A text with `@` where strings stand, and the strings that the skeleton is made from. */
function skeletonOf(text: string, ...strings: string[]): Skeleton | undefined {
  return makeSkeleton(text.split("@"), strings);
}

function joined(fixed: readonly string[], strings: readonly string[]): string {
  return fixed.map((piece, index) => piece + (strings[index] ?? "")).join("");
}

/** The partial pod as parsing and decoding gives it; undefined where that fails. */
function reference(text: string): JsonObject | undefined {
  try {
    const tree = yamlToJson(text);
    if (tree === null) return {};
    return isObject(tree) ? decodePartialPod(tree) : undefined;
  } catch (error) {
    if (error instanceof GoYamlError || error instanceof KubeError) return undefined;
    throw error;
  }
}

/** A tree as text, with the order of keys and with integers that are bigint. */
function spelled(tree: JsonValue | undefined): string | undefined {
  return JSON.stringify(tree, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
}

/** The normal form of a container, which is what the skeleton knows its text to be. */
function normalText(filled: FilledPod | undefined, container: JsonObject): string | undefined {
  const normal = filled?.normal?.(container);
  const text = normal && JSON.stringify(normal);
  expect(normal && filled?.textOf?.(normal)).toBe(text);
  expect(normal && filled?.textOf?.({ ...normal })).toBeUndefined();
  return text;
}

const plain = (filled: FilledPod | undefined) => filled?.plain;

describe("a skeleton", () => {
  it("puts strings where they stand in the tree", () => {
    const skeleton = skeletonOf(
      'metadata: {labels: {app: @, v: "@"}}\nspec:\n  containers:\n  - {name: x@, image: @}\n',
      "a",
      "1",
      "y",
      '"i"',
    );
    expect(skeleton?.fixedBy).toEqual([]);
    expect(skeleton?.fill(["b", "2", "z", '"say \\"j\\""'])).toEqual({
      partial: {
        metadata: { labels: { app: "b", v: "2" } },
        spec: { containers: [{ name: "xz", image: 'say "j"' }] },
      },
      plain: true,
    });
  });

  it("knows the normal form of containers unless it depends on a string", () => {
    const skeleton = skeletonOf(
      'spec: {containers: [{stdin: false, image: @, env: [{value: "@", name: e}], name: c}, {resources: {limits: {cpu: @}}, name: q}]}',
      "i",
      "v",
      "100m",
    );
    const normal = (...strings: string[]) => {
      const filled = skeleton?.fill(strings);
      const { containers } = isObject(filled?.partial.spec) ? filled.partial.spec : {};
      return (Array.isArray(containers) ? containers : []).map((container) =>
        isObject(container) ? normalText(filled, container) : undefined,
      );
    };
    for (const raw of ["w", 'é \\"\\n'])
      expect(normal("j", raw, "2000m")).toEqual([
        `{"name":"c","image":"j","env":[{"name":"e","value":"${raw}"}],"resources":{}}`,
        undefined,
      ]);
    expect(normal("j", "", "2000m")).toEqual([undefined, undefined]);
    expect(skeleton?.fill(["j", "w", "2000m"])?.normal?.({ name: "c" })).toBeUndefined();
  });

  it("puts whole numbers where whole numbers stand", () => {
    const skeleton = skeletonOf(
      "spec: {securityContext: {runAsUser: @}, containers: [{ports: [{containerPort: @}]}]}",
      "1337",
      "80",
    );
    expect(skeleton?.fill(["0", "8080"])?.partial).toEqual({
      spec: { securityContext: { runAsUser: 0 }, containers: [{ ports: [{ containerPort: 8080 }] }] },
    });
    for (const odd of ["-1", "08", "1e3", "80 ", "", "http", "4294967296"])
      expect(skeleton?.fill(["0", odd])).toBeUndefined();
  });

  it("puts quantities where quantities stand", () => {
    const text = "spec: {containers: [{resources: {limits: {cpu: '@', memory: @Mi}, requests: {cpu: @}}}]}";
    const skeleton = skeletonOf(text, "1", "64", "100m");
    expect(skeleton?.fixedBy).toEqual([]);
    expect(skeleton?.fill(["1.5", "128", "2k"])?.partial).toEqual({
      spec: {
        containers: [{ resources: { limits: { cpu: "1.5", memory: "128Mi" }, requests: { cpu: "2k" } } }],
      },
    });
    for (const odd of ["", "much", "-1", " 1", "1Mi ", "1e3"])
      expect(skeleton?.fill([odd, "128", "2k"])).toBeUndefined();
    // Without a suffix it would be a number.
    expect(skeleton?.fill(["1", "128", "2"])).toBeUndefined();
    expect(skeletonOf(text, "+1", "64", "100m")?.fixedBy).toEqual([0]);
  });

  it("takes no text for a quantity that is none", () => {
    const skeleton = skeletonOf("spec: {overhead: {cpu: '@'}}", "1");
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{0,12}\.?[0-9]{0,4}[a-zA-Z]?i?$/), (string) => {
        const filled = skeleton?.fill([string]);
        if (filled !== undefined)
          expect(reference(`spec: {overhead: {cpu: '${string}'}}`)).toEqual(filled.partial);
      }),
    );
  });

  it("holds only for the very same strings where they shape the structure, or are read as more than text", () => {
    const text =
      "@: x\nspec:\n@  nodeName: @\n  containers:\n  - resources: {limits: {cpu: '@', memory: @}}\n    tty: @\n    args: @\n";
    const strings = ["hostname", "", "node", "100m", "1", "true", "[a, b]"];
    expect(skeletonOf(text, ...strings)?.fixedBy).toEqual([0, 1, 4, 5, 6]);
  });

  it("leaves to the parser what would not be one text where it stands", () => {
    const skeleton = skeletonOf(
      "metadata: {labels: {a: @, b: '@', c: \"@\"}, namespace: |-\n @}",
      "a",
      "b",
      "c",
      "d",
    );
    // A block scalar is none in a flow collection.
    expect(skeleton).toBeUndefined();
    const other = skeletonOf(
      "metadata:\n  labels: {a: @, b: '@', c: \"@\"}\n  namespace: |-\n    @\n",
      "a",
      "b",
      "c",
      "d",
    );
    expect(other?.fixedBy).toEqual([]);
    expect(other?.fill(["x", "x", "x", "x"])).toBeDefined();
    const doubtful = [
      ["yes", "no", "~", "1", "", " a", "a ", "a: b", "a #b", "a,b", "*a", "{", "'a'", "a\nb"],
      ["it's", "a\nb"],
      ['"', "\\", "a\nb", "\\x", "\\ud800"],
      ["", " a", "a\nb"],
    ];
    for (const [index, strings] of doubtful.entries()) {
      for (const string of strings) {
        const all = ["a", "b", "c", "d"].map((one, at) => (at === index ? string : one));
        expect({ all, filled: other?.fill(all) }).toEqual({ all, filled: undefined });
      }
    }
  });

  it("is not made of a text that is no partial pod", () => {
    for (const text of ["- @", "@", "a: [@", "spec: {containers: @}", "spec: {nodeName: [@]}"])
      expect(skeletonOf(text, "x")).toBeUndefined();
  });

  it("knows whether a partial pod deletes or directs", () => {
    expect(plain(skeletonOf("spec: {nodeName: @}", "x")?.fill(["other"]))).toBe(true);
    expect(plain(skeletonOf("spec: {nodeName: @, hostname: null}", "x")?.fill(["other"]))).toBe(false);
    expect(plain(skeletonOf("spec: {containers: [{name: @, $patch: delete}]}", "x")?.fill(["other"]))).toBe(
      false,
    );
    expect(plain(skeletonOf("spec: {$setElementOrder/volumes: [{name: @}]}", "x")?.fill(["other"]))).toBe(
      false,
    );
  });

  it("shares what no string is in, frozen, and gives each pod its own of the rest", () => {
    const skeleton = skeletonOf("metadata: {name: @}\nspec: {volumes: [{name: v, emptyDir: {}}]}", "x");
    const [one, other] = ["a", "b"].map((name) => skeleton?.fill([name])?.partial);
    expect(one?.spec).toBe(other?.spec);
    expect(one?.metadata).not.toBe(other?.metadata);
    const volume = isObject(one?.spec) && Array.isArray(one.spec.volumes) ? one.spec.volumes[0] : undefined;
    expect(Object.isFrozen(volume)).toBe(true);
  });

  it("fills keys that are names of JavaScript's objects", () => {
    const skeleton = skeletonOf("metadata: {annotations: {__proto__: '@', constructor: '@'}}", "a", "b");
    const filled = skeleton?.fill(["c", "d"]);
    expect(spelled(filled?.partial)).toBe('{"metadata":{"annotations":{"__proto__":"c","constructor":"d"}}}');
  });

  /** Where a string must be what it is, for the text to be a partial pod at all: `«string»` is such a place. */
  const template = `
metadata:
  Labels: &labels {app: @, 'b': '@', "c": "x@y", plain: @-@}
  annotations:
    <<: *labels
    quoted: @
    «key»: @
    literal: |
      first @
      @
    folded: >-
      @
      @ @
    # a comment @
spec:
  $patch: «merge»
  terminationGracePeriodSeconds: «30»
  activeDeadlineSeconds: «4»5
  nodeName: ~
  containers:
  - name: &name @
    Image: "@/@:@"
    args: [@, --flag=@, "@", '@', *name]
    command: «[a, b]»
    ports:
    - containerPort: «80»
      name: "@"
    env:
    - {name: @, value: @}
    - name: "@"
      value: |-
        {"a":"@"}
    resources: {limits: {cpu: «1», memory: "«64»Mi"}}
    livenessProbe: {httpGet: {port: @, path: "/@"}}
    unknown: [@, {x: @}]
`;
  const parts = template.split(/@|«([^»]*)»/);
  const fixed = parts.filter((_, index) => index % 2 === 0);
  const needed = parts.filter((_, index) => index % 2 === 1);
  const places = needed.length;
  const word = fc.stringMatching(/^[a-z][a-z0-9./-]{3,8}$/);
  const sensible = fc.oneof(
    word,
    fc.nat({ max: 70000 }).map(String),
    fc.stringMatching(/^[a-z ",\\]{0,8}$/).map((raw) => JSON.stringify(raw)),
  );
  const hostile = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.string({ unit: "grapheme", maxLength: 4 }),
    fc.constantFrom(
      "yes",
      "~",
      "1e3",
      "a: b",
      "a #b",
      "- a",
      "*name",
      "'",
      '"',
      "\\",
      "\n      b",
      "<<",
      "null",
    ),
  );
  const changes = fc.array(
    fc.tuple(fc.nat({ max: places - 1 }), fc.oneof({ weight: 3, arbitrary: sensible }, hostile)),
    { minLength: 1, maxLength: 4 },
  );

  it("fills exactly what parsing and decoding gives, for strings of every kind", () => {
    let filled = 0;
    const words = fc.array(word, { minLength: places, maxLength: places });
    fc.assert(
      fc.property(words, changes, fc.array(changes, { minLength: 5, maxLength: 5 }), (all, first, later) => {
        const tame = all.map((string, at) => needed[at] ?? string);
        const strings = tame.map((string, at) => new Map(first).get(at) ?? string);
        const skeleton = makeSkeleton(fixed, strings);
        expect(skeleton === undefined).toBe(reference(joined(fixed, strings)) === undefined);
        for (const change of [[], ...later]) {
          const others = strings.map((string, at) =>
            skeleton?.fixedBy.includes(at) ? string : (new Map(change).get(at) ?? string),
          );
          const answer = skeleton?.fill(others);
          if (answer === undefined) continue;
          filled++;
          expect(spelled(answer.partial)).toBe(spelled(reference(joined(fixed, others))));
        }
      }),
      { numRuns: 100 },
    );
    expect(filled).toBeGreaterThan(50);
  });
});
