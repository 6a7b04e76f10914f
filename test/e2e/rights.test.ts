import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/peer.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { Injector } from "./injector.js";
import { node, type Pod, podOf, proxyConfigKind, proxyOf, until } from "./objects.js";

interface Role {
  readonly rules: readonly {
    readonly verbs: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
}

describe("beside Istio, with the chart's own rights", () => {
  let plane: ControlPlane;
  let injector: Injector;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.apply(proxyConfigKind, node("n1", "v1.34.0"));
    for (const file of ["istio-sidecar-injector.yaml", "istio.yaml"]) {
      const text = readFileSync(join(root, "test", "fixtures", "istio-configmap", file), "utf8");
      const { code, stderr } = await plane.kubectlWith(text, "create", "-f", "-");
      expect(code, stderr).toBe(0);
    }
    // An injector of Istio's, of the same revision.
    await plane.apply({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "istiods", labels: { "istio.io/rev": "pillion" } },
      webhooks: [
        {
          name: "rev.namespace.sidecar-injector.istio.io",
          clientConfig: { service: { name: "istiod", namespace: "istio-system", path: "/inject" } },
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
          failurePolicy: "Ignore",
          rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
          namespaceSelector: {
            matchExpressions: [{ key: "istio.io/rev", operator: "In", values: ["pillion"] }],
          },
        },
      ],
    });
    injector = await Injector.prepare(plane, {
      configMap: "istio-sidecar-injector",
      meshConfigMap: "istio",
      // The primary alone reads, whatever the number of those who serve.
      args: ["--platform=openshift", "--workers=2", "--ca-secret=pillion-ca", "--ca-propagation=3"],
      ownAuthority: true,
    });
    const settings =
      "config.existingConfigMap=istio-sidecar-injector,meshConfig.existingConfigMap=istio,injector.platform=openshift";
    const installed = await plane.helm(
      "install",
      "pillion",
      chart,
      "-n",
      "istio-system",
      "--set",
      settings,
      ...injector.values,
    );
    expect(installed.code, installed.stderr).toBe(0);
    await injector.start();
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
  });

  afterAll(async () => {
    await injector?.stop();
    await plane?.stop();
  });

  it("uses the ConfigMaps that Istio's chart installed, unchanged", async () => {
    await until("injection", async () => {
      const { status, text } = await plane.request(
        "POST",
        "/api/v1/namespaces/mesh/pods?dryRun=All",
        podOf("p"),
      );
      if (status !== 201) return false;
      const pod = JSON.parse(text) as Pod;
      return (
        proxyOf(pod) !== undefined && pod.metadata.annotations?.["example.com/injected-by"] === "fixture"
      );
    });
    const { items } = await plane.json<{
      items: { metadata: { name: string; managedFields?: { manager: string }[] } }[];
    }>("get", "configmaps", "-n", "istio-system", "--show-managed-fields");
    const istios = items.filter(({ metadata }) => metadata.name.startsWith("istio"));
    expect(istios.map(({ metadata }) => metadata.name).sort()).toEqual(["istio", "istio-sidecar-injector"]);
    for (const { metadata } of istios)
      expect(metadata.managedFields?.map(({ manager }) => manager)).toEqual(["kubectl-create"]);
  });

  it("names the other injector of its revision when it starts", async () => {
    await until("the log says so", () => injector.output.includes("two injectors own the same pods"));
    const line =
      injector.output.split("\n").find((text) => text.includes("two injectors own the same pods")) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      level: "error",
      claim: "istio.io/rev=pillion",
      own: "MutatingWebhookConfiguration istio-sidecar-injector-pillion",
      other: "MutatingWebhookConfiguration istiods, which calls istiod.istio-system",
    });
  });

  it("uses every right it is granted, and is refused nothing", async () => {
    const role = await plane.json<Role>("get", "role", "pillion", "-n", "istio-system");
    const wide = await plane.json<Role>("get", "clusterrole", "pillion-istio-system");
    const granted = [...role.rules, ...wide.rules].flatMap(({ verbs, resources, resourceNames = [""] }) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${resource} ${name}`.trim())),
      ),
    );
    const account = "system:serviceaccount:istio-system:pillion";
    const own = () => plane.audit().filter(({ user }) => user.username === account);
    // What the chart made is made anew when somebody deletes it.
    for (const kind of ["secret", "lease"]) {
      expect((await plane.kubectl("delete", kind, "pillion-ca", "-n", "istio-system")).code).toBe(0);
      await until(`another ${kind}`, async () => {
        const { code } = await plane.kubectl("get", kind, "pillion-ca", "-n", "istio-system");
        return code === 0;
      });
    }
    await until("the audit log has all", () => own().some(({ verb }) => verb === "watch"));
    // A watch is written down when it ends.
    await injector.stop();
    await until("the watches have ended", () => {
      const watched = new Set(
        own()
          .filter(({ verb }) => verb === "watch")
          .map(({ objectRef }) => objectRef?.resource),
      );
      return watched.size >= 6;
    });
    const used = new Set(
      own()
        .filter(({ responseStatus }) => responseStatus?.code === 200 || responseStatus?.code === 201)
        .map(({ verb, objectRef, requestURI }) => {
          const selected = /metadata\.name%3D([\w-]+)/.exec(requestURI)?.[1];
          const name = decodeURIComponent(selected ?? objectRef?.name ?? "");
          const named = `${verb} ${objectRef?.resource} ${name}`.trim();
          return granted.includes(named) ? named : `${verb} ${objectRef?.resource}`;
        }),
    );
    expect([...used].sort()).toEqual([...new Set(granted)].sort());
    expect(own().filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
  });

  it("says what is missing when a right is taken away, and goes on injecting without it", async () => {
    await plane.kubectl("delete", "clusterrolebinding", "pillion-istio-system");
    await until("the right is gone", async () => {
      const account = "--as=system:serviceaccount:istio-system:pillion";
      return (await plane.kubectl("auth", "can-i", "list", "nodes", account)).stdout.trim() === "no";
    });
    await injector.start("pillion", "livez");
    for (const resource of ["ProxyConfigs", "Nodes", "Namespaces"])
      expect(injector.output).toMatch(new RegExp(`"resource":"${resource}","effect".*this may not be read`));
    await until("it says that it cannot look", () =>
      injector.output.includes("cannot look for other injectors"),
    );
    await until("injection", async () => {
      const path = "/api/v1/namespaces/mesh/pods?dryRun=All";
      const { status, text } = await plane.request("POST", path, podOf("p"));
      return status === 201 && text.includes("istio-proxy");
    });
    // Whether the API server trusts it nobody can tell, so that a Deployment would not be rolled out.
    expect(await injector.readiness()).toMatch(/\[-\]certificate-trust not-read/);
    expect(injector.output).toMatch(/grant the rights of the chart's Role and ClusterRole.*cannot read/);
  });
});
