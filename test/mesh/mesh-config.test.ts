import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  applyMeshConfig,
  defaultMeshConfig,
  loadMeshConfig,
  type MeshWarning,
  protoJson,
  proxyConfigToJson,
} from "../../src/mesh/index.js";
import { peerMissing, peerPath } from "../support/peer.js";
import { meshErrorOf } from "./mesh-error-of.js";

describe("loading a mesh config", () => {
  it.each(["", "null", "{}", "# nothing\n"])("gives the built-in default for %j", (text) => {
    expect(protoJson(loadMeshConfig(text))).toBe(protoJson(defaultMeshConfig()));
  });

  it("replaces each field that is given, zero too, and keeps the others", () => {
    const mesh = loadMeshConfig(`
accessLogFile: /dev/stdout
accessLogEncoding: JSON
enableTracing: false
enablePrometheusMerge: false
outboundTrafficPolicy: {mode: REGISTRY_ONLY}
inbound_traffic_policy: {mode: LOCALHOST}
default_service_export_to: ["."]
localityLbSetting: {}
connectTimeout: 1m30s
`);
    expect([mesh.text("accessLogFile"), String(mesh.enum("accessLogEncoding"))]).toEqual([
      "/dev/stdout",
      "JSON",
    ]);
    expect([mesh.flag("enableTracing"), mesh.wrapped("enablePrometheusMerge")]).toEqual([false, false]);
    expect(mesh.message("outboundTrafficPolicy")?.enum("mode").name).toBe("REGISTRY_ONLY");
    expect(mesh.message("inboundTrafficPolicy")?.enum("mode").name).toBe("LOCALHOST");
    expect(mesh.strings("defaultServiceExportTo")).toEqual(["."]);
    expect(mesh.message("localityLbSetting")?.has("enabled")).toBe(false);
    expect(mesh.duration("connectTimeout")).toBe(90_000_000_000n);
    expect(mesh.number("proxyListenPort")).toBe(15001);
  });

  it("merges defaultConfig as ProxyConfigs are merged, where explicit zeros count", () => {
    const first = loadMeshConfig({
      defaultConfig: {
        interceptionMode: "TPROXY",
        proxyMetadata: { A: "1", B: "1" },
        tracing: { sampling: 5 },
      },
    });
    const second = applyMeshConfig(first, {
      defaultConfig: {
        interceptionMode: "REDIRECT",
        proxyMetadata: { B: "2" },
        tracing: { maxPathTagLength: 9 },
      },
    });
    expect(proxyConfigToJson(second.message("defaultConfig"))).toBe(
      '{"tracing":{"maxPathTagLength":9},"proxyMetadata":{"A":"1","B":"2"}}',
    );
    expect(second.message("defaultConfig")?.number("statusPort")).toBe(15020);
  });

  it("keeps the default's fields when defaultConfig names others only", () => {
    const mesh = loadMeshConfig("defaultConfig:\n  discoveryAddress: istiod.infra.svc:15012\n");
    expect(proxyConfigToJson(mesh.message("defaultConfig"))).toBe(
      '{"discoveryAddress":"istiod.infra.svc:15012"}',
    );
    expect(mesh.message("defaultConfig")?.text("configPath")).toBe("./etc/istio/proxy");
  });

  it("leaves merged fields alone that are null", () => {
    const tree = {
      defaultConfig: null,
      defaultProviders: null,
      extensionProviders: null,
      trustDomainAliases: null,
    };
    const mesh = loadMeshConfig(tree);
    expect(protoJson(mesh)).toBe(protoJson(defaultMeshConfig()));
  });

  it("merges defaultProviders by field", () => {
    const first = loadMeshConfig({ defaultProviders: { metrics: ["prometheus"], tracing: ["a"] } });
    const second = applyMeshConfig(first, { defaultProviders: { tracing: ["b"] } });
    const providers = second.message("defaultProviders");
    expect([providers?.strings("metrics"), providers?.strings("tracing")]).toEqual([["prometheus"], ["b"]]);
  });

  it("merges extensionProviders by name: replaced in place, new ones behind", () => {
    const mesh = loadMeshConfig(`
extensionProviders:
- name: otel
  opentelemetry: {service: otel.infra.svc.cluster.local, port: 4317, serviceAttributeEnrichment: OTEL_SEMANTIC_CONVENTIONS}
- name: envoy
  envoyFileAccessLog: {path: /dev/stderr, logFormat: {labels: {a: 1}}}
`);
    const providers = mesh.messages("extensionProviders");
    expect(providers.map((provider) => provider.text("name"))).toEqual([
      "prometheus",
      "stackdriver",
      "envoy",
      "otel",
    ]);
    expect(providers[2]?.message("envoyFileAccessLog")?.text("path")).toBe("/dev/stderr");
    expect(String(providers[3]?.message("opentelemetry")?.enum("serviceAttributeEnrichment"))).toBe(
      "OTEL_SEMANTIC_CONVENTIONS",
    );
  });

  it("unites and sorts trustDomainAliases", () => {
    const first = loadMeshConfig({ trustDomainAliases: ["old.local", "b.local"] });
    const second = applyMeshConfig(first, { trustDomainAliases: ["a.local", "b.local"] });
    expect(second.strings("trustDomainAliases")).toEqual(["a.local", "b.local", "old.local"]);
  });

  it("warns of unknown fields and providers, and loads all the same", () => {
    const warnings: MeshWarning[] = [];
    const text = "acessLogFile: x\nextensionProviders:\n- name: new\n  fromTheFuture: {}\n";
    const mesh = loadMeshConfig(text, { source: "mesh.yaml", warnings });
    expect(mesh.messages("extensionProviders")).toHaveLength(4);
    expect(warnings).toEqual([
      {
        path: "extensionProviders[0].fromTheFuture",
        message: 'unknown field "fromTheFuture" in istio.mesh.v1alpha1.MeshConfig.ExtensionProvider',
      },
      { path: "acessLogFile", message: 'unknown field "acessLogFile" in istio.mesh.v1alpha1.MeshConfig' },
      { path: "extensionProviders[3]", message: 'extension provider "new" is of no kind that is known here' },
    ]);
  });

  it.each([
    ["trustDomain: 1", "type", "trustDomain"],
    ["defaultConfig: {statusPort: high}", "type", "defaultConfig.statusPort"],
    ["defaultConfig: {drainDuration: 1d}", "type", "defaultConfig.drainDuration"],
    ["inboundTrafficPolicy: {mode: passthrough}", "type", "inboundTrafficPolicy.mode"],
    ["- a list", "type", ""],
  ])("refuses %j and names the file and the key", (text, code, path) => {
    const error = meshErrorOf(() => loadMeshConfig(text, { source: "/etc/mesh.yaml" }));
    expect(error).toMatchObject({ code, path, source: "/etc/mesh.yaml" });
    expect(error.message).toContain("/etc/mesh.yaml");
  });

  it("refuses a text that is no YAML, with its line", () => {
    const error = meshErrorOf(() =>
      loadMeshConfig("trustDomain: a\nrootNamespace: [\n", { source: "mesh.yaml" }),
    );
    expect(error).toMatchObject({ code: "syntax", source: "mesh.yaml", line: expect.any(Number) });
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe("the mesh configs of Istio's own injection tests", () => {
  const missing = peerMissing("istio-inject", "cases.json");
  const recorded = (name: string) => JSON.parse(readFileSync(peerPath("istio-inject", name), "utf8"));

  it.skipIf(missing !== undefined)(`load without a warning${missing ? ` (${missing})` : ""}`, () => {
    const base = loadMeshConfig(recorded("mesh.json"));
    expect(proxyConfigToJson(base.message("defaultConfig"))).toBe("{}");
    let loaded = 0;
    for (const { name, mesh } of recorded("cases.json")) {
      if (mesh === undefined) continue;
      const warnings: MeshWarning[] = [];
      const config = applyMeshConfig(base, mesh, { source: name, warnings }).message("defaultConfig");
      expect(warnings).toEqual([]);
      if (mesh.defaultConfig?.drainDuration) {
        expect(proxyConfigToJson(config)).toContain(`"drainDuration":"${mesh.defaultConfig.drainDuration}"`);
      }
      loaded++;
    }
    expect(loaded).toBeGreaterThanOrEqual(5);
  });
});

describe("validating a mesh config", () => {
  it.each([
    ["proxyListenPort: 0", "invalid proxy listen port: port number 0 must be in the range 1..65535"],
    ["connectTimeout: 0s", "invalid connect timeout: duration must be greater than 1ms"],
    ["connectTimeout: 2h", "invalid connect timeout: time 2h0m0s must be >1ms and <1h0m0s"],
    [
      "protocolDetectionTimeout: 1500us",
      "invalid protocol detection timeout: only durations to ms precision are supported",
    ],
    ["defaultConfig: {statusPort: 0}", "invalid status port: port number 0 must be in the range 1..65535"],
    [
      "defaultConfig: {discoveryAddress: nowhere}",
      'invalid discovery address: unable to split "nowhere": address nowhere: missing port in address',
    ],
    ["localityLbSetting: {distribute: [{from: a, to: {b: 60, c: 30}}]}", "total locality weight 90 != 100"],
    [
      "localityLbSetting: {distribute: [{from: a, to: {b: 100}}], failover: [{from: a, to: b}]}",
      "can not simultaneously specify 'distribute' and 'failover'",
    ],
    ["trustDomain: ''", "trustDomain: empty domain name not allowed"],
    ["trustDomain: a b", 'trustDomain: trust domain name "a b" invalid'],
    ["trustDomainAliases: [a..b]", 'trustDomainAliases[0], domain `a..b` : trust domain name "a..b" invalid'],
    [
      "serviceSettings: [{hosts: ['*.ok.svc', 'no/good']}]",
      'serviceSettings[0], host `no/good`: domain name "no/good" invalid (label "no/good" invalid)',
    ],
    [
      "extensionProviders: [{name: a, zipkin: {port: 9411}}]",
      "invalid extension provider a: service must not be empty",
    ],
    [
      "extensionProviders: [{name: a, zipkin: {service: ns/zipkin.local}}]",
      "invalid extension provider a: port number 0 must be in the range 1..65535",
    ],
    [
      "extensionProviders: [{name: a, zipkin: {service: a/b/c, port: 1}}]",
      'invalid extension provider a: invalid service fmt a/b/c: domain name "b/c" invalid (label "b/c" invalid)',
    ],
    ["extensionProviders: [{prometheus: {}}]", "invalid extension provider : empty extension provider name"],
  ])("refuses %j", (text, fault) => {
    const error = meshErrorOf(() => loadMeshConfig(text, { source: "mesh.yaml" }));
    expect(error).toMatchObject({
      code: "invalid",
      errors: [fault],
      message: `Cannot use mesh.yaml: ${fault}`,
    });
  });

  it("tells every fault at once, in multierror's form too", () => {
    const error = meshErrorOf(() => loadMeshConfig("{trustDomain: '', proxyListenPort: 70000}"));
    expect(error.detail).toBe(
      "2 errors occurred:\n\t* invalid proxy listen port: port number 70000 must be in the range 1..65535\n\t* trustDomain: empty domain name not allowed\n\n",
    );
  });

  it.each([
    "protocolDetectionTimeout: 0s",
    "trustDomain: under_score.example.com.",
    "serviceSettings: [{settings: {clusterLocal: true}, hosts: ['*', '*.myns.svc.cluster.local']}]",
    "extensionProviders: [{name: a, envoyOtelAls: {service: ns/otel.local, port: 4317}}]",
    "localityLbSetting: {distribute: [{from: a/*, to: {a/b: 60, a/c: 40}}]}",
    "proxyInboundListenPort: 0",
  ])("takes %j", (text) => expect(loadMeshConfig(text).schema.name).toBe("istio.mesh.v1alpha1.MeshConfig"));
});
