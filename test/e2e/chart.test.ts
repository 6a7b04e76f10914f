import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { customResource } from "./objects.js";

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
    const clusterKinds = "clusterrole,clusterrolebinding,mutatingwebhookconfiguration,priorityclass";
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
