import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defaultRotationPolicy, type KeyPair, trusts } from "../../src/certificates/index.js";
import {
  type ClusterAuthority,
  httpsClient,
  ObjectsWatch,
  openAuthority,
  readWebhookConfiguration,
  webhookConfigurationResource,
  webhookConfigurationsPath,
} from "../../src/cluster/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { recordingLog, recordingMetrics } from "../../src/telemetry/index.js";
import { ApiServer } from "./api-server.js";

const secrets = "/api/v1/namespaces/istio-system/secrets";
const leases = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases";
const timing = { silenceMs: 60_000, relistMs: 60_000, firstRetryMs: 10, retryLimitMs: 50 };
const names = ["pillion.istio-system.svc"];

function configuration(
  name: string,
  { revision = "pillion", service = "pillion", caBundle = "" } = {},
): JsonObject {
  return {
    metadata: { name, labels: { "istio.io/rev": revision } },
    webhooks: [
      {
        name: "rev.namespace.sidecar-injector.istio.io",
        clientConfig: {
          service: { name: service, namespace: "istio-system" },
          caBundle: Buffer.from(caBundle).toString("base64"),
        },
      },
    ],
  };
}

describe("the own authority", () => {
  let server: ApiServer;
  let log: ReturnType<typeof recordingLog>;
  let metrics: ReturnType<typeof recordingMetrics>;
  let opened: { authority: ClusterAuthority; configurations: ObjectsWatch; served: KeyPair }[];
  let port: number;

  beforeEach(async () => {
    server = new ApiServer();
    port = await server.start();
    server.serve(secrets);
    server.serve(leases);
    server.serve(webhookConfigurationsPath, configuration("ours"));
    log = recordingLog();
    metrics = recordingMetrics();
    opened = [];
  });

  afterEach(async () => {
    for (const { authority, configurations } of opened) {
      configurations.close();
      await authority.close();
    }
    await server.stop();
  });

  async function open() {
    const client = httpsClient({ server: new URL(`http://127.0.0.1:${port}`), authorize: async () => {} });
    const world = { log, metrics, now: Date.now, ticks: () => performance.now(), random: () => 0.5 };
    const configurations = new ObjectsWatch(webhookConfigurationResource, client, world, timing);
    const authority = await openAuthority(
      client,
      configurations,
      {
        namespace: "istio-system",
        secret: "pillion-ca",
        lease: "pillion-ca",
        own: { address: { service: "pillion.istio-system" }, revision: "pillion" },
        names,
        authorityName: "pillion authority",
        policy: { ...defaultRotationPolicy, propagationMs: 50, recheckMs: 200 },
        watchTiming: timing,
        leaseTiming: { durationMs: 15_000, deadlineMs: 10_000, retryMs: 50 },
      },
      world,
    );
    const one = { authority, configurations, served: authority.pair };
    authority.onPair((pair) => {
      one.served = pair;
    });
    opened.push(one);
    return one;
  }

  const bundle = (name = "ours") =>
    readWebhookConfiguration(server.object(webhookConfigurationsPath, name) ?? {}).entries[0]?.caBundle ?? "";
  const isReady = (one: { authority: ClusterAuthority }) =>
    vi.waitFor(() => expect(one.authority.check()).toMatchObject({ ok: true }), { timeout: 20_000 });
  const isRepaired = (one: { served: KeyPair }) =>
    vi.waitFor(() => expect(trusts(bundle(), one.served.certificatePem, Date.now())).toBe(true), {
      timeout: 20_000,
    });

  it("is made, written, published and then trusted; a second replica serves the same", async () => {
    const first = await open();
    await isReady(first);
    expect(trusts(bundle(), first.served.certificatePem, Date.now())).toBe(true);
    const second = await open();
    await isReady(second);
    expect(second.served.certificatePem).toBe(first.served.certificatePem);
    expect(metrics.value("webhook_patch_attempts_total", { name: "sidecar-injector.istio.io" })).toBe(1);
    expect(metrics.value("pillion_ca_expiry_timestamp_seconds")).toBeGreaterThan(Date.now() / 1000);
    const written = server.seen.filter(({ method, path }) => method !== "GET" && path.startsWith(secrets));
    expect(written.length).toBeGreaterThan(0);
    expect(JSON.stringify(log.records)).not.toContain("PRIVATE KEY");
  });

  it("fills in the Secret that Helm made, and keeps its labels", async () => {
    server.put(secrets, { metadata: { name: "pillion-ca", labels: { a: "b" } }, type: "Opaque" });
    await isReady(await open());
    expect(server.object(secrets, "pillion-ca")).toMatchObject({ metadata: { labels: { a: "b" } } });
    expect(log.records.filter(({ message }) => message.includes("broken"))).toEqual([]);
  });

  it("writes no entry of another revision or that calls somebody else, and counts both", async () => {
    server.put(webhookConfigurationsPath, configuration("istiods", { revision: "default" }));
    server.put(webhookConfigurationsPath, configuration("other", { service: "istiod" }));
    await isReady(await open());
    expect([bundle("istiods"), bundle("other")]).toEqual(["", ""]);
    const failures = (name: string, reason: string) =>
      metrics.value("webhook_patch_failures_total", { name, reason });
    expect(failures("istiods", "wrong_revision")).toBe(1);
    expect(failures("other", "webhook_entry_not_found")).toBe(1);
  });

  it("repairs a bundle that is overwritten", async () => {
    const one = await open();
    await isReady(one);
    const before = bundle();
    server.put(webhookConfigurationsPath, configuration("ours", { caBundle: "garbage" }));
    await isRepaired(one);
    expect(bundle()).toBe(before);
  });

  it("restores a Secret that is deleted, with the certificate that is served", async () => {
    const one = await open();
    await isReady(one);
    const { certificatePem } = one.served;
    server.delete(secrets, "pillion-ca");
    await vi.waitFor(() => expect(server.object(secrets, "pillion-ca")).toBeDefined(), { timeout: 20_000 });
    expect(one.served.certificatePem).toBe(certificatePem);
    expect(bundle()).not.toBe("");
  });

  it("tells once, with the remedy, that it may not write, tries again, and goes on when it may", async () => {
    server.refusals.set(`${webhookConfigurationsPath}/ours`, 403);
    const one = await open();
    const name = "ours";
    const failed = () =>
      metrics.value("webhook_patch_failures_total", { name, reason: "webhook_update_failure" });
    // Five times after 100 ms each, as Istio's patcher.
    await vi.waitFor(() => expect(failed()).toBeGreaterThanOrEqual(6), { timeout: 20_000 });
    expect(metrics.value("webhook_patch_retries_total", { name })).toBe(failed());
    const told = log.records.filter(({ message }) => message === "cannot write the caBundle, trying again");
    expect(told).toHaveLength(1);
    expect(told[0]?.fields).toMatchObject({ remedy: expect.stringContaining("grant patch") });
    server.refusals.clear();
    // Nobody waits for the minute when something changes.
    server.put(webhookConfigurationsPath, configuration("ours"));
    await isRepaired(one);
    await isReady(one);
  });

  it("goes on serving while the API server is away, and compares when it is back", async () => {
    const one = await open();
    await isReady(one);
    const { served } = one;
    await server.stop();
    await vi.waitFor(() => expect(one.configurations.state.state).toContain("failing"), { timeout: 20_000 });
    expect(one.served).toBe(served);
    expect(one.authority.check().ok).toBe(true);
    server.put(webhookConfigurationsPath, configuration("ours"));
    await server.start(port);
    await isRepaired(one);
    expect(one.served).toBe(served);
  });

  it("serves with something nobody trusts while the Secret cannot be read, and says why it is not ready", async () => {
    server.refusals.set(secrets, 403);
    const one = await open();
    expect(one.authority.check()).toMatchObject({ ok: false, detail: expect.stringContaining("not-read") });
    expect(one.served.certificatePem).toContain("BEGIN CERTIFICATE");
    server.refusals.clear();
    await isReady(one);
    expect(trusts(bundle(), one.served.certificatePem, Date.now())).toBe(true);
  }, 40_000);
});
