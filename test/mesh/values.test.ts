import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  durationMessage,
  formatDuration,
  parseDuration,
  parseValues,
  protoJson,
} from "../../src/mesh/index.js";
import { peerMissing, peerPath } from "../support/peer.js";
import { meshErrorOf } from "./mesh-error-of.js";

describe("the injector's values", () => {
  it("are kept loose as they were given, and read typed", () => {
    const text = `
global:
  hub: gcr.io/istio
  tag: 1.30.3
  variant: distroless
  anything: {else: [1, null]}
  network: n1
  multiCluster: {clusterName: c1}
  proxy: {image: proxyv2, holdApplicationUntilProxyStarts: false}
  proxy_init: {image: init}
sidecarInjectorWebhook: {rewriteAppHTTPProbe: true}
`;
    const { loose, typed } = parseValues(text);
    expect(loose.global).toMatchObject({ anything: { else: [1, null] } });
    expect(typed).toEqual({
      hub: "gcr.io/istio",
      tag: "1.30.3",
      variant: "distroless",
      proxyImage: "proxyv2",
      proxyInitImage: "init",
      clusterName: "c1",
      network: "n1",
      holdApplicationUntilProxyStarts: false,
      rewriteAppHTTPProbe: true,
    });
  });

  it.each(["", "null", "{}", "global: null", '{"global":{"hub":null}}'])("may be %j", (text) => {
    expect(parseValues(text).typed).toEqual({
      hub: "",
      tag: "",
      variant: "",
      proxyImage: "",
      proxyInitImage: "",
      clusterName: "",
      network: "",
      holdApplicationUntilProxyStarts: undefined,
      rewriteAppHTTPProbe: false,
    });
  });

  it.each([
    ["11", "11"],
    ["1.12", "1.12"],
    ["1.10", "1.1"],
    ["'1.10'", "1.10"],
    ["latest", "latest"],
    ["true", "true"],
    ["null", "<nil>"],
    ["20240101", "2.0240101e+07"],
    ["100000", "100000"],
    ["1000000", "1e+06"],
    ["0.0001", "0.0001"],
    ["0.00001", "1e-05"],
    ["-1.5", "-1.5"],
    ["0", "0"],
  ])("print the tag %s as Go does: %s", (tag, want) => {
    expect(parseValues(`global: {tag: ${tag}}`).typed.tag).toBe(want);
  });

  it.each([
    ["global: []", "global must be a mapping, not a list"],
    ["global: {hub: 1}", "global.hub must be a string, not the number 1; put it in quotes"],
    ["global: {tag: [1]}", "global.tag must be a string, a number or a bool, not a list"],
    ["global: {proxy: {image: {}}}", "global.proxy.image must be a string, not a mapping"],
    [
      "global: {proxy: {holdApplicationUntilProxyStarts: 'true'}}",
      'global.proxy.holdApplicationUntilProxyStarts must be true or false, not the string "true"',
    ],
    [
      "global: {proxy: {statusPort: high}}",
      'global.proxy.statusPort must be a number, not the string "high"',
    ],
    ["global: {imagePullSecrets: [{name: a}]}", "global.imagePullSecrets[0] must be a string, not a mapping"],
    [
      "sidecarInjectorWebhook: {neverInjectSelector: {}}",
      "sidecarInjectorWebhook.neverInjectSelector must be a list, not a mapping",
    ],
    [
      "global: {imagePullSecrets: a}",
      'global.imagePullSecrets must be a list of strings, not the string "a"',
    ],
    ["pilot: {cni: {enabled: 1}}", "pilot.cni.enabled must be true or false, not the number 1"],
    ["text", 'the document must be a mapping, not the string "text"'],
  ])("are refused when a known key has the wrong type: %s", (text, fault) => {
    const error = meshErrorOf(() => parseValues(text, { source: "values.yaml" }));
    expect(error.message).toBe(`could not parse configuration values: ${fault} (values.yaml)`);
    expect(error.detail).toBe(`could not parse configuration values: ${fault}`);
    expect([error.code, error.source]).toEqual(["type", "values.yaml"]);
  });

  it("are refused with every digit of a number that should be a string", () => {
    const error = meshErrorOf(() => parseValues({ global: { hub: 1234567890123456789n } }));
    expect(error.detail).toContain(
      "global.hub must be a string, not the number 1234567890123456789; put it in quotes",
    );
  });

  it("are refused when they are no YAML", () => {
    const error = meshErrorOf(() => parseValues("global: {", { source: "values.yaml" }));
    expect(error.code).toBe("syntax");
    expect(error.message).toMatch(
      /^could not parse configuration values: Cannot read values.yaml: yaml: line \d+, column \d+: ./,
    );
  });

  it("take numbers in quotes, as protobuf's JSON does", () => {
    expect(parseValues("global: {proxy: {statusPort: '15020'}}").typed.tag).toBe("");
  });

  const missing = peerMissing("istio-inject", "values.json");
  it.skipIf(missing !== undefined)(`load as the chart writes them${missing ? ` (${missing})` : ""}`, () => {
    const { typed } = parseValues(readFileSync(peerPath("istio-inject", "values.json"), "utf8"));
    expect(typed).toMatchObject({
      hub: "registry.istio.io/testing",
      tag: "latest",
      rewriteAppHTTPProbe: true,
    });
  });
});

describe("durations", () => {
  it.each([
    ["23s", "23s", '"23s"'],
    ["90s", "1m30s", '"90s"'],
    ["500ms", "500ms", '"0.500s"'],
    ["1us", "1µs", '"0.000001s"'],
    ["0s", "0s", '"0s"'],
    ["-1.5s", "-1.5s", '"-1.500s"'],
    ["-0.5s", "-500ms", '"-0.500s"'],
    ["1h", "1h0m0s", '"3600s"'],
  ])("are printed in Go's form for people and in protobuf's for machines: %s", (text, people, machines) => {
    expect(formatDuration(parseDuration(text))).toBe(people);
    expect(protoJson(parseDuration(text))).toBe(machines);
  });

  it("are zero when nil", () => expect(formatDuration(undefined)).toBe("0s"));
  it("may be made of nanoseconds", () =>
    expect(formatDuration(durationMessage(1_500_000_000n))).toBe("1.5s"));
});
