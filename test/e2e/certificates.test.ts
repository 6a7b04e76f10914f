import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chart } from "./chart.js";
import { ControlPlane } from "./control-plane/control-plane.js";
import { CreationLoop, type CreationLoopOptions } from "./creation-loop.js";
import { node, podOf, proxyConfigKind, until } from "./objects.js";
import { Replica } from "./replica.js";
import { ServiceEndpoints } from "./service-endpoints.js";
import { caBundles, serialNumbers, TrustProbe } from "./trust-probe.js";

const configuration = "istio-sidecar-injector-pillion";
const dayMs = 86_400_000;
const days = (seconds: number) => ((seconds * 1000) / dayMs).toFixed(9);

/** Months in minutes: a certificate is good for 60 seconds, an authority for 150, clocks are right to the second. */
const short = [
  "--ca-secret=pillion-ca",
  `--ca-lifetime=${days(150)}`,
  `--certificate-lifetime=${days(60)}`,
  "--ca-propagation=3",
  "--clock-tolerance=1",
  "--drain-duration=60",
];

interface Secret {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

describe("Pillion's own authority, while pods are created in a loop", () => {
  let plane: ControlPlane;
  let replicas: readonly Replica[] = [];
  let endpoints: ServiceEndpoints;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace("istio-system");
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.apply(proxyConfigKind, node("n1", "v1.34.0"));
    const values = ["--set", "replicas=0,certificates.mode=pillion"];
    const installed = await plane.helm("install", "pillion", chart, "-n", "istio-system", ...values);
    expect(installed.code, installed.stderr).toBe(0);
    replicas = [await Replica.prepare(plane, "a", short), await Replica.prepare(plane, "b", short)];
    endpoints = new ServiceEndpoints(plane, replicas);
  });

  afterAll(async () => {
    await endpoints?.stop();
    for (const replica of replicas) await replica.stop("SIGKILL");
    await plane?.stop();
  });

  const secret = () => plane.json<Secret>("get", "secret", "pillion-ca", "-n", "istio-system");
  const bothReady = () => until("both are called", () => endpoints.ready.length === 2);
  const published = async () => (await caBundles(plane, configuration))[0] ?? "";

  /** Runs something while pods are created and hands are shaken, and gives both. */
  async function during(
    action: (loop: CreationLoop) => Promise<void>,
    options: CreationLoopOptions = {},
  ): Promise<{ loop: CreationLoop; probe: TrustProbe }> {
    const loop = new CreationLoop(plane, options);
    const probe = new TrustProbe(plane, endpoints);
    try {
      await action(loop);
      const count = loop.count;
      await until("pods after it", () => loop.count > count + 30);
    } finally {
      await Promise.all([loop.stop(), probe.stop()]);
    }
    expect(probe.count).toBeGreaterThan(0);
    return { loop, probe };
  }

  it("is made and published by one replica, and both are called when the API server trusts them", async () => {
    for (const replica of replicas) await replica.start();
    await bothReady();
    // The first one had something to show before anybody trusted it.
    expect(replicas[0]?.output).toContain("serving, not ready yet");
    expect(await replicas[0]?.readiness()).toMatch(
      /\[\+\]certificate-trust trusted, authority until .*Lease held/,
    );
    const entries = await caBundles(plane, configuration);
    expect(entries).toHaveLength(2);
    expect(new Set(entries).size).toBe(1);
    await until("injection", async () => {
      const { status } = await plane.request("POST", "/api/v1/namespaces/mesh/pods?dryRun=All", podOf("p"));
      return status === 201;
    });
    const leaders = await Promise.all(
      replicas.map((replica) => replica.metric("pillion_certificate_leader")),
    );
    expect(leaders.toSorted()).toEqual([0, 1]);
    for (const replica of replicas) expect(await replica.metric("pillion_ca_bundle_mismatch")).toBe(0);
  });

