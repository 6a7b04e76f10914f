import { describe, expect, it } from "vitest";
import {
  foresee,
  listTags,
  readWebhookConfiguration,
  restoreDefaultChange,
  type SetTagOptions,
  setTagChange,
  type TagChange,
  type TagWrite,
  type WebhookConfiguration,
  wantedTag,
} from "../../src/cluster/index.js";
import { webhookVerdict } from "../../src/injection/index.js";
import { getOwn, isObject, type JsonObject } from "../../src/json/index.js";
import { installed } from "./tag-cluster.js";

type Labels = Readonly<Record<string, string>>;

const pillion = installed({
  name: "istio-sidecar-injector-pillion",
  revision: "pillion",
  service: "pillion",
});
const handOver: SetTagOptions = {
  tag: "default",
  revision: "pillion",
  overwrite: true,
  systemTrust: false,
};

function read(objects: readonly JsonObject[]): readonly WebhookConfiguration[] {
  return objects.map(readWebhookConfiguration);
}

function carriedOut(objects: readonly JsonObject[], { kind, name, object }: TagWrite): readonly JsonObject[] {
  const others = objects.filter((one) => readWebhookConfiguration(one).name !== name);
  return kind === "delete" ? others : [...others, object];
}

/** The states in which API servers can be while a change is made, the first and the last included. */
function states(objects: readonly JsonObject[], change: TagChange): readonly (readonly JsonObject[])[] {
  const found = [objects];
  for (const write of foresee(change, read(objects))) found.push(carriedOut(found.at(-1) ?? [], write));
  return found;
}

