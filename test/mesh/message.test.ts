import { describe, expect, it } from "vitest";
import {
  defaultMeshConfig,
  defaultProxyConfig,
  fieldByGoName,
  Message,
  meshConfigSchema,
  messageSchema,
  oneofByGoName,
  proxyConfigSchema,
  readMessage,
} from "../../src/mesh/index.js";

describe("a message's schema", () => {
  it("keeps the order in which Istio declares the fields of ProxyConfig", () => {
    expect(proxyConfigSchema.fields.map((field) => field.jsonName).join(" ")).toBe(
      [
        "configPath binaryPath serviceCluster tracingServiceName drainDuration discoveryAddress discoveryRefreshDelay",
        "zipkinAddress statsdUdpAddress envoyMetricsServiceAddress proxyAdminPort availabilityZone controlPlaneAuthPolicy",
        "customConfigFile statNameLength concurrency proxyBootstrapTemplatePath interceptionMode tracing sds",
        "envoyAccessLogService envoyMetricsService proxyMetadata runtimeValues statusPort extraStatTags gatewayTopology",
        "terminationDrainDuration meshId readinessProbe proxyStatsMatcher holdApplicationUntilProxyStarts caCertificatesPem",
        "image privateKeyProvider proxyHeaders fileFlushInterval fileFlushMinSizeKb statsCompression connectionSettings",
      ].join(" "),
    );
  });

  it.each([
    ["istio.mesh.v1alpha1.ProxyConfig", "proxy_metadata", "proxyMetadata", "ProxyMetadata"],
    ["istio.mesh.v1alpha1.ProxyConfig", "mesh_id", "meshId", "MeshId"],
    ["istio.mesh.v1alpha1.ProxyConfig", "statsd_udp_address", "statsdUdpAddress", "StatsdUdpAddress"],
    ["istio.mesh.v1alpha1.ProxyConfig", "ca_certificates_pem", "caCertificatesPem", "CaCertificatesPem"],
    ["istio.mesh.v1alpha1.SDS", "k8s_sa_jwt_path", "k8sSaJwtPath", "K8SSaJwtPath"],
    ["istio.mesh.v1alpha1.MeshConfig", "mesh_mTLS", "meshMTLS", "MeshMTLS"],
    ["istio.mesh.v1alpha1.MeshConfig", "h2_upgrade_policy", "h2UpgradePolicy", "H2UpgradePolicy"],
    ["istio.mesh.v1alpha1.LabelSelector", "matchLabels", "matchLabels", "MatchLabels"],
    [
      "istio.networking.v1alpha3.OutlierDetection",
      "consecutive_5xx_errors",
      "consecutive5xxErrors",
      "Consecutive_5XxErrors",
    ],
    [
      "istio.mesh.v1alpha1.MeshConfig.ExtensionProvider.ZipkinTracingProvider",
      "enable_64bit_trace_id",
      "enable64bitTraceId",
      "Enable_64BitTraceId",
    ],
  ])("names the field %s.%s as protobuf and Go do", (message, protoName, jsonName, goName) => {
    const schema = messageSchema(message);
    expect(schema.byName.get(protoName)).toMatchObject({ jsonName, goName });
    expect(fieldByGoName(schema, goName)).toBe(schema.byName.get(jsonName));
  });

  it.each([
    ["istio.mesh.v1alpha1.ProxyConfig.ProxyHeaders.RequestId", "v1alpha1.ProxyConfig_ProxyHeaders_RequestId"],
    ["istio.networking.v1beta1.ProxyImage", "v1beta1.ProxyImage"],
    ["google.protobuf.Duration", "durationpb.Duration"],
    ["google.protobuf.BoolValue", "wrapperspb.BoolValue"],
  ])("names the Go type of %s", (name, goType) => expect(messageSchema(name).goType).toBe(goType));

  it("knows oneofs as Go does: one field, and a struct around each member", () => {
    const oneof = oneofByGoName(proxyConfigSchema, "ClusterName");
    expect(oneof?.fields.map((field) => oneof.goTypeOf(field))).toEqual([
      "v1alpha1.ProxyConfig_ServiceCluster",
      "v1alpha1.ProxyConfig_TracingServiceName_",
    ]);
    expect(oneof && defaultProxyConfig().which(oneof)?.goName).toBe("ServiceCluster");
    expect(oneof && Message.of(proxyConfigSchema).which(oneof)).toBeUndefined();
    expect(oneofByGoName(proxyConfigSchema, "Tracing")).toBeUndefined();
  });

  it("has no message and no field that Istio has not", () => {
    expect(() => messageSchema("istio.mesh.v1alpha1.Nope")).toThrow(
      "There is no message istio.mesh.v1alpha1.Nope",
    );
    expect(fieldByGoName(proxyConfigSchema, "constructor")).toBeUndefined();
  });
});

