import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/kube/index.js";
import { type ManifestDocument, readDocuments, rewriteDocument } from "../../src/manifests/index.js";

function only(text: string): ManifestDocument {
  const [document, ...more] = readDocuments({ text, source: "test" });
  if (document === undefined || more.length > 0) throw new Error("the test expects one document");
  return document;
}

function rewrite(text: string, wanted: JsonValue): string {
  const document = only(text);
  return (
    text.slice(0, document.start) + rewriteDocument(text, document, wanted, "test") + text.slice(document.end)
  );
}

/** Changes a tree as a program would: it gets a deep copy to work on. */
// biome-ignore lint/suspicious/noExplicitAny: placeholder
function change(text: string, edit: (tree: any) => void): string {
  const tree = structuredClone(only(text).value);
  edit(tree);
  return rewrite(text, tree);
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

describe("rewriting a document", () => {
  it("adds a key behind the last one and leaves every other byte", () => {
    const result = change(web, (t) => {
      t.metadata.labels.tier = "front";
      t.metadata.annotations = { a: "1", b: "x" };
    });
    expect(result).toBe(
      web.replace(
        "    app: 'web'\n",
        "    app: 'web'\n    tier: front\n  annotations:\n    a: '1'\n    b: x\n".replaceAll("'1'", '"1"'),
      ),
    );
  });
  it("puts a list element first, above the comment of the element that was first", () => {
    const result = change(web, (t) => t.spec.containers.unshift({ name: "new", args: ["x", ""] }));
    expect(result).toBe(
      web.replace("  # the app\n", '  - name: new\n    args:\n    - x\n    - ""\n  # the app\n'),
    );
  });
  it("flow", () => {
    console.log(
      change(web, (t) => {
        t.spec.containers[0].args.push("c");
        t.spec.containers[1].args = ["q"];
        t.spec.volumes = [{ name: "a", emptyDir: {} }];
        t.spec.containers.push(t.spec.containers.shift());
        t.spec.containers[1].image = "x: y";
      }),
    );
  });
  it("anchors", () => {
    const t = `a: &x
  k: 1
  l: &y [1, 2]
b: *x
c:
  <<: *x
  m: 2
d: *y
`;
    console.log(
      change(t, (v) => {
        v.a.k = 5;
      }),
    );
    console.log(
      change(t, (v) => {
        v.b.k = 5;
      }),
    );
    console.log(
      change(t, (v) => {
        v.c.k = 5;
      }),
    );
    console.log(
      change(t, (v) => {
        delete v.c.k;
      }),
    );
    console.log(
      change(t, (v) => {
        delete v.a;
      }),
    );
    console.log(
      change(t, (v) => {
        v.a.l.push(3);
      }),
    );
    console.log(
      change(t, (v) => {
        v.a.l.push(3);
        v.d.push(3);
      }),
    );
  });
  it("json", () => {
    const t = `{
  "a": {"b": 1},
  "c": [],
  "d": {
    "e": "x"
  }
}
`;
    console.log(
      change(t, (v) => {
        v.a.c = { z: 1 };
        v.c.push({ name: "x" });
        v.d.f = [1, 2];
        v.d.g = {};
        v.k = "a\nb";
      }),
    );
    console.log(
      change(`{"a":{"b":[1,2]},"c":"d"}`, (v) => {
        v.a.b.shift();
        v.a.c = { r: [1] };
        delete v.c;
      }),
    );
  });
});
