import { describe, expect, it } from "vitest";
import { findRivals, httpsClient, reportRivals } from "../../src/cluster/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { recordingLog } from "../../src/telemetry/index.js";
import { ApiServer } from "./api-server.js";

interface Entry {
  readonly key?: string;
  readonly value?: string;
  readonly service?: string;
  readonly url?: string;
  readonly suffix?: string;
  readonly deactivated?: boolean;
}

function configuration(name: string, ...entries: readonly Entry[]): JsonObject {
  return {
    metadata: { name },
    webhooks: entries.map(
      ({
        key = "istio.io/rev",
        value = "default",
        service,
        url,
        suffix = "sidecar-injector.istio.io",
        deactivated,
      }) => ({
        name: `rev.namespace.${suffix}`,
        clientConfig:
          url === undefined ? { service: { name: service ?? "", namespace: "istio-system" } } : { url },
        namespaceSelector: deactivated
          ? { matchLabels: { "istio.io/deactivated": "never-match" } }
          : { matchExpressions: [{ key, operator: "In", values: [value] }] },
        objectSelector: {},
      }),
    ),
  };
}

const own = { service: "pillion.istio-system" };
const ours = configuration("istio-sidecar-injector-p", { service: "pillion" });

describe("other injectors of the same pods", () => {
  it("are those that demand the same revision and call somebody else", () => {
    const theirs = configuration("istio-sidecar-injector", { service: "istiod" });
    expect(findRivals([ours, theirs], own)).toEqual([
      {
        own: "istio-sidecar-injector-p",
        other: "istio-sidecar-injector",
        address: "istiod.istio-system",
        claim: "istio.io/rev=default",
      },
    ]);
  });

  it("are those that demand istio-injection as we do", () => {
    const legacy = { key: "istio-injection", value: "enabled" };
    const mine = configuration("mine", { ...legacy, service: "pillion" });
    const theirs = configuration("theirs", { ...legacy, url: "https://example.com/inject" });
    expect(findRivals([mine, theirs], own)).toMatchObject([
      { claim: "istio-injection=enabled", address: "https://example.com/inject" },
    ]);
  });

  it("are not those of another revision, deactivated ones, other webhooks, nor our own tags", () => {
    const others = [
      configuration("other-revision", { service: "istiod", value: "canary" }),
      configuration("deactivated", { service: "istiod", deactivated: true }),
      configuration("other-webhook", { service: "istiod", suffix: "example.com" }),
      configuration("our-tag", { service: "pillion" }),
    ];
    expect(findRivals([ours, ...others], own)).toEqual([]);
  });

  it("are said once for each claim, with both names and the remedy", async () => {
    const server = new ApiServer();
    const port = await server.start();
    const theirs = configuration("theirs", { service: "istiod" }, { service: "istiod" });
    server.serve("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", ours, theirs);
    const log = recordingLog();
    const client = httpsClient({ server: new URL(`http://127.0.0.1:${port}`), authorize: async () => {} });
    const { signal } = new AbortController();
    await reportRivals(client, own, log, signal);
    expect(log.records).toHaveLength(1);
    expect(log.records[0]).toMatchObject({
      level: "error",
      fields: {
        own: "MutatingWebhookConfiguration istio-sidecar-injector-p",
        other: "MutatingWebhookConfiguration theirs, which calls istiod.istio-system",
        remedy: expect.stringContaining("another revision"),
      },
    });
    server.refuse = 403;
    expect(await reportRivals(client, own, log, signal)).toEqual([]);
    expect(log.records.at(-1)).toMatchObject({ level: "warn", message: "cannot look for other injectors" });
    await server.stop();
  });
});
