import { webcrypto } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority } from "../../src/certificates/index.js";
import { type BundleWriter, configurationOf, istioPatcher, overwrite } from "./bundle-writers.js";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { CreationLoop } from "./creation-loop.js";
import { node, proxyConfigKind, until } from "./objects.js";
import { Replica } from "./replica.js";
import { ServiceEndpoints } from "./service-endpoints.js";
import { caBundles } from "./trust-probe.js";

const configuration = "istio-sidecar-injector-pillion";
const args = ["--ca-secret=pillion-ca", "--ca-propagation=3", "--drain-duration=0"];

/** Between two reads of the API server by its own watch, which is what separates a write from its effect. */
const watchDelayMs = 250;

/** A time in which the API server was told to trust somebody else. */
interface Window {
  readonly from: number;
  readonly to: number;
}

describe("beside others who write caBundles and are not kept from it, while pods are created in a loop", () => {
  let plane: ControlPlane;
  let replicas: readonly Replica[] = [];
  let endpoints: ServiceEndpoints;
  let foreign: string;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.apply(proxyConfigKind, node("n1", "v1.34.0"));
    const world = { crypto: webcrypto as webcrypto.Crypto, now: Date.now() };
    foreign = (await createAuthority({ commonName: "istiod", days: 1 }, world)).certificatePem;
    // What istiod's own chart installs: the default revision, which calls istiod.
    const istiods = {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "istio-sidecar-injector", labels: { "istio.io/rev": "default" } },
      webhooks: [
        {
          name: "rev.namespace.sidecar-injector.istio.io",
          clientConfig: { service: { name: "istiod", namespace: "istio-system", path: "/inject" } },
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
          rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
          namespaceSelector: {
            matchExpressions: [{ key: "istio.io/rev", operator: "In", values: ["default"] }],
          },
        },
      ],
    };
    const created = await plane.kubectlWith(istiods, "create", "-f", "-");
    expect(created.code, created.stderr).toBe(0);
    const values = ["--set", "replicas=0,certificates.mode=pillion,admissionPolicies.enabled=false"];
    const installed = await plane.helm("install", "pillion", chart, "-n", "istio-system", ...values);
    expect(installed.code, installed.stderr).toBe(0);
    replicas = [await Replica.prepare(plane, "a", args), await Replica.prepare(plane, "b", args)];
    endpoints = new ServiceEndpoints(plane, replicas);
    for (const replica of replicas) await replica.start();
    await until("both are called", () => endpoints.ready.length === 2);
  });

  afterAll(async () => {
    await endpoints?.stop();
    for (const replica of replicas) await replica.stop();
    await plane?.stop();
  });

  it("a writer like istiod's leaves Pillion's entries alone, and Pillion leaves istiod's", async () => {
    const ours = await caBundles(plane, configuration);
    const loop = new CreationLoop(plane);
    const patcher = await istioPatcher(plane, "default", foreign);
    await until("istiod's entry has istiod's authority", async () =>
      (await caBundles(plane, "istio-sidecar-injector")).every((bundle) => bundle === foreign),
    );
    // Changes of both, at which both writers look again.
    for (const name of [configuration, "istio-sidecar-injector"])
      await plane.kubectl("annotate", "mutatingwebhookconfiguration", name, "example.com/looked=at");
    await until("enough pods", () => loop.count > 100);
    await loop.stop();
    await patcher.stop();
    expect(patcher.writes()).toBe(1);
    expect(await caBundles(plane, configuration)).toEqual(ours);
    expect(await caBundles(plane, "istio-sidecar-injector")).toEqual([foreign]);
    expect(loop.faults).toEqual([]);
  });

  it("a bundle that is overwritten or emptied is repaired at once; only calls of that moment fail", async () => {
    const ours = (await caBundles(plane, configuration))[0] ?? "";
    const loop = new CreationLoop(plane);
    const windows: Window[] = [];
    for (let round = 0; round < 12; round++) {
      const from = Date.now();
      const written = await overwrite(plane, configuration, round % 2 === 0 ? foreign : "");
      expect(written).toBe("written");
      for (;;) if ((await caBundles(plane, configuration)).every((bundle) => bundle === ours)) break;
      windows.push({ from, to: Date.now() });
      const count = loop.count;
      await until("pods in between", () => loop.count > count + 60);
    }
    await loop.stop();
    const lengths = windows.map(({ from, to }) => to - from).sort((a, b) => a - b);
    console.info(
      `from before the overwrite to the repair that was read back: median ${lengths[6]} ms, longest ${lengths.at(-1)} ms; ` +
        `${loop.faults.length} of ${loop.count} creations failed`,
    );
    for (const { sent, answered, what } of loop.faults) {
      expect(what).toMatch(
        /^looped-\d+: 500: .*failed calling webhook.*(x509|certificate signed by unknown authority)/,
      );
      const inside = windows.some(({ from, to }) => answered >= from && sent <= to + watchDelayMs);
      expect(inside, `${what}, sent ${new Date(sent).toISOString()}`).toBe(true);
    }
    for (const replica of replicas) expect(await replica.ready()).toBe(true);
    expect(replicas.map(({ output }) => output).join("")).toContain("caBundle written over another's");
  });

  it("a writer of the same revision is named, with the remedy, and not written against without end", async () => {
    let patcher: BundleWriter | undefined;
    try {
      patcher = await istioPatcher(plane, "pillion", foreign);
      await until("it is named", () =>
        replicas.some(({ output }) =>
          /pilot-discovery.*somebody else keeps writing the caBundle/.test(output),
        ),
      );
      const before = patcher.writes();
      // Six seconds at one write a second, and what was under way.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      expect(patcher.writes() - before).toBeLessThanOrEqual(8);
    } finally {
      await patcher?.stop();
    }
    const output = replicas.map((replica) => replica.output).join("");
    const line = output
      .split("\n")
      .find((text) => /keeps writing.*pilot-discovery|pilot-discovery.*keeps writing/.test(text));
    expect(JSON.parse(line ?? "{}")).toMatchObject({
      configuration,
      writtenBefore: expect.stringContaining("pilot-discovery"),
      remedy: expect.stringContaining("INJECTION_WEBHOOK_CONFIG_NAME"),
    });
    await until("it is repaired when the other one has gone", async () =>
      (await caBundles(plane, configuration)).every((bundle) => bundle !== foreign && bundle !== ""),
    );
    const loop = new CreationLoop(plane);
    await until("pods again", () => loop.count > 50);
    await loop.stop();
    expect(loop.faults).toEqual([]);
  });

  it("a tag that istioctl made is kept current as well, by its label", async () => {
    const { webhooks } = await configurationOf(plane, configuration);
    const metadata = {
      name: "istio-revision-tag-prod",
      labels: { "istio.io/rev": "pillion", "istio.io/tag": "prod" },
    };
    const selector = { matchExpressions: [{ key: "istio.io/rev", operator: "In", values: ["prod"] }] };
    const tag = {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata,
      webhooks: webhooks.map((entry) => ({
        ...entry,
        clientConfig: { ...entry.clientConfig, caBundle: Buffer.from(foreign).toString("base64") },
        namespaceSelector: selector,
      })),
    };
    const created = await plane.kubectlWith(tag, "create", "-f", "-");
    expect(created.code, created.stderr).toBe(0);
    const ours = await caBundles(plane, configuration);
    await until("the tag has the bundle", async () => {
      const bundles = await caBundles(plane, "istio-revision-tag-prod");
      return bundles.every((bundle) => bundle === ours[0]);
    });
    await plane.kubectl("delete", "mutatingwebhookconfiguration", "istio-revision-tag-prod");
  });

  it("an entry that calls somebody else is none of Pillion's, whatever its name", async () => {
    const { webhooks } = await configurationOf(plane, configuration);
    const other = {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "other-service", labels: { "istio.io/rev": "pillion" } },
      webhooks: webhooks.map((entry) => ({
        ...entry,
        failurePolicy: "Ignore",
        clientConfig: { service: { name: "other", namespace: "istio-system" } },
        namespaceSelector: { matchLabels: { "example.com/never": "true" } },
      })),
    };
    const created = await plane.kubectlWith(other, "create", "-f", "-");
    expect(created.code, created.stderr).toBe(0);
    const failures = 'webhook_patch_failures_total{name="other-service",reason="webhook_entry_not_found"}';
    await until("it was looked at", async () => {
      const counts = await Promise.all(replicas.map((replica) => replica.metric(failures)));
      return counts.some((count) => count >= 1);
    });
    expect(await caBundles(plane, "other-service")).toEqual(["", ""]);
    await plane.kubectl("delete", "mutatingwebhookconfiguration", "other-service");
  });

  it("is co-owner of an entry: who drops one that it applied has to patch it away", async () => {
    const { webhooks } = await configurationOf(plane, configuration);
    const entries = webhooks.map(({ name, ...entry }) => ({
      ...entry,
      name,
      clientConfig: { service: { name: "pillion", namespace: "istio-system", path: "/inject", port: 443 } },
      namespaceSelector: { matchLabels: { "example.com/never": "true" } },
    }));
    const applied = (kept: readonly object[]) => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "applied", labels: { "istio.io/rev": "pillion" } },
      webhooks: kept,
    });
    await plane.apply(applied(entries));
    await until("it has the bundle", async () =>
      (await caBundles(plane, "applied")).every((one) => one !== ""),
    );
    const again = ["apply", "--server-side", "--force-conflicts", "-f", "-"];
    // The rest of an entry stays whose it is: applied again unchanged, the bundle stays too.
    expect((await plane.kubectlWith(applied(entries), ...again)).code).toBe(0);
    expect((await caBundles(plane, "applied")).every((one) => one !== "")).toBe(true);
    const dropped = await plane.kubectlWith(applied(entries.slice(0, 1)), ...again);
    expect(dropped.code).not.toBe(0);
    expect(dropped.stderr).toMatch(/webhooks\[1\].*(Required value|Invalid value)/);
    const patch = JSON.stringify([{ op: "remove", path: "/webhooks/1" }]);
    const args = ["patch", "mutatingwebhookconfiguration", "applied", "--type=json", "-p", patch];
    expect((await plane.kubectl(...args)).code).toBe(0);
    expect((await plane.kubectlWith(applied(entries.slice(0, 1)), ...again)).code).toBe(0);
    await plane.kubectl("delete", "mutatingwebhookconfiguration", "applied");
  });

  it("counts as Istio's patcher does", async () => {
    const counts = await Promise.all(
      replicas.map((replica) =>
        replica.metric("webhook_patch_attempts_total", '{name="sidecar-injector.istio.io"}'),
      ),
    );
    expect(Math.max(...counts.filter((count) => !Number.isNaN(count)))).toBeGreaterThan(20);
    const wrong = '{name="istio-sidecar-injector",reason="wrong_revision"}';
    const failures = await Promise.all(
      replicas.map((replica) => replica.metric("webhook_patch_failures_total", wrong)),
    );
    expect(failures.some((count) => count >= 1)).toBe(true);
  });
});
