import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { yamlToJson } from "../../src/goyaml/index.js";
import { deepEqual, isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { type ManifestDocument, readDocuments, rewriteDocument } from "../../src/manifests/index.js";
import { Dice, dice, tree, writeOddly } from "./random-yaml.js";

function only(text: string): ManifestDocument {
  const [document, ...more] = readDocuments({ text, source: "test" });
  if (document === undefined || more.length > 0) throw new Error("the test expects one document");
  if (document.fault !== undefined) throw document.fault;
  return document;
}

function rewrite(text: string, wanted: JsonValue): string {
  const document = only(text);
  return (
    text.slice(0, document.start) + rewriteDocument(text, document, wanted, "test") + text.slice(document.end)
  );
}

/** A copy of the tree with another value at a path; undefined removes the key or element. */
function changed(value: JsonValue, path: readonly (string | number)[], to: JsonValue | undefined): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return to ?? null;
  if (Array.isArray(value)) {
    const list = [...value];
    if (rest.length > 0 || (to !== undefined && Number(step) < list.length))
      list[Number(step)] = changed(list[Number(step)] ?? null, rest, to);
    else if (to === undefined) list.splice(Number(step), 1);
    else list.push(to);
    return list;
  }
  const map: JsonObject = isObject(value) ? { ...value } : {};
  if (rest.length === 0 && to === undefined) delete map[String(step)];
  else map[String(step)] = changed(map[String(step)] ?? null, rest, to);
  return map;
}

function change(text: string, ...changes: [path: string, to: JsonValue | undefined][]): string {
  const wanted = changes.reduce<JsonValue>(
    (value, [path, to]) =>
      changed(
        value,
        path.split("/").map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
        to,
      ),
    only(text).value,
  );
  const result = rewrite(text, wanted);
  expect(only(result).value).toEqual(wanted);
  return result;
}

function containersOf(text: string): JsonObject[] {
  const { value } = only(text);
  const spec = isObject(value) && isObject(value.spec) ? value.spec : {};
  return Array.isArray(spec.containers) ? spec.containers.filter(isObject) : [];
}

const web = `# the shop
apiVersion: v1 # first
kind: Pod
metadata:
  name: web   # its name
  labels:
    app: 'web'

spec:
  # all of them
  containers:
  # the app
  - name: app # main
    image: "app:1"
    args: [a, "b"]   # flow

  # the last
  - name: log
    image: log
# end
`;

