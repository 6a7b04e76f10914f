import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { customResource } from "./objects.js";

/** A rendered object, as far as the tests look at one. */
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly spec?: {
    readonly ingress?: readonly {
      readonly ports: readonly { readonly port: number }[];
      readonly from?: object;
    }[];
  };
}

/** The combinations that render different objects. */
const combinations: readonly (readonly [name: string, values: object])[] = [
  ["the defaults", {}],
  [
    "the default revision that injects everything",
    { revision: "default", webhook: { enableNamespacesByDefault: true } },
  ],
  ["tags", { revisionTags: ["prod", "default"] }],
  [
    "a URL",
    { webhook: { injectionURL: "https://injector.example.com:15017", injectionPath: "/inject/net/n1" } },
  ],
  ["cert-manager with its own authority", { certificates: { mode: "cert-manager" } }],
  [
    "an issuer of cert-manager",
    {
      certificates: {
        mode: "cert-manager",
        certManager: { issuerRef: { name: "i", kind: "ClusterIssuer" } },
      },
    },
  ],
  ["a certificate made by Helm", { certificates: { mode: "helm" } }],
  [
    "its own authority with other figures and names",
    {
      certificates: {
        pillion: {
          aliases: ["a.example.com", "10.0.0.1"],
          secretName: "mine",
          lifetimeDays: 0.5,
          caLifetimeDays: 2,
        },
      },
    },
  ],
  ["a given certificate", { certificates: { mode: "secret", secretName: "mine" } }],
  [
    "autoscaling, without budget, class and policy",
    {
      autoscaling: { enabled: true },
      podDisruptionBudget: { enabled: false },
      priorityClass: { create: false },
      networkPolicy: { enabled: false },
    },
  ],
  [
    "others who may write the caBundle of a URL",
    {
      certificates: { mode: "pillion" },
      webhook: { injectionURL: "https://injector.example.com/a" },
      admissionPolicies: { caBundleWriters: { users: ['a "quoted" one: é', "b"], groups: ["c"] } },
    },
  ],
  [
    "cert-manager, whose cainjector is named",
    { certificates: { mode: "cert-manager" }, admissionPolicies: { caBundleWriters: { users: ["a"] } } },
  ],
  [
    "a certificate of Helm's, and a group that may write the caBundle",
    { certificates: { mode: "helm" }, admissionPolicies: { caBundleWriters: { groups: ["admins"] } } },
  ],
  ["no admission policies", { admissionPolicies: { enabled: false } }],
  [
    "a client CA, API servers and monitoring by address and label",
    {
      webhook: { clientCA: "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n" },
      networkPolicy: {
        apiServerAddresses: ["192.0.2.10/32", "2001:db8::1/128"],
        monitoringNamespaceSelector: { matchLabels: { team: "monitoring" } },
        monitoringPodSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] },
      },
    },
  ],
  [
    "ConfigMaps of Istio",
    { config: { existingConfigMap: "istio-sidecar-injector" }, meshConfig: { existingConfigMap: "istio" } },
  ],
  [
    "OpenShift, FIPS, native sidecars without Nodes",
    { injector: { platform: "openshift", compliancePolicy: "fips-140-3", nativeSidecars: "true" } },
  ],
  [
    "everything that is a list or a map",
    {
      imagePullSecrets: [{ name: "s" }],
      config: {
        injectConfig: {
          policy: "disabled",
          neverInjectSelector: [{ matchLabels: { a: "b" } }],
          injectedAnnotations: { a: "b" },
        },
        templates: { custom: "metadata:\n  labels:\n    a: {{ .Revision }}\n" },
        values: { global: { proxy: { privileged: true }, logAsJson: true } },
      },
      meshConfig: { mesh: { trustDomain: "td" } },
      injector: { templateEnv: ["A"], env: [{ name: "A", value: "b" }], extraArgs: ["--max-requests=9"] },
      webhook: {
        annotations: { a: "b" },
        matchConditions: false,
        failurePolicy: "Ignore",
        reinvocationPolicy: "IfNeeded",
      },
      tolerations: [{ operator: "Exists" }],
      affinity: { nodeAffinity: {} },
      topologySpreadConstraints: [
        { maxSkew: 2, topologyKey: "a", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
      ],
      podAnnotations: { a: "b" },
      podLabels: { a: "b" },
      service: { annotations: { a: "b" } },
      serviceAccount: { name: "other", annotations: { a: "b" } },
      networkPolicy: {
        webhookFrom: [{ ipBlock: { cidr: "10.0.0.0/8" } }],
        monitoringFrom: [{ podSelector: {} }],
      },
      test: { namespace: "default" },
      nameOverride: "injector",
      image: { digest: `sha256:${"0".repeat(64)}` },
    },
  ],
];