  it("owns the caBundle of its entries alone: the rest stays Helm's", async () => {
    const { metadata } = await plane.json<{
      metadata: { managedFields: { manager: string; operation: string; fieldsV1: object }[] };
    }>("get", "mutatingwebhookconfiguration", configuration, "--show-managed-fields");
    const ours = metadata.managedFields.filter(({ manager }) => manager === "pillion-ca-bundle");
    expect(ours).toHaveLength(1);
    const owned = { ".": {}, "f:clientConfig": { "f:caBundle": {} }, "f:name": {} };
    expect(ours[0]).toMatchObject({ operation: "Apply" });
    expect(ours[0]?.fieldsV1).toEqual({
      "f:webhooks": {
        'k:{"name":"rev.namespace.sidecar-injector.istio.io"}': owned,
        'k:{"name":"rev.object.sidecar-injector.istio.io"}': owned,
      },
    });
  });

  it("renews certificate and authority", { timeout: 700_000 }, async () => {
    const first = await published();
    // It takes minutes, in which others need the cores too.
    const options = { pauseMs: 30 };
    const { loop, probe } = await during(async () => {
      await until(
        "another authority alone in the bundle",
        async () => {
          const before = serialNumbers(first);
          const now = serialNumbers(await published());
          return now.length === 1 && !before.some((serial) => now.includes(serial));
        },
        600,
      );
    }, options);
    expect(loop.faults).toEqual([]);
    expect(probe.faults).toEqual([]);
    expect(probe.shown.size).toBeGreaterThanOrEqual(3);
  });

  it("outlives a Secret that is deleted", async () => {
    const before = await secret();
    const { loop, probe } = await during(async () => {
      expect((await plane.kubectl("delete", "secret", "pillion-ca", "-n", "istio-system")).code).toBe(0);
      await until("another Secret", async () => {
        const { code, stdout } = await plane.kubectl(
          "get",
          "secret",
          "pillion-ca",
          "-n",
          "istio-system",
          "-o",
          "json",
        );
        if (code !== 0) return false;
        const { metadata, data = {} } = JSON.parse(stdout) as Secret;
        return metadata.uid !== before.metadata.uid && "tls.crt" in data;
      });
      await bothReady();
    });
    expect(loop.faults).toEqual([]);
    expect(probe.faults).toEqual([]);
  });

  it.each([
    ["a key of another certificate", { "tls.key": "ca.key" }],
    ["no authority", { "ca.crt": undefined, "ca.key": undefined }],
    ["nonsense", { "tls.crt": "nonsense", "ca.crt": "nonsense" }],
  ])("outlives a Secret that holds %s", async (_what, changes) => {
    const before = await secret();
    const data = Object.fromEntries(
      Object.entries(changes).map(([key, value]) => {
        if (value === undefined) return [key, null];
        return [key, before.data?.[value] ?? Buffer.from(value).toString("base64")];
      }),
    );
    const { loop, probe } = await during(async () => {
      const patched = await plane.kubectl(
        ...[
          "patch",
          "secret",
          "pillion-ca",
          "-n",
          "istio-system",
          "--type=merge",
          "-p",
          JSON.stringify({ data }),
        ],
      );
      expect(patched.code, patched.stderr).toBe(0);
      await until("it is repaired", async () => {
        const { data: now = {} } = await secret();
        const broken = Object.keys(data).some((key) => (now[key] ?? null) === data[key]);
        return !broken && "tls.crt" in now && "ca.key" in now;
      });
      await bothReady();
    });
    expect(loop.faults).toEqual([]);
    expect(probe.faults).toEqual([]);
    expect(replicas.map(({ output }) => output).join("")).toContain(
      "the Secret is broken and will be repaired",
    );
  });

  it("outlives the end of each replica in turn, the one that writes too", async () => {
    const { loop, probe } = await during(async (running) => {
      for (const replica of replicas) {
        await bothReady();
        await endpoints.leave(replica);
        // As a pod whose grace period ends before it has: calls go elsewhere, and it does not give the Lease back.
        replica.send("SIGTERM");
        await until("it tells its callers to go", async () =>
          (await replica.readiness()).includes("is ending"),
        );
        const { count } = running;
        await until("calls that went elsewhere", () => running.count > count + 20);
        await replica.stop("SIGKILL");
        const other = replicas.find((one) => one !== replica);
        await until(
          "the other one writes",
          async () => (await other?.metric("pillion_certificate_leader")) === 1,
        );
        await replica.start();
        endpoints.join(replica);
      }
      await bothReady();
    });
    expect(loop.faults).toEqual([]);
    expect(probe.faults).toEqual([]);
  });
});
