import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import {
  compileConfig,
  deprecatedAnnotations,
  inject,
  knownAnnotations,
  knownLabels,
  podWarnings,
  type WarningFacts,
} from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { readDocuments } from "../support/compare.js";
import {
  caseFile,
  caseInput,
  injectionCases,
  podOfWorkload,
  requestNamespace,
  workloads,
} from "../support/injection-cases.js";
import { peerMissing } from "../support/peer.js";

interface Parts {
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  readonly spec?: JsonObject;
}

function messages(
  { labels = {}, annotations = {}, spec = {} }: Parts,
  facts: WarningFacts = {},
): readonly string[] {
  return podWarnings({ metadata: { labels, annotations }, spec }, facts).map(({ message }) => message);
}

const proxy = { name: "istio-proxy" };
const regular = { spec: { containers: [{ name: "app" }, proxy] } };
const native = { spec: { initContainers: [proxy], containers: [{ name: "app" }] } };
const inject1 = "sidecar.istio.io/inject";

describe("warnings about a pod", () => {
  it.each<[string, Parts, WarningFacts, string[]]>([
    [
      "an inject label that is neither true nor false",
      { labels: { [inject1]: "yes" } },
      {},
      [`${inject1}: the label is "yes", neither true nor false`],
    ],
    ["an empty one means nothing", { labels: { [inject1]: "" } }, {}, []],
    [
      "label and annotation that disagree",
      { labels: { [inject1]: "true" }, annotations: { [inject1]: "false" } },
      {},
      [
        `${inject1}: label "true" and annotation "false" disagree; the label counts`,
        `${inject1}: this annotation is deprecated; use the label of the same name`,
      ],
    ],
    [
      "hostNetwork with injection asked for",
      { labels: { [inject1]: "true" }, spec: { hostNetwork: true } },
      {},
      [`${inject1}: asked for, but a pod with hostNetwork is never injected`],
    ],
    ["hostNetwork alone", { spec: { hostNetwork: true } }, {}, []],
    [
      "a namespace that is switched off",
      { labels: { [inject1]: "true" } },
      { namespaceLabels: { "istio-injection": "disabled" } },
      [`${inject1}: has no effect, because the namespace has istio-injection=disabled`],
    ],
    [
      "a revision that the namespace overrules",
      { labels: { "istio.io/rev": "b" } },
      { namespaceLabels: { "istio.io/rev": "a" } },
      ["istio.io/rev: has no effect, because the namespace has istio.io/rev=a"],
    ],
    [
      "a revision that istio-injection overrules",
      { labels: { "istio.io/rev": "b" } },
      { namespaceLabels: { "istio-injection": "enabled" } },
      ["istio.io/rev: has no effect, because the namespace has istio-injection=enabled"],
    ],
    [
      "a revision that agrees",
      { labels: { "istio.io/rev": "a" } },
      { namespaceLabels: { "istio.io/rev": "a" } },
      [],
    ],
    [
      "a slip in an annotation",
      { annotations: { "sidecar.istio.io/proxyCpuLimit": "1" } },
      {},
      ["sidecar.istio.io/proxyCpuLimit: unknown annotation; did you mean sidecar.istio.io/proxyCPULimit?"],
    ],
    [
      "a slip in the family",
      { annotations: { "sidecar.istio.io/excludeInboundPorts": "1" } },
      {},
      [
        "sidecar.istio.io/excludeInboundPorts: unknown annotation; did you mean traffic.sidecar.istio.io/excludeInboundPorts?",
      ],
    ],
    [
      "a name that nothing reads",
      { annotations: { "sidecar.istio.io/somethingElse": "1" } },
      {},
      ["sidecar.istio.io/somethingElse: nothing in Istio reads this annotation"],
    ],
    [
      "a name in a family that is not the injector's",
      { annotations: { "networking.istio.io/brandNew": "1" } },
      {},
      [],
    ],
    [
      "a name that a template reads",
      { annotations: { "sidecar.istio.io/mine": "1" } },
      { readByTemplates: (name) => name.endsWith("/mine") },
      [],
    ],
    [
      "names of others",
      { annotations: { "example.com/sidecar": "1", "notistio.io/x": "y" }, labels: { app: "x" } },
      {},
      [],
    ],
    [
      "a label where an annotation belongs",
      { labels: { "sidecar.istio.io/logLevel": "debug" } },
      {},
      ["sidecar.istio.io/logLevel: nothing reads this label; it counts as an annotation"],
    ],
    [
      "the namespace's label on a pod",
      { labels: { "istio-injection": "enabled" } },
      {},
      ["istio-injection: this label counts on namespaces only; on pods use sidecar.istio.io/inject"],
    ],
    [
      "a deprecated annotation",
      { annotations: { "sidecar.istio.io/enableCoreDump": "true" } },
      {},
      ["sidecar.istio.io/enableCoreDump: this annotation is deprecated; nothing reads it any more"],
    ],
    [
      "another dnsPolicy",
      { spec: { dnsPolicy: "Default" } },
      { injected: regular },
      ["dnsPolicy: with Default the sidecar may not find the control plane; ClusterFirst does"],
    ],
    ["another dnsPolicy of a pod that is skipped", { spec: { dnsPolicy: "Default" } }, {}, []],
    [
      "a Job with a sidecar that does not end",
      {},
      { injected: regular, ownerKind: "Job" },
      ["istio-proxy: keeps the Job from ending; a native sidecar (sidecar.istio.io/nativeSidecar) would not"],
    ],
    ["a Job with a native sidecar", {}, { injected: native, ownerKind: "Job" }, []],
    [
      "init containers that are captured before the proxy runs",
      {
        spec: {
          initContainers: [{ name: "setup" }, { name: "as-proxy", securityContext: { runAsUser: 1337 } }],
        },
      },
      { injected: { spec: { ...regular.spec, initContainers: [{ name: "istio-validation" }] } } },
      ["initContainers[setup]: is captured before the proxy runs, so it has no network"],
    ],
    [
      "init containers that run before the rules",
      { spec: { initContainers: [{ name: "setup" }] } },
      { injected: { spec: { ...regular.spec, initContainers: [{ name: "istio-init" }] } } },
      [],
    ],
    [
      "a probe port that nothing names",
      {
        spec: {
          containers: [
            {
              name: "app",
              ports: [{ name: "web", containerPort: 1 }],
              readinessProbe: { httpGet: { port: "http" } },
              livenessProbe: { tcpSocket: { port: "web" } },
            },
          ],
        },
      },
      { injected: regular },
      ['readinessProbe: container app has no port named "http"'],
    ],
  ])("%s", (_title, pod, facts, expected) => {
    expect(messages(pod, facts)).toEqual(expected);
  });

  it("has at most 120 characters in a warning, and no control characters", () => {
    const [long, odd] = messages({ labels: { [inject1]: "x".repeat(500) } }).concat(
      messages({ labels: { [inject1]: "a\nb" } }),
    );
    expect(long).toHaveLength(120);
    expect(odd).not.toMatch(/\p{Cc}/u);
  });

  it("gives five warnings, and then says how many more there are", () => {
    const annotations = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [`sidecar.istio.io/none${i}none`, ""]),
    );
    const all = messages({ annotations });
    expect(all).toHaveLength(6);
    expect(all.at(-1)).toBe("and 3 more");
  });

  it("knows each name once, on sorted lists", () => {
    for (const list of [knownAnnotations, knownLabels, Object.keys(deprecatedAnnotations)]) {
      expect([...new Set(list)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))).toEqual(list);
    }
  });

  it("says nothing of a name that it knows", () => {
    const annotations = Object.fromEntries(
      knownAnnotations
        .filter((name) => !Object.hasOwn(deprecatedAnnotations, name))
        .map((name) => [name, "x"]),
    );
    const labels = Object.fromEntries(
      knownLabels.filter((name) => name !== inject1).map((name) => [name, "x"]),
    );
    expect(messages({ labels, annotations })).toEqual([]);
  });
});

const missing = peerMissing("istio-inject", "cases.json");

describe.skipIf(missing !== undefined)(
  `warnings about recorded pods${missing ? ` (${missing})` : ""}`,
  () => {
    it("are justified, every one", () => {
      const drawn = injectionCases("webhook")
        .filter(({ error }) => error === undefined)
        .flatMap((one) => {
          const snapshot = compileConfig(caseInput(one, embeddedDefaults.templates));
          return workloads(readDocuments(caseFile("inputs", one.input))).flatMap((workload) => {
            const pod = podOfWorkload(workload);
            const result = inject(pod, { namespace: requestNamespace(workload) }, snapshot);
            const injected = result.decision === "inject" ? { injected: result.pod } : {};
            return podWarnings(pod, { ownerKind: String(workload.kind), ...injected }).map(
              ({ code, message }) => `${code} ${message.split(":")[0]}`,
            );
          });
        });
      const justified = [
        "name-deprecated sidecar.istio.io/inject",
        "name-deprecated traffic.sidecar.istio.io/kubevirtInterfaces",
        "job-not-native istio-proxy",
      ];
      expect(drawn.filter((warning) => !justified.includes(warning))).toEqual([]);
    });
  },
);