/** Without order and without what a read or a write adds. */
function comparable(objects: readonly JsonObject[]) {
  return read(objects)
    .map(({ name, labels, annotations, source }) => ({
      name,
      labels,
      annotations,
      webhooks: source.webhooks,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The revisions whose injectors an API server calls for a pod, one after the other: configurations by their names, each
 * entry on the pod as those before left it. The guard's expression itself is tried on the real API server, in test/e2e.
 */
function called(
  objects: readonly JsonObject[],
  namespace: Labels,
  pod: Labels,
  arrivedWith?: string,
): readonly string[] {
  const calls: string[] = [];
  let status = arrivedWith;
  const sorted = [...objects].sort((a, b) =>
    readWebhookConfiguration(a).name < readWebhookConfiguration(b).name ? -1 : 1,
  );
  for (const object of sorted) {
    const { revision = "" } = readWebhookConfiguration(object);
    for (const { matches, matchConditions } of webhookVerdict(object, namespace, pod).entries) {
      const guarded = matchConditions.some(
        (text) => status !== undefined && text.includes(`"revision":"${status}"`),
      );
      if (!matches || guarded) continue;
      calls.push(revision);
      status = revision;
    }
  }
  return calls;
}

const namespaces: readonly Labels[] = [
  {},
  { "istio-injection": "enabled" },
  { "istio-injection": "disabled" },
  { "istio.io/rev": "default" },
  { "istio.io/rev": "pillion" },
  { "istio-injection": "enabled", "istio.io/rev": "pillion" },
].map((labels) => ({ ...labels, "kubernetes.io/metadata.name": "shop" }));
const pods: readonly Labels[] = [
  {},
  { "sidecar.istio.io/inject": "true" },
  { "sidecar.istio.io/inject": "false" },
  { "istio.io/rev": "default" },
  { "istio.io/rev": "pillion" },
  { "istio.io/rev": "default", "sidecar.istio.io/inject": "true" },
];
const everyPod = namespaces.flatMap((namespace) => pods.map((pod) => ({ namespace, pod })));

describe.each(["istio-sidecar-injector", "a-sidecar-injector"])("handing over the default of %s", (name) => {
  describe.each([false, true])("which takes every namespace: %s", (everywhere) => {
    const istiod = installed({ name, revision: "default", byDefault: true, everywhere });
    const before = [istiod, pillion];
    const there = states(before, setTagChange(handOver));
    const after = there.at(-1) ?? [];
    const back = states(after, restoreDefaultChange());

    it("calls one injector for each pod in each state, and the owner changes once", () => {
      expect([there.length, back.length]).toEqual([4, 4]);
      for (const { namespace, pod } of everyPod) {
        const expected = called(before, namespace, pod).length;
        expect(expected).toBeLessThan(2);
        for (const way of [there, back]) {
          const calls = way.map((state) => called(state, namespace, pod));
          const what = JSON.stringify({ namespace, pod, calls });
          expect(
            calls.map((one) => one.length),
            what,
          ).toEqual(way.map(() => expected));
          const owners = calls.flat().filter((owner, index, all) => owner !== all[index - 1]);
          expect(owners.length, what).toBeLessThan(3);
        }
      }
    });

    it("never calls two for a pod that arrives injected, and always one if that was by somebody else", () => {
      const legacy = namespaces[1] ?? {};
      for (const state of [...there, ...back]) {
        expect(called(state, legacy, {}, "canary")).toHaveLength(1);
        for (const revision of ["default", "pillion"])
          expect(called(state, legacy, {}, revision).length).toBeLessThan(2);
      }
    });

    it("changes one object at a time", () => {
      for (const way of [there, back])
        for (const [index, state] of way.slice(1).entries()) {
          const [old, now] = [comparable(way[index] ?? []), comparable(state)];
          const texts = new Set(old.map((one) => JSON.stringify(one)));
          const changed = now.filter((one) => !texts.has(JSON.stringify(one)));
          expect(changed.length + Math.max(0, old.length - now.length)).toBe(1);
        }
    });

    it("leaves the new owner active, the old one never matching, and no guard", () => {
      const legacy = namespaces[1] ?? {};
      expect(called(after, legacy, {})).toEqual(["pillion"]);
      const old = read(after).find((one) => one.name === name);
      expect(old?.entries.every(({ deactivated }) => deactivated)).toBe(true);
      expect(JSON.stringify(after.map(({ webhooks }) => webhooks ?? null))).not.toContain("matchConditions");
      expect(comparable(back.at(-1) ?? [])).toEqual(comparable(before));
    });

    it("can be completed or taken back from each state in between", () => {
      for (const state of [...there, ...back]) {
        const completed = states(state, setTagChange(handOver)).at(-1) ?? [];
        expect(comparable(completed)).toEqual(comparable(after));
        const restored = states(state, restoreDefaultChange()).at(-1) ?? [];
        expect(comparable(restored)).toEqual(comparable(before));
      }
    });
  });
});

it("taking the default for the revision that owns it calls its injector once for each pod as well", () => {
  const before = [
    installed({ name: "istio-sidecar-injector", revision: "default", byDefault: true }),
    pillion,
  ];
  const there = states(before, setTagChange({ ...handOver, revision: "default" }));
  const back = states(there.at(-1) ?? [], restoreDefaultChange());
  for (const { namespace, pod } of everyPod)
    for (const state of [...there, ...back])
      expect(called(state, namespace, pod)).toEqual(called(before, namespace, pod));
  expect(comparable(back.at(-1) ?? [])).toEqual(comparable(before));
});

describe("the object of a tag", () => {
  const configured = installed({
    name: "istio-sidecar-injector-canary-mesh",
    revision: "canary",
    service: "istiod-canary",
    namespace: "mesh",
    labels: { release: "istio", "operator.istio.io/component": "Pilot", app: "other" },
    annotations: { team: "mesh", "kubectl.kubernetes.io/last-applied-configuration": "{}" },
  });

  it("is as istioctl makes it: the revision's webhook with the selectors of the tag", () => {
    const tag = installed({
      name: "istio-revision-tag-prod-mesh",
      revision: "canary",
      tag: "prod",
      service: "istiod-canary",
      namespace: "mesh",
      labels: { release: "istio", "operator.istio.io/component": "Pilot" },
      annotations: { team: "mesh" },
    });
    const goal = { tag: "prod", revision: "canary", systemTrust: false };
    expect(wantedTag(goal, read([configured]))).toEqual({
      ...tag,
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
    });
  });

  it("keeps what else a webhook says, and the name that a tag has", () => {
    const conditions = [{ name: "mine", expression: "true" }];
    const webhooks = Array.isArray(pillion.webhooks) ? pillion.webhooks.filter(isObject) : [];
    const strict = {
      ...pillion,
      webhooks: webhooks.map((one) => ({
        ...one,
        reinvocationPolicy: "IfNeeded",
        timeoutSeconds: 3,
        matchConditions: conditions,
      })),
    };
    const old = installed({
      name: "made-by-hand",
      revision: "canary",
      tag: "prod",
      service: "istiod-canary",
    });
    const goal = { tag: "prod", revision: "pillion", systemTrust: false };
    const made = wantedTag(goal, read([strict, old]));
    expect(readWebhookConfiguration(made)).toMatchObject({
      name: "made-by-hand",
      revision: "pillion",
      tag: "prod",
    });
    const [first] = readWebhookConfiguration(made).entries;
    expect(first?.source).toMatchObject({
      reinvocationPolicy: "IfNeeded",
      timeoutSeconds: 3,
      matchConditions: conditions,
      clientConfig: { service: { name: "pillion" } },
    });
  });

  it.each([
    ["istio-sidecar-injector-pillion", "istio-revision-tag-prod"],
    ["istio-sidecar-injector-pillion-mesh", "istio-revision-tag-prod-mesh"],
  ])("of an injector behind a URL is named after %s", (name, expected) => {
    const outside = installed({ name, revision: "pillion", url: "https://injector.example.com/inject" });
    const goal = { tag: "prod", revision: "pillion", systemTrust: false };
    expect(readWebhookConfiguration(wantedTag(goal, read([outside]))).name).toBe(expected);
  });

  it.each([
    [undefined, 5],
    [false, 4],
    [true, 5],
  ])(
    "for the default takes pods that say nothing as the owner before, unless told: %s",
    (everywhere, count) => {
      const istiod = installed({
        name: "istio-sidecar-injector",
        revision: "default",
        byDefault: true,
        everywhere: true,
      });
      const goal = { ...handOver, ...(everywhere === undefined ? {} : { everywhere }) };
      const made = wantedTag(goal, read([istiod, pillion]));
      expect(readWebhookConfiguration(made).entries).toHaveLength(count);
    },
  );
});

describe("giving back a default that istioctl took", () => {
  function deactivated(object: JsonObject, rename: (name: string) => string): JsonObject {
    const never = { matchLabels: { "istio.io/deactivated": "never-match" } };
    const webhooks = getOwn(object, "webhooks");
    const entries = Array.isArray(webhooks) ? webhooks.filter(isObject) : [];
    return {
      ...object,
      webhooks: entries.map((one) => ({
        ...one,
        name: rename(String(one.name)),
        namespaceSelector: never,
        objectSelector: never,
      })),
    };
  }
  const istiod = installed({
    name: "istio-sidecar-injector",
    revision: "default",
    byDefault: true,
    everywhere: true,
  });
  const tag = installed({
    name: "istio-revision-tag-default",
    revision: "pillion",
    tag: "default",
    service: "pillion",
    byDefault: true,
  });

  it("finds the selectors by the names of the entries", () => {
    const taken = [deactivated(istiod, (name) => name), pillion, tag];
    const restored = states(taken, restoreDefaultChange()).at(-1) ?? [];
    expect(comparable(restored)).toEqual(comparable([istiod, pillion]));
  });

  it("says so where it cannot know them", () => {
    const taken = [deactivated(istiod, (name) => `my.${name}`), pillion, tag];
    expect(() => foresee(restoreDefaultChange(), read(taken))).toThrow(
      /the entry my\.rev\.namespace.*istio-sidecar-injector is switched off.*Install it again/,
    );
  });
});

describe("the list of tags", () => {
  it("has all, by name, with those who choose them", () => {
    const objects = ["b", "a"].map((tag) => installed({ name: `tag-${tag}`, revision: "canary", tag }));
    expect(listTags(read([pillion, ...objects]), new Map([["b", ["n1", "n2"]]]))).toEqual([
      { tag: "a", revision: "canary", namespaces: [], webhook: "tag-a", address: "istiod.istio-system" },
      {
        tag: "b",
        revision: "canary",
        namespaces: ["n1", "n2"],
        webhook: "tag-b",
        address: "istiod.istio-system",
      },
    ]);
    expect(listTags(read(objects), undefined)[0]?.namespaces).toBeUndefined();
  });
});
