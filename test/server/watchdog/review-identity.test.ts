import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findMembers } from "../../../src/server/watchdog/json-members.js";
import { reviewIdentity } from "../../../src/server/watchdog/review-identity.js";
import { root } from "../../support/peer.js";

const folder = join(root, "test", "fixtures", "admission-reviews");
const recorded = readdirSync(folder).filter((name) => name.startsWith("kubernetes-"));
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const identityOf = (tree: unknown) => reviewIdentity(Buffer.from(JSON.stringify(tree)));
const replicaSet = "kubernetes-1.36-replicaset.json";

describe("the identity of a review", () => {
  it.each(recorded)("%s: names uid, namespace, kind and size", (name) => {
    const tree = read(name);
    const text = JSON.stringify(tree);
    expect(reviewIdentity(Buffer.from(text))).toMatchObject({
      uid: tree.request.uid,
      namespace: tree.request.namespace,
      kind: "Pod",
      apiVersion: tree.apiVersion,
      bytes: Buffer.byteLength(text),
    });
  });

  it.each(recorded)("%s: is that of other recorded reviews of the same object, and of no others", (name) => {
    const one = read(name);
    for (const other of recorded.map(read)) {
      const same = JSON.stringify(essence(other)) === JSON.stringify(essence(one));
      expect(identityOf(other).fingerprint === identityOf(one).fingerprint).toBe(same);
    }
  });

  /** What of a parsed review should tell it from others. */
  function essence({ request: { namespace, object } }: ReturnType<typeof read>): unknown {
    const { labels = {}, annotations } = object.metadata;
    const kept = Object.entries(labels).filter(
      ([label]) => !/controller-uid|job-name|template-hash/.test(label),
    );
    return JSON.parse(
      JSON.stringify([namespace, kept, annotations, object.spec]).replaceAll(
        /(?<=kube-api-access-)\w{5}/g,
        "",
      ),
    );
  }

  it("is the same when a controller sends the same pod again", () => {
    const first = read(replicaSet);
    const again = JSON.stringify(first)
      .replace(first.request.uid, "00000000-0000-4000-8000-000000000000")
      .replace("JTI=08204392", "JTI=11111111")
      .replaceAll("2026-11-21T09:53:05Z", "2026-11-21T10:11:12Z")
      .replaceAll(/kube-api-access-\w{5}/g, "kube-api-access-x7k2p");
    expect(again).not.toBe(JSON.stringify(first));
    expect(reviewIdentity(Buffer.from(again)).fingerprint).toBe(identityOf(first).fingerprint);
  });

  it("is the same for the pods of one template, whoever owns them", () => {
    const first = read("kubernetes-1.36-job.json");
    const next = structuredClone(first);
    const { metadata } = next.request.object;
    metadata.generateName = "another-";
    metadata.name = "another-x7k2p";
    metadata.ownerReferences[0].uid = "00000000-0000-4000-8000-000000000000";
    for (const label of Object.keys(metadata.labels))
      if (/controller-uid|job-name/.test(label)) metadata.labels[label] = "another";
    expect(metadata.labels).not.toEqual(first.request.object.metadata.labels);
    expect(identityOf(next).fingerprint).toBe(identityOf(first).fingerprint);
  });

  it("is another in another namespace, with another annotation, label or field", () => {
    const first = identityOf(read(replicaSet)).fingerprint;
    const changes: ((request: ReturnType<typeof read>) => void)[] = [
      (request) => (request.namespace = "another"),
      (request) => (request.object.metadata.annotations = { a: "b" }),
      (request) => (request.object.metadata.labels.a = "b"),
      (request) => (request.object.spec.hostname = "a"),
      (request) => (request.object.spec.containers[0].name = "kube-api-access-longer"),
    ];
    const prints = changes.map((change) => {
      const tree = read(replicaSet);
      change(tree.request);
      return identityOf(tree).fingerprint;
    });
    expect(new Set([first, ...prints]).size).toBe(changes.length + 1);
  });

  it("is told of any bytes, by all of them when they are no review", () => {
    const prints = ["{", "[[[[", '{"request":', '{"request":{"object":', "\u0000", "x".repeat(300)].map(
      (text) => {
        const { uid, namespace, bytes, fingerprint } = reviewIdentity(Buffer.from(text));
        expect([uid, namespace, bytes]).toEqual(["", "", Buffer.byteLength(text)]);
        return fingerprint;
      },
    );
    expect(new Set(prints).size).toBe(prints.length);
  });

  it("keeps memory and stack where the text is deep or has a million members", () => {
    const deep = `{"request":{"uid":"u","object":${'{"a":['.repeat(500_000)}`;
    expect(reviewIdentity(Buffer.from(deep)).uid).toBe("u");
    const wide = `{"request":{"object":{"metadata":{${'"name":"n",'.repeat(500_000)}"a":1}},"uid":"u"}}`;
    expect(reviewIdentity(Buffer.from(wide)).uid).toBe("u");
  });
});

describe("members found in bytes", () => {
  it("are those that JSON.parse finds, with the same values", () => {
    const blank = fc.constantFrom("", " ", "\n\t ");
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), blank, (tree, space) => {
        const text = JSON.stringify(tree, null, space).replaceAll(":", `${space}:${space}`);
        fc.pre(isJson(text));
        const parsed = JSON.parse(text);
        const keys = new Set(Object.keys(parsed).map((key) => JSON.stringify(key).slice(1, -1)));
        const bytes = Buffer.from(text);
        for (const [key, { from, to }] of findMembers(bytes, 0, keys))
          expect(JSON.parse(bytes.subarray(from, to).toString())).toEqual(parsed[JSON.parse(`"${key}"`)]);
        expect(findMembers(bytes, 0, keys).size).toBe(keys.size);
      }),
      { numRuns: 500 },
    );
  });

  function isJson(text: string): boolean {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }
});
