import { describe, expect, it } from "vitest";
import {
  applyAnnotationOffline,
  defaultMeshConfig,
  defaultProxyConfig,
  effectiveProxyConfig,
  messagesEqual,
  proxyConfigSchema,
  proxyConfigToJson,
  readMessage,
} from "../../src/mesh/index.js";

const explicitDefaults = {
  configPath: "./etc/istio/proxy",
  binaryPath: "/usr/local/bin/envoy",
  serviceCluster: "istio-proxy",
  drainDuration: "45s",
  terminationDrainDuration: "5s",
  discoveryAddress: "istiod.istio-system.svc:15012",
  proxyAdminPort: 15000,
  controlPlaneAuthPolicy: "MUTUAL_TLS",
  statNameLength: 189,
  statusPort: 15020,
  proxyMetadata: {},
};
const changed = { configPath: "/foo/bar", drainDuration: "7s", proxyMetadata: { foo: "barr" } };

describe("protoToJSON", () => {
  it.each([
    ["the built-in default", defaultProxyConfig(), "{}"],
    ["fields explicitly set to defaults", readMessage(proxyConfigSchema, explicitDefaults), "{}"],
    [
      "changed fields",
      readMessage(proxyConfigSchema, changed, { base: defaultProxyConfig() }),
      '{"configPath":"/foo/bar","drainDuration":"7s","proxyMetadata":{"foo":"barr"}}',
    ],
    [
      "wrappers of zero",
      readMessage(proxyConfigSchema, { concurrency: 0, holdApplicationUntilProxyStarts: false }),
      '{"concurrency":0,"holdApplicationUntilProxyStarts":false}',
    ],
    ["an empty message", readMessage(proxyConfigSchema, { tracing: {} }), '{"tracing":{}}'],
    ["nil", undefined, "{}"],
  ])("writes %s", (_name, message, want) => {
    expect(proxyConfigToJson(message)).toBe(want);
    expect(proxyConfigToJson(message)).toBe(want);
    if (message === undefined) return;
    const applied = applyAnnotationOffline(defaultMeshConfig(), want).message("defaultConfig");
    const direct = effectiveProxyConfig({
      mesh: defaultMeshConfig().with({ defaultConfig: message }),
      podNamespace: "ns",
    });
    expect(messagesEqual(applied, direct)).toBe(true);
  });

  it("keeps a field that differs from the default only in its kind", () => {
    const named = readMessage(proxyConfigSchema, { tracingServiceName: "APP_LABEL_AND_NAMESPACE" });
    expect(proxyConfigToJson(named)).toBe('{"tracingServiceName":"APP_LABEL_AND_NAMESPACE"}');
  });

  it("writes a message that is no ProxyConfig with all it has", () => {
    const headers = readMessage(proxyConfigSchema, { sds: { enabled: true } }).message("sds");
    expect(proxyConfigToJson(headers)).toBe('{"enabled":true}');
  });
});
