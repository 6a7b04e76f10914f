import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import {
  compileConfig,
  explain,
  inject,
  injectorWebhooks,
  webhookVerdict,
} from "../../src/injection/index.js";
import type { JsonObject, JsonValue } from "../../src/json/index.js";

type Labels = Readonly<Record<string, string>>;

const inject1 = "sidecar.istio.io/inject";
const has = (key: string, ...values: readonly string[]): JsonObject => ({
  key,
  operator: "In",
  values: [...values],
});
const not = (key: string, ...values: readonly string[]): JsonObject => ({
  key,
  operator: "NotIn",
  values: [...values],
});
const none = (key: string): JsonObject => ({ key, operator: "DoesNotExist" });
const rules: JsonValue = [
  { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] },
];

function entry(name: string, namespace: JsonObject[], object: JsonObject[]): JsonObject {
  return {
    name: `${name}.sidecar-injector.istio.io`,
    rules,
    namespaceSelector: { matchExpressions: namespace },
    objectSelector: { matchExpressions: object },
  };
}

/** The entries of an installation or tag, as the chart writes them. */
function configuration(
  name: string,
  revision: string,
  options: { default?: boolean; tag?: string; auto?: boolean } = {},
): JsonObject {
  const target = options.tag ?? revision;
  const webhooks = [
    entry("rev.namespace", [has("istio.io/rev", target), none("istio-injection")], [not(inject1, "false")]),
    entry(
      "rev.object",
      [none("istio.io/rev"), none("istio-injection")],
      [not(inject1, "false"), has("istio.io/rev", target)],
    ),
  ];
  if (options.default) {
    webhooks.push(entry("namespace", [has("istio-injection", "enabled")], [not(inject1, "false")]));
    webhooks.push(
      entry(
        "object",
        [none("istio-injection"), none("istio.io/rev")],
        [has(inject1, "true"), none("istio.io/rev")],
      ),
    );
  }
  if (options.auto) {
    const kubernetes = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];
    webhooks.push(
      entry(
        "auto",
        [none("istio-injection"), none("istio.io/rev"), not("kubernetes.io/metadata.name", ...kubernetes)],
        [none(inject1), none("istio.io/rev")],
      ),
    );
  }
  const labels: JsonObject = {
    "istio.io/rev": revision,
    ...(options.tag === undefined ? {} : { "istio.io/tag": options.tag }),
  };
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name, labels },
    webhooks,
  };
}

const standard = configuration("istio-sidecar-injector", "default", { default: true });
const revision = configuration("istio-sidecar-injector-1-16", "1-16");
const tag = configuration("istio-revision-tag-prod", "1-16", { tag: "prod" });
const automatic = configuration("istio-sidecar-injector", "default", { default: true, auto: true });
const never = { matchLabels: { "istio.io/deactivated": "never-match" } };
const deactivated: JsonObject = {
  ...standard,
  webhooks: [
    { name: "namespace.sidecar-injector.istio.io", rules, namespaceSelector: never, objectSelector: never },
  ],
};

function verdict(object: JsonObject, namespace: Labels, pod: Labels): readonly [boolean, string] {
  const { called, reason } = webhookVerdict(object, namespace, pod);
  return [called, reason];
}