/** Values that are refused, and what the message has to name. */
const refusals: readonly (readonly [values: object, message: RegExp])[] = [
  [{ replicaCount: 3 }, /replicaCount/],
  [{ webhook: { failurepolicy: "Fail" } }, /webhook.*failurepolicy/s],
  [{ webhook: { failurePolicy: "Maybe" } }, /failurePolicy.*(Fail|one of)/s],
  [{ webhook: { timeoutSeconds: 31 } }, /timeoutSeconds/],
  [{ revision: "" }, /revision/],
  [{ config: { injectConfig: { neverInjectSelectors: [] } } }, /neverInjectSelectors/],
  [{ injector: { nativeSidecars: true } }, /nativeSidecars/],
  [{ certificates: { mode: "secret" } }, /certificates\.secretName/],
  [{ certificates: { mode: "own" } }, /certificates\/mode|certificates\.mode/],
  [{ certificates: { pillion: { lifetimeDays: 0 } } }, /lifetimeDays/],
  [{ certificates: { caBundle: "AAAA" } }, /caBundle/],
  [{ webhook: { clientCA: "AAAA" } }, /clientCA/],
  [{ networkPolicy: { apiServerAddresses: ["192.0.2.10"] } }, /apiServerAddresses/],
  [{ networkPolicy: { monitoringPodSelector: { app: "prometheus" } } }, /monitoringPodSelector/],
  [{ admissionPolicies: { caBundleWriters: { users: [""] } } }, /caBundleWriters/],
];

