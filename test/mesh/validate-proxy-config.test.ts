import { describe, expect, it } from "vitest";
import {
  defaultProxyConfig,
  proxyConfigSchema,
  readMessage,
  validateProxyConfig,
} from "../../src/mesh/index.js";

type Tree = Parameters<typeof readMessage>[1];

function faults(tree: Tree): string[] {
  return validateProxyConfig(readMessage(proxyConfigSchema, tree, { base: defaultProxyConfig() }));
}

const port = (number: number) => `port number ${number} must be in the range 1..65535`;

describe("validating a ProxyConfig", () => {
  it("takes the built-in default", () => expect(faults({})).toEqual([]));

  it.each<[Tree, string]>([
    [{ configPath: "" }, "config path must be set"],
    [{ binaryPath: "" }, "binary path must be set"],
    [{ serviceCluster: "" }, "service cluster must be specified"],
    [{ drainDuration: "0s" }, "invalid drain duration: invalid duration: duration must be greater than 1ms"],
    [
      { drainDuration: "1500ms" },
      "invalid drain duration: drain time only supports durations to seconds precision",
    ],
    [{ discoveryAddress: "" }, "discovery address must be set to the proxy discovery service"],
    [{ discoveryAddress: "host:0" }, `invalid discovery address: ${port(0)}`],
    [{ discoveryAddress: "host:65536" }, `invalid discovery address: ${port(65536)}`],
    [
      { discoveryAddress: "host:http" },
      'invalid discovery address: port (http) is not a number: strconv.Atoi: parsing "http": invalid syntax',
    ],
    [
      { discoveryAddress: "ho_st:1" },
      'invalid discovery address: "ho_st" is not a valid hostname or an IP address',
    ],
    [
      { discoveryAddress: "1.2.3:1" },
      'invalid discovery address: "1.2.3" is not a valid hostname or an IP address',
    ],
    [
      { discoveryAddress: "::1:15012" },
      'invalid discovery address: unable to split "::1:15012": address ::1:15012: too many colons in address',
    ],
    [
      { discoveryAddress: "[::1" },
      "invalid discovery address: unable to split \"[::1\": address [::1: missing ']' in address",
    ],
    [
      { discoveryAddress: "[::1]" },
      'invalid discovery address: unable to split "[::1]": address [::1]: missing port in address',
    ],
    [
      { discoveryAddress: "[1::2::3]:1" },
      'invalid discovery address: "1::2::3" is not a valid hostname or an IP address',
    ],
    [
      { discoveryAddress: `${"a".repeat(64)}:1` },
      `invalid discovery address: "${"a".repeat(64)}" is not a valid hostname or an IP address`,
    ],
    [
      { statsdUdpAddress: "x" },
      'invalid statsd udp address "x": unable to split "x": address x: missing port in address',
    ],
    [{ envoyMetricsServiceAddress: "x:0" }, `invalid envoy metrics service address "x:0": ${port(0)}`],
    [{ envoyMetricsService: { address: "x:0" } }, `invalid envoy metrics service address "x:0": ${port(0)}`],
    [
      { envoyAccessLogService: { address: "x:0" } },
      `invalid envoy access log service address "x:0": ${port(0)}`,
    ],
    [{ proxyAdminPort: 0 }, `invalid proxy admin port: ${port(0)}`],
    [{ statusPort: -1 }, `invalid status port: ${port(-1)}`],
    [
      { controlPlaneAuthPolicy: "INHERIT" },
      'invalid authentication policy: unrecognized control plane authentication policy "INHERIT"',
    ],
    [
      { controlPlaneAuthPolicy: 7 },
      'invalid authentication policy: unrecognized control plane authentication policy "7"',
    ],
    [
      { tracing: { zipkin: { address: "x" } } },
      'invalid zipkin config: invalid zipkin address: unable to split "x": address x: missing port in address',
    ],
    [
      { tracing: { datadog: { address: "x:0" } } },
      `invalid datadog config: invalid datadog address: ${port(0)}`,
    ],
    [{ tracing: { lightstep: { address: "x:1" } } }, "invalid lightstep config: access token is required"],
    [{ tracing: { lightstep: { accessToken: "t" } } }, "invalid lightstep config: address is required"],
    [
      { tracing: { lightstep: { address: "x:0", accessToken: "t" } } },
      `invalid lightstep config: invalid lightstep address: ${port(0)}`,
    ],
    [
      { tracing: { tlsSettings: { mode: "MUTUAL", privateKey: "k" } } },
      "invalid tracing TLS config: client certificate required for mutual tls",
    ],
    [
      { tracing: { tlsSettings: { mode: "MUTUAL", clientCertificate: "c" } } },
      "invalid tracing TLS config: private key required for mutual tls",
    ],
    [
      { tracing: { customTags: { a: { literal: {} } } } },
      'invalid tracing custom tags: literal tag value for "a" cannot be empty',
    ],
    [
      { tracing: { customTags: { a: { environment: {} } } } },
      'invalid tracing custom tags: environment tag "a" cannot have an empty name',
    ],
    [
      { tracing: { customTags: { a: { header: {} } } } },
      'invalid tracing custom tags: header tag "a" cannot have an empty name',
    ],
    [
      { privateKeyProvider: {} },
      "invalid private key provider configuration: private key provider configuration is required",
    ],
    [
      { privateKeyProvider: { qat: {} } },
      "invalid private key provider configuration: pollDelay is required",
    ],
    [
      { privateKeyProvider: { cryptomb: { pollDelay: "0s" } } },
      "invalid private key provider configuration: pollDelay must be non zero",
    ],
    [
      { connectionSettings: { httpMaxConcurrentStreams: 0 } },
      "invalid connection settings: httpMaxConcurrentStreams must be greater than 0",
    ],
    [
      { connectionSettings: { httpIdleTimeout: "-1s" } },
      "invalid connection settings: httpIdleTimeout must not be negative",
    ],
  ])("refuses %j", (tree, fault) => expect(faults(tree)).toEqual([fault]));

  it.each<Tree>([
    { tracingServiceName: "CANONICAL_NAME_ONLY" },
    { controlPlaneAuthPolicy: "NONE" },
    { discoveryAddress: "foo:123" },
    { discoveryAddress: "10.0.0.1:15012" },
    { discoveryAddress: "[::1]:15012" },
    { discoveryAddress: "[::ffff:1.2.3.4]:15012" },
    { discoveryAddress: "[1:2:3:4:5:6:7:8]:15012" },
    { discoveryAddress: "istiod.istio-system.svc.:15012" },
    { tracing: { zipkin: { address: "$(HOST_IP):9411" } } },
    { tracing: { datadog: { address: "$(HOST_IP):8126" }, customTags: { a: { literal: { value: "b" } } } } },
    { tracing: { lightstep: { address: "x:1", accessToken: "t" }, tlsSettings: { mode: "SIMPLE" } } },
    { tracing: { tlsSettings: { mode: "MUTUAL", credentialName: "c" } } },
    { envoyMetricsService: {} },
    { privateKeyProvider: { cryptomb: { pollDelay: "10ms" } } },
    { connectionSettings: { httpMaxConcurrentStreams: 1, httpIdleTimeout: "0s" } },
  ])("takes %j", (tree) => expect(faults(tree)).toEqual([]));

  it("wants one of serviceCluster and tracingServiceName", () => {
    expect(validateProxyConfig(defaultProxyConfig().with({ serviceCluster: undefined }))).toEqual([
      "oneof service cluster or tracing service name must be specified",
    ]);
  });

  it("tells every fault of an empty one", () => {
    expect(validateProxyConfig(readMessage(proxyConfigSchema, {}))).toEqual([
      "config path must be set",
      "binary path must be set",
      "oneof service cluster or tracing service name must be specified",
      "invalid drain duration: invalid duration: duration can not be nil",
      "discovery address must be set to the proxy discovery service",
      `invalid proxy admin port: ${port(0)}`,
      `invalid status port: ${port(0)}`,
    ]);
  });
});