describe("a message", () => {
  const message = readMessage(proxyConfigSchema, {
    statusPort: 0,
    concurrency: 0,
    interceptionMode: "TPROXY",
    drainDuration: "1m30s",
    proxyMetadata: { A: "b" },
    extraStatTags: ["x"],
    serviceCluster: "",
    tracing: { stackdriver: { maxNumberOfAttributes: "9007199254740993" } },
  });

  it("gives what a Go getter would: zero for unset scalars, nothing for unset messages", () => {
    const empty = Message.of(proxyConfigSchema);
    expect(empty.text("configPath")).toBe("");
    expect(empty.number("statusPort")).toBe(0);
    expect(String(empty.enum("interceptionMode"))).toBe("REDIRECT");
    expect(empty.message("tracing")).toBeUndefined();
    expect(empty.get("drainDuration")).toBeUndefined();
    expect(empty.wrapped("concurrency")).toBeUndefined();
    expect(empty.list("extraStatTags")).toEqual([]);
    expect(empty.map("proxyMetadata").size).toBe(0);
    expect(Message.of(messageSchema("istio.mesh.v1alpha1.SDS")).flag("enabled")).toBe(false);
  });

  it("gives what is set", () => {
    expect(String(message.enum("interceptionMode"))).toBe("TPROXY");
    expect(message.duration("drainDuration")).toBe(90_000_000_000n);
    expect(message.stringMap("proxyMetadata").get("A")).toBe("b");
    expect(message.strings("extraStatTags")).toEqual(["x"]);
    const stackdriver = message.message("tracing")?.message("stackdriver");
    expect(stackdriver?.wrapped("maxNumberOfAttributes")).toBe(9007199254740993n);
  });

  it("tells a wrapper of zero from none, and a oneof's member of zero from none, but not a scalar's zero", () => {
    expect(message.wrapped("concurrency")).toBe(0);
    expect(message.has("concurrency")).toBe(true);
    expect(message.has("serviceCluster")).toBe(true);
    expect(message.has("statusPort")).toBe(false);
  });

  it("is never changed: `with` makes another one", () => {
    const changed = message.with({ configPath: "/x", extraStatTags: undefined });
    expect([changed.text("configPath"), changed.has("extraStatTags")]).toEqual(["/x", false]);
    expect([message.text("configPath"), message.has("extraStatTags")]).toEqual(["", true]);
  });

  it("holds one member of a oneof at most", () => {
    const tracing = proxyConfigSchema.byName.get("tracingServiceName")?.element;
    const value = tracing?.kind === "enum" ? tracing.enum.zero : undefined;
    const changed = message.with({ tracingServiceName: value });
    expect([changed.has("serviceCluster"), changed.has("tracingServiceName")]).toEqual([false, true]);
  });

  it("throws a TypeError for a field that it cannot have, or not of this type", () => {
    expect(() => message.get("nope")).toThrow(
      new TypeError("istio.mesh.v1alpha1.ProxyConfig has no field nope"),
    );
    expect(() => message.get("status_port")).toThrow(TypeError);
    expect(() => message.text("statusPort")).toThrow(
      "The field statusPort of istio.mesh.v1alpha1.ProxyConfig is not a string",
    );
    expect(() => message.number("configPath")).toThrow(TypeError);
    expect(() => message.map("extraStatTags")).toThrow(TypeError);
    expect(() => message.list("proxyMetadata")).toThrow(TypeError);
    expect(() => message.message("configPath")).toThrow(TypeError);
    expect(() => message.flag("configPath")).toThrow(TypeError);
    expect(() => message.enum("configPath")).toThrow(TypeError);
  });
});

describe("the built-in defaults", () => {
  it("are always the same objects, and the mesh's ProxyConfig is the built-in one", () => {
    expect(defaultMeshConfig()).toBe(defaultMeshConfig());
    expect(defaultMeshConfig().message("defaultConfig")).toBe(defaultProxyConfig());
    expect(defaultMeshConfig().schema).toBe(meshConfigSchema);
  });

  it("have the ports, names and switches that the injector reads", () => {
    const mesh = defaultMeshConfig();
    expect([mesh.number("proxyListenPort"), mesh.number("proxyInboundListenPort")]).toEqual([15001, 15006]);
    expect([mesh.text("trustDomain"), mesh.text("rootNamespace")]).toEqual(["cluster.local", "istio-system"]);
    expect(mesh.wrapped("enablePrometheusMerge")).toBe(true);
    expect(mesh.message("inboundTrafficPolicy")?.enum("mode").name).toBe("PASSTHROUGH");
    expect(mesh.messages("extensionProviders").map((provider) => provider.text("name"))).toEqual([
      "prometheus",
      "stackdriver",
      "envoy",
    ]);
  });
});