describe("changing a YAML document", () => {
  it("adds keys behind the last one and leaves every other byte", () => {
    expect(change(web, ["metadata/labels/tier", "front"], ["metadata/annotations", { a: "1", b: "x" }])).toBe(
      web.replace(
        "    app: 'web'\n",
        `    app: 'web'\n    tier: front\n  annotations:\n    a: "1"\n    b: x\n`,
      ),
    );
  });

  it("puts a list element first, above the comment of the one that was first", () => {
    const containers = [{ name: "new", args: ["x", ""] }, ...containersOf(web)];
    expect(change(web, ["spec/containers", containers])).toBe(
      web.replace("  # the app\n", '  - name: new\n    args:\n    - x\n    - ""\n  # the app\n'),
    );
  });

  it("changes a scalar in the quotes that it has, and keeps the comment behind it", () => {
    expect(change(web, ["metadata/labels/app", "shop"], ["spec/containers/0/image", "app:2"])).toBe(
      web.replace("'web'", "'shop'").replace("app:1", "app:2"),
    );
  });

  it("changes lists in flow style in flow style", () => {
    expect(change(web, ["spec/containers/0/args/2", "c"])).toBe(web.replace('[a, "b"]', '[a, "b", c]'));
    expect(change(web, ["spec/containers/0/args/0", undefined])).toBe(web.replace('[a, "b"]', '["b"]'));
  });

  it("moves a list element with its comments and its changes", () => {
    const [app = {}, log = {}] = containersOf(web);
    expect(change(web, ["spec/containers", [log, { ...app, image: "app:2" }]])).toBe(
      web
        .replace(/ {2}- name: app[\s\S]*# flow\n/, "")
        .replace(
          "    image: log\n",
          `    image: log\n  - name: app # main\n    image: "app:2"\n    args: [a, "b"]   # flow\n`,
        ),
    );
  });

  it("removes whole lines and the comments inside what goes, no others", () => {
    expect(change(web, ["spec/containers/0", undefined])).toBe(
      web.replace(/ {2}- name: app[\s\S]*# flow\n/, ""),
    );
    expect(change(web, ["metadata/labels", undefined])).toBe(web.replace("  labels:\n    app: 'web'\n", ""));
  });

  it("keeps Windows line ends", () => {
    const windows = web.replaceAll("\n", "\r\n");
    expect(change(windows, ["metadata/annotations", { a: "b" }])).toBe(
      windows.replace("    app: 'web'\r\n", "    app: 'web'\r\n  annotations:\r\n    a: b\r\n"),
    );
  });

  it("indents as the author does", () => {
    const text = "a:\n    b:\n      - c\n";
    expect(change(text, ["a/d", { e: ["f"] }])).toBe(
      "a:\n    b:\n      - c\n    d:\n        e:\n          - f\n",
    );
  });

  it("keeps a file without a newline at its end without one", () => {
    expect(change("a: b", ["c", "d"])).toBe("a: b\nc: d");
    expect(change("a: b\nc: d", ["c", undefined])).toBe("a: b");
  });

  it("keeps a byte order mark, directives and document markers", () => {
    expect(change("\ufeffa: b\n", ["c", "d"])).toBe("\ufeffa: b\nc: d\n");
    expect(change("%YAML 1.1\n--- # one\na: b\n...\n", ["c", "d"])).toBe(
      "%YAML 1.1\n--- # one\na: b\nc: d\n...\n",
    );
  });

  it("does not let a comment that follows become part of a literal block", () => {
    const text = "a: b\n      # deep\n";
    const result = change(text, ["c", "x\ny\n"]);
    expect(result).toContain("      # deep\n");
  });

  it("writes texts of several lines as literal blocks", () => {
    expect(change("a: b\n", ["c", "x\n  y\n"])).toBe("a: b\nc: |\n  x\n    y\n");
  });

  it("quotes what YAML 1.1 or YAML 1.2 would read as something else", () => {
    const odd = [
      "yes",
      "NO",
      "on",
      "y",
      "1",
      "1e3",
      "0x1F",
      "0o7",
      "012",
      "1_000",
      "1:30",
      "~",
      "null",
      "2001-01-01",
      ".5",
      "+1",
      "1.2.3",
      "=",
      "<<",
      "- x",
      "a: b",
      "a #b",
      "'",
      '"',
      "",
      " ",
      "-",
      "?",
      "*a",
      "&a",
      "!a",
      "%a",
      "@a",
      "`a",
      "{",
      "[",
      "]",
      ",",
      "#",
      "\t",
      "\u0085",
      "\u2028",
      "\ufeff",
      "\u0007",
      "😀",
    ];
    const result = change("a: b\n", ["c", odd], ["d", Object.fromEntries(odd.map((key) => [key, 1]))]);
    expect(yamlToJson(result)).toEqual({ a: "b", c: odd, d: Object.fromEntries(odd.map((key) => [key, 1])) });
  });
});

describe("strings that are added", () => {
  const odd = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.string({ unit: "binary-ascii", maxLength: 10 }),
    fc
      .array(
        fc.constantFrom(
          "a",
          "1",
          ".",
          ":",
          " ",
          "-",
          "#",
          "\n",
          "'",
          '"',
          ",",
          "e",
          "_",
          "0x",
          "true",
          "~",
          "no",
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join("")),
  );

  it("are the same to readers of YAML 1.1 and of YAML 1.2, as keys too, in block and in flow style", () => {
    fc.assert(
      fc.property(odd, odd, (key, text) => {
        for (const old of ["a: b\n", "{a: b}\n"]) {
          const wanted = { a: "b", [`${key}.`]: text, list: [text, { [`.${key}`]: [text] }] };
          const result = rewrite(old, wanted);
          for (const version of ["1.1", "1.2"] as const) expect(parse(result, { version })).toEqual(wanted);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("anchors, aliases and merge keys", () => {
  const text = `a: &x
  k: 1
  l: &y [1, 2]
b: *x
c:
  <<: *x
  m: 2
d: *y
`;

  it("stay when nothing inside them changes", () => {
    expect(change(text, ["e", "new"])).toBe(`${text}e: new\n`);
  });

  it("a change behind an alias writes the alias out and leaves the anchor alone", () => {
    expect(change(text, ["b/k", 5])).toBe(text.replace("b: *x\n", "b:\n  k: 5\n  l:\n  - 1\n  - 2\n"));
  });

  it("a change inside an anchor leaves those who use it as they were", () => {
    const result = change(text, ["a/k", 5]);
    expect(result).toContain("a: &x\n  k: 5\n");
    expect(result).toContain("b:\n  k: 1\n");
    expect(result).toContain("c:\n  <<: *x\n  m: 2\n  k: 1\n");
  });

  it("a key that comes through a merge is changed by a key of its own", () => {
    const result = change(text, ["c/k", 5]);
    expect(result).toContain("<<: *x");
    expect(result).toContain("k: 5");
  });

  it("a key that a merge must not give any more makes the merge go", () => {
    expect(change(text, ["c/k", undefined])).not.toContain("<<");
  });

  it("an anchor that goes is written out where it was used", () => {
    const result = change(text, ["a", undefined]);
    expect(result).not.toMatch(/[&*]/);
  });

  it("an alias follows its anchor when both should have the same new value", () => {
    expect(change(text, ["a/l", [1, 2, 3]], ["b/l", [1, 2, 3]], ["c/l", [1, 2, 3]], ["d", [1, 2, 3]])).toBe(
      text.replace("[1, 2]", "[1, 2, 3]"),
    );
  });
});

describe("changing a JSON document", () => {
  const pretty = `{
  "a": {"b": 1},
  "c": [],
  "d": {
    "e": "x"
  }
}
`;

  it("stays JSON in the layout that it has", () => {
    const result = change(pretty, ["d/f", { g: [1] }], ["c/0", { h: "i\nj" }], ["a/k", true]);
    expect(JSON.parse(result)).toEqual({
      a: { b: 1, k: true },
      c: [{ h: "i\nj" }],
      d: { e: "x", f: { g: [1] } },
    });
    expect(result).toContain('"a": {"b": 1, "k": true}');
    expect(result).toContain('    "e": "x",\n    "f": {\n      "g": [\n        1\n      ]\n    }\n');
  });

  it("stays on one line when it is on one line", () => {
    expect(change('{"a":{"b":[1,2]},"c":"d"}', ["a/b/0", undefined], ["e", { f: "g" }])).toBe(
      '{"a":{"b":[2]},"c":"d","e":{"f":"g"}}',
    );
  });

  it("reads a stream of objects as kubectl does", () => {
    const documents = readDocuments({ text: '{"a":1}\n{"b":9007199254740993}\n', source: "test" });
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 9007199254740993n }]);
  });
});

describe("random documents", () => {
  /** Some of b's entries laid over a, drawn by chance. */
  function mixed(a: JsonValue, b: JsonValue, die: Dice): JsonValue {
    if (Array.isArray(a) && Array.isArray(b)) {
      const list = a.map((item, i) => (i < b.length && die.roll(2) ? mixed(item, b[i] ?? null, die) : item));
      const kept = list.filter(() => die.roll(5) > 0);
      if (b.length > 0 && die.roll(2)) kept.splice(die.roll(kept.length + 1), 0, b[0] ?? null);
      return kept;
    }
    if (isObject(a) && isObject(b)) {
      const map: JsonObject = {};
      for (const [key, item] of Object.entries(a))
        if (die.roll(4) > 0) map[key] = Object.hasOwn(b, key) ? mixed(item, b[key] ?? null, die) : item;
      for (const [key, item] of Object.entries(b)) if (!Object.hasOwn(a, key)) map[key] = item;
      return map;
    }
    return die.roll(2) ? b : a;
  }

  /** b's new keys and elements laid over a; nothing of a goes or changes. */
  function extended(a: JsonValue, b: JsonValue, die: Dice): JsonValue {
    if (Array.isArray(a) && a.length > 0)
      return die.roll(2) ? [{ name: "added", value: b }, ...a] : [...a, { name: "added", value: b }];
    if (!isObject(a) || Object.keys(a).length === 0) return a;
    const map: JsonObject = {};
    for (const [key, item] of Object.entries(a)) map[key] = die.roll(2) ? extended(item, b, die) : item;
    if (!Object.hasOwn(a, "added key")) map["added key"] = b;
    return map;
  }

  it("mean what they should after any change", () => {
    fc.assert(
      fc.property(tree, tree, dice, (a, b, numbers) => {
        const text = writeOddly(a, new Dice(numbers));
        const [document] = readDocuments({ text, source: "test" });
        fc.pre(document !== undefined && document.fault === undefined);
        const wanted = mixed(document?.value ?? null, b, new Dice(numbers));
        expect(deepEqual(only(rewrite(text, wanted)).value, wanted)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it("keep every byte when what was added is taken away again", () => {
    fc.assert(
      fc.property(tree, tree, dice, (a, b, numbers) => {
        const text = writeOddly(a, new Dice(numbers));
        const [document] = readDocuments({ text, source: "test" });
        fc.pre(document !== undefined && document.fault === undefined);
        const old = document?.value ?? null;
        const wanted = extended(old, b, new Dice(numbers));
        expect(rewrite(rewrite(text, wanted), old)).toBe(text);
      }),
      { numRuns: 400 },
    );
  });
});