describe("the chart", () => {
  let plane: ControlPlane;
  const release = ["pillion", chart, "-n", "istio-system"];

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.apply(
      customResource("cert-manager.io", "v1", "Issuer", "issuers"),
      customResource("cert-manager.io", "v1", "Certificate", "certificates"),
    );
    await plane.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
  });

  afterAll(() => plane?.stop());

  function valuesFile(values: object): string {
    const path = join(plane.folder, "values.json");
    writeFileSync(path, JSON.stringify(values));
    return path;
  }

  it.each(combinations)("is sound to helm and to the API server with %s", async (_name, values) => {
    const path = valuesFile(values);
    const lint = await plane.helm("lint", "--strict", chart, "--values", path);
    expect(lint.code, lint.stdout + lint.stderr).toBe(0);
    // Its test is in another namespace and needs the ServiceAccount to be there: it has a test of its own.
    const rendered = await plane.helm("template", ...release, "--no-hooks", "--values", path);
    expect(rendered.code, rendered.stderr).toBe(0);
    const applied = await plane.kubectlWith(
      rendered.stdout,
      "apply",
      "--dry-run=server",
      "--validate=strict",
      "-n",
      "istio-system",
      "-f",
      "-",
    );
    expect(applied.code, applied.stderr).toBe(0);
    expect(applied.stderr).toBe("");
  });

  it.each(refusals)("refuses %j and names what is wrong", async (values, message) => {
    const { code, stderr } = await plane.helm("template", ...release, "--values", valuesFile(values));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  /** The objects of a kind that the chart makes, by their names. */
  async function rendered(values: object, kind: string): Promise<Readonly<Record<string, Rendered>>> {
    const { code, stdout, stderr } = await plane.helm("template", ...release, "--values", valuesFile(values));
    expect(code, stderr).toBe(0);
    const objects = parseAllDocuments(stdout).map((document): Rendered => document.toJS());
    return Object.fromEntries(
      objects.filter((object) => object?.kind === kind).map((object) => [object.metadata.name, object]),
    );
  }

  it.each([
    ["pillion", {}, ["own-webhooks", "own-objects", "ca-bundle"]],
    ["helm", {}, []],
    ["cert-manager", {}, []],
    ["secret", { secretName: "mine" }, []],
  ])(
    "lets its ServiceAccount write what the mode %s needs, and that by policies",
    async (mode, more, names) => {
      const values = { certificates: { mode, ...more } };
      const granted = [
        ...Object.values(await rendered(values, "Role")),
        ...Object.values(await rendered(values, "ClusterRole")),
      ].flatMap(({ rules = [] }) =>
        rules.flatMap(({ resources, verbs }) =>
          resources.flatMap((one) => verbs.map((verb) => `${verb} ${one}`)),
        ),
      );
      const writes = granted.filter((right) => !/^(get|list|watch) /.test(right)).sort();
      expect(writes).toEqual(
        mode === "pillion"
          ? [
              "create leases",
              "create secrets",
              "patch mutatingwebhookconfigurations",
              "update leases",
              "update secrets",
            ]
          : [],
      );
      for (const kind of ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"])
        expect(Object.keys(await rendered(values, kind))).toEqual(
          names.map((name) => `pillion-istio-system-${name}`),
        );
    },
  );

  it("opens its ports to those whom the values name, and else to anybody", async () => {
    const peers = async (networkPolicy: object) => {
      const { pillion } = await rendered({ networkPolicy }, "NetworkPolicy");
      const ingress = pillion?.spec?.ingress ?? [];
      return Object.fromEntries(ingress.map(({ ports, from }) => [ports[0]?.port, from ?? "anybody"]));
    };
    expect(await peers({})).toEqual({ 15017: "anybody", 15014: "anybody" });
    const namespaceSelector = { matchLabels: { team: "monitoring" } };
    const podSelector = { matchLabels: { app: "prometheus" } };
    const other = { ipBlock: { cidr: "198.51.100.0/24" } };
    expect(
      await peers({
        apiServerAddresses: ["192.0.2.10/32", "2001:db8::1/128"],
        webhookFrom: [other],
        monitoringNamespaceSelector: namespaceSelector,
        monitoringPodSelector: podSelector,
        monitoringFrom: [other],
      }),
    ).toEqual({
      15017: [other, { ipBlock: { cidr: "192.0.2.10/32" } }, { ipBlock: { cidr: "2001:db8::1/128" } }],
      15014: [other, { namespaceSelector, podSelector }],
    });
    expect(await peers({ monitoringPodSelector: podSelector })).toMatchObject({ 15014: [{ podSelector }] });
  });

  it("lays false, empty and zero values over the built-in ones", async () => {
    const values = {
      meshConfig: { mesh: { enablePrometheusMerge: false } },
      config: {
        values: {
          global: { proxy: { startupProbe: { enabled: false }, statusPort: 0, includeIPRanges: "" } },
        },
      },
    };
    const { stdout } = await plane.helm("template", ...release, "--values", valuesFile(values));
    expect(stdout).toMatch(/enablePrometheusMerge: false/);
    expect(stdout).toMatch(/"startupProbe": \{\s*"enabled": false,\s*"failureThreshold": 600/);
    expect(stdout).toMatch(/"statusPort": 0/);
    expect(stdout).toMatch(/"includeIPRanges": ""/);
  });

  it("installs, upgrades, rolls back and uninstalls, keeps its certificate and leaves nothing", async () => {
    const step = async (...args: readonly string[]) => {
      const outcome = await plane.helm(...args);
      expect(outcome.code, outcome.stderr).toBe(0);
      return outcome.stdout;
    };
    const replicas = async () =>
      (await plane.json<{ spec: { replicas: number } }>("get", "deployment", "pillion", "-n", "istio-system"))
        .spec.replicas;
    const certificate = async () =>
      (
        await plane.json<{ data: Record<string, string> }>(
          "get",
          "secret",
          "pillion-tls",
          "-n",
          "istio-system",
        )
      ).data;
    const bundles = async () => {
      const { webhooks } = await plane.json<{ webhooks: { clientConfig: { caBundle: string } }[] }>(
        "get",
        "mutatingwebhookconfiguration",
        "istio-sidecar-injector-pillion",
      );
      return new Set(webhooks.map(({ clientConfig }) => clientConfig.caBundle));
    };

    const helms = ["--set", "certificates.mode=helm"];
    expect(await step("install", ...release, ...helms)).toContain('injects for the revision "pillion"');
    const first = await certificate();
    expect(await bundles()).toEqual(new Set([first["ca.crt"]]));
    expect(await replicas()).toBe(2);
    await step("upgrade", ...release, ...helms, "--set", "replicas=3");
    expect(await replicas()).toBe(3);
    expect(await certificate()).toEqual(first);
    expect(await bundles()).toEqual(new Set([first["ca.crt"]]));
    await step("rollback", "pillion", "1", "-n", "istio-system");
    expect(await replicas()).toBe(2);
    await step("uninstall", "pillion", "-n", "istio-system", "--wait=false");
    const kinds = "all,configmap,secret,serviceaccount,role,rolebinding,networkpolicy,pdb";
    const left = await plane.kubectl(
      "get",
      kinds,
      "-n",
      "istio-system",
      "-l",
      "app.kubernetes.io/part-of=istio",
      "-o",
      "name",
    );
    expect(
      left.stdout
        .split("\n")
        .filter((name) => /^(deployment|service|config|secret|role|network|pdb)/.test(name)),
    ).toEqual([]);
    const clusterKinds =
      "clusterrole,clusterrolebinding,mutatingwebhookconfiguration,priorityclass," +
      "validatingadmissionpolicy,validatingadmissionpolicybinding";
    const wide = await plane.kubectl(
      "get",
      clusterKinds,
      "-l",
      "app.kubernetes.io/part-of=istio",
      "-o",
      "name",
    );
    expect(wide.stdout).toBe("");
  });

  it("has pods that Pod Security's restricted level takes, without a warning", async () => {
    await plane.namespace("strict", {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    });
    const installed = await plane.helm(
      "install",
      "strict",
      chart,
      "-n",
      "strict",
      "--set",
      "test.namespace=default",
    );
    expect(installed.code, installed.stderr).toBe(0);
    expect(installed.stderr).not.toMatch(/would violate/);
    const hooks = await plane.helm("get", "hooks", "strict", "-n", "strict");
    // The pod of the test comes last, and needs what comes before it.
    const [pod = "", ...others] = hooks.stdout.split(/^---$/m).reverse();
    expect((await plane.kubectlWith(others.join("---\n"), "apply", "-f", "-")).stderr).toBe("");
    expect((await plane.kubectlWith(pod, "apply", "--dry-run=server", "-f", "-")).stderr).toBe("");
    for (const end = Date.now() + 30_000; ; ) {
      const { items } = await plane.json<{ items: unknown[] }>("get", "pods", "-n", "strict");
      if (items.length === 2) break;
      if (Date.now() > end) throw new Error("the Deployment makes no pods");
    }
    await plane.helm("uninstall", "strict", "-n", "strict", "--wait=false");
  });
});