describe("the verdict of a webhook configuration", () => {
  it.each<[string, JsonObject, Labels, Labels, boolean, string]>([
    [
      "a labelled namespace",
      standard,
      { "istio-injection": "enabled" },
      {},
      true,
      "Namespace label istio-injection=enabled matches",
    ],
    [
      "a labelled namespace and pod",
      standard,
      { "istio-injection": "enabled" },
      { [inject1]: "true" },
      true,
      `Namespace label istio-injection=enabled matches, and pod label ${inject1}=true matches`,
    ],
    ["a labelled pod", standard, {}, { [inject1]: "true" }, true, `Pod label ${inject1}=true matches`],
    [
      "a pod that forbids it",
      standard,
      { "istio-injection": "enabled" },
      { [inject1]: "false" },
      false,
      `Pod has ${inject1}=false label, preventing injection`,
    ],
    [
      "a namespace that is switched off",
      standard,
      { "istio-injection": "disabled" },
      { [inject1]: "true" },
      false,
      "Namespace has istio-injection=disabled label, preventing injection",
    ],
    [
      "nothing said",
      standard,
      {},
      {},
      false,
      `No matching namespace labels (istio.io/rev=default, istio-injection=enabled) or pod labels (istio.io/rev=default, ${inject1}=true)`,
    ],
    [
      "a namespace of the revision",
      revision,
      { "istio.io/rev": "1-16" },
      {},
      true,
      "Namespace label istio.io/rev=1-16 matches",
    ],
    [
      "a pod of the revision",
      revision,
      {},
      { "istio.io/rev": "1-16" },
      true,
      "Pod label istio.io/rev=1-16 matches",
    ],
    [
      "another revision",
      revision,
      { "istio.io/rev": "canary" },
      {},
      false,
      "No matching namespace labels (istio.io/rev=1-16) or pod labels (istio.io/rev=1-16)",
    ],
    [
      "both namespace labels: the older one wins",
      revision,
      { "istio.io/rev": "1-16", "istio-injection": "enabled" },
      {},
      false,
      "No matching namespace labels (istio.io/rev=1-16) or pod labels (istio.io/rev=1-16)",
    ],
    [
      "a namespace of the tag",
      tag,
      { "istio.io/rev": "prod" },
      {},
      true,
      "Namespace label istio.io/rev=prod matches",
    ],
    [
      "injection everywhere",
      automatic,
      { "kubernetes.io/metadata.name": "shop" },
      {},
      true,
      "Namespace label kubernetes.io/metadata.name=shop matches (Automatic injection is enabled in all namespaces).",
    ],
    [
      "injection everywhere but in Kubernetes' namespaces",
      automatic,
      { "kubernetes.io/metadata.name": "kube-system" },
      {},
      false,
      "No matching namespace labels (istio.io/rev=default, istio-injection=enabled) or pod labels (istio.io/rev=default, sidecar.istio.io/inject=true)",
    ],
    [
      "a deactivated object",
      deactivated,
      { "istio-injection": "enabled" },
      { [inject1]: "true" },
      false,
      "The injection webhook is deactivated, and will never match labels.",
    ],
  ])("%s", (_title, object, namespace, pod, called, reason) => {
    expect(verdict(object, namespace, pod)).toEqual([called, reason]);
  });

  it("is about Istio's configurations only, sorted by name, also in Lists", () => {
    const other = {
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "a" },
      webhooks: [{ name: "x.example.com" }],
    };
    const found = injectorWebhooks([
      { kind: "List", items: [standard, other] },
      revision,
      tag,
      null,
      "text",
      { kind: "Pod" },
    ]);
    expect(found).toEqual([tag, standard, revision]);
  });

  it("counts an entry whose rules do not cover the creation of pods as not called", () => {
    const elsewhere = [{ operations: ["UPDATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }];
    const object = {
      ...standard,
      webhooks: [{ name: "namespace.sidecar-injector.istio.io", rules: elsewhere }],
    };
    expect(webhookVerdict(object, {}, {})).toMatchObject({
      called: false,
      entries: [{ coversPods: false, matches: false }],
    });
  });

  it("shows matchConditions as they are written", () => {
    const object = {
      ...standard,
      webhooks: [{ name: "a.istio.io", matchConditions: [{ name: "n", expression: "!has(object.x)" }] }],
    };
    expect(webhookVerdict(object, {}, {}).entries[0]?.matchConditions).toEqual(["!has(object.x)"]);
  });
});

/** Kubernetes' rule, written down a second time: an entry calls when every requirement of both its selectors holds. */
function matchesPlainly(object: JsonObject, namespace: Labels, pod: Labels): boolean {
  const holds = (selector: JsonValue | undefined, labels: Labels): boolean => {
    const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
      matchLabels?: Labels;
      matchExpressions?: { key: string; operator: string; values?: string[] }[];
    };
    const exact = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
    return (
      exact &&
      matchExpressions.every(({ key, operator, values = [] }) => {
        const value = labels[key];
        if (operator === "In") return value !== undefined && values.includes(value);
        if (operator === "NotIn") return value === undefined || !values.includes(value);
        return (operator === "Exists") === (value !== undefined);
      })
    );
  };
  return (object.webhooks as JsonObject[]).some(
    (one) => holds(one.namespaceSelector, namespace) && holds(one.objectSelector, pod),
  );
}

describe("explain", () => {
  const namespaces: readonly Labels[] = [
    {},
    ...["enabled", "disabled", "odd"].map((value) => ({ "istio-injection": value })),
    ...["default", "1-16", "prod", "none"].map((value) => ({ "istio.io/rev": value })),
    { "istio-injection": "enabled", "istio.io/rev": "1-16" },
  ];
  const pods: readonly Labels[] = ["", "true", "false", "odd"].flatMap((word) =>
    ["", "default", "1-16", "prod"].map((rev) => ({
      ...(word === "" ? {} : { [inject1]: word }),
      ...(rev === "" ? {} : { "istio.io/rev": rev }),
    })),
  );
  const annotations: readonly JsonObject[] = [
    {},
    { [inject1]: "true" },
    { [inject1]: "false" },
    { [inject1]: "odd" },
  ];
  const selectors: readonly JsonObject[] = [
    {},
    { neverInjectSelector: [{ matchLabels: { app: "web" } }] },
    { alwaysInjectSelector: [{ matchLabels: { app: "web" } }] },
  ];
  const webhooks = injectorWebhooks([standard, revision, tag, deactivated, automatic]);
  const base = {
    values: embeddedDefaults.values,
    templates: new Map([["sidecar", { text: "spec: {containers: [{name: istio-proxy}]}", source: "t" }]]),
  };

  it("says what inject does and what the API server would do, for every combination", () => {
    let combinations = 0;
    for (const policy of ["enabled", "disabled", "wrong"]) {
      for (const selector of selectors) {
        for (const labels of namespaces) {
          const objects = [
            { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { ...labels } } },
          ];
          const snapshot = compileConfig({ ...base, injectConfig: { policy, ...selector }, objects });
          for (const podLabels of pods) {
            for (const map of annotations) {
              const pod = {
                metadata: { namespace: "shop", labels: { app: "web", ...podLabels }, annotations: map },
                spec: { containers: [{ name: "a" }] },
              };
              const told = explain({ pod, context: {}, snapshot, webhooks, withOrigins: false });
              const done = inject(pod, {}, snapshot);
              expect(told.decision?.inject).toBe(done.decision === "inject");
              expect(told.decision?.code).toBe(done.reason);
              expect(told.result?.pod).toEqual(done.pod);
              const all = { ...labels, "kubernetes.io/metadata.name": "shop" };
              const plainly = webhooks.map((one) => matchesPlainly(one, all, { app: "web", ...podLabels }));
              expect(told.webhooks?.map(({ called }) => called)).toEqual(plainly);
              expect(told.called).toBe(plainly.includes(true));
              combinations++;
            }
          }
        }
      }
    }
    expect(combinations).toBe(3 * 3 * namespaces.length * pods.length * annotations.length);
  });

  it("names the winner and what it overruled", () => {
    const snapshot = compileConfig({
      ...base,
      injectConfig: { policy: "enabled", neverInjectSelector: [{ matchLabels: { app: "web" } }] },
    });
    const pod = {
      metadata: { labels: { app: "web", [inject1]: "true" }, annotations: { [inject1]: "false" } },
      spec: { containers: [] },
    };
    const told = explain({ pod, context: {}, snapshot });
    expect(told.decision?.code).toBe("label-true");
    expect(told.overruled).toEqual([`annotation ${inject1}=false`, "neverInjectSelector app=web"]);
    expect(told.webhooks).toBeUndefined();
  });

  it("finds where every part came from by injecting again without it", () => {
    const text =
      'metadata:\n  annotations:\n    size: {{ annotation .ObjectMeta "example.com/size" .Values.size | quote }}\nspec:\n  containers:\n  - name: istio-proxy\n    env:\n    - name: TD\n      value: {{ .MeshConfig.TrustDomain }}\n';
    const templates = new Map([
      ["sidecar", { text, source: "t" }],
      ["extra", { text: "spec: {volumes: [{name: v}]}", source: "e" }],
    ]);
    const snapshot = compileConfig({
      injectConfig: {
        policy: "enabled",
        defaultTemplates: ["sidecar", "extra"],
        injectedAnnotations: { mine: "1" },
      },
      values: { size: "s" },
      templates,
    });
    const spec = { containers: [{ name: "app" }] };
    const from = (pod: JsonObject): Record<string, string> =>
      Object.fromEntries(
        explain({ pod, context: {}, snapshot }).origins.map((one) => [
          one.path,
          [...one.templates, ...one.from].join("; "),
        ]),
      );
    expect(from({ metadata: {}, spec })).toMatchObject({
      "annotations[size]": "sidecar; values size",
      "annotations[mine]": "injectedAnnotations mine",
      "containers[istio-proxy]": "sidecar",
      "containers[istio-proxy].env[TD]": "sidecar; mesh config trustDomain",
      "volumes[v]": "extra",
    });
    expect(from({ metadata: { annotations: { "example.com/size": "l" } }, spec })).toMatchObject({
      "annotations[size]": "sidecar; annotation example.com/size",
    });
  });

  it("tells why injection fails, and what was checked", () => {
    const snapshot = compileConfig({ ...base, injectConfig: { policy: "enabled" } });
    const pod = {
      metadata: { annotations: { "sidecar.istio.io/interceptionMode": "X" } },
      spec: { containers: [] },
    };
    const told = explain({ pod, context: {}, snapshot });
    expect(told.error?.code).toBe("annotation-invalid");
    expect(told.validated).toEqual(["sidecar.istio.io/interceptionMode"]);
    expect(explain({ pod: { spec: { containers: "x" } }, context: {}, snapshot }).error?.code).toBe(
      "pod-invalid",
    );
  });
});
