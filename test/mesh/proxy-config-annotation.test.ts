import { describe, expect, it } from "vitest";
import {
  annotationOverlay,
  applyAnnotationOffline,
  checkProxyConfigAnnotation,
  defaultMeshConfig,
  loadMeshConfig,
  protoJson,
  proxyConfigToJson,
} from "../../src/mesh/index.js";
import { meshErrorOf } from "./mesh-error-of.js";

describe("the annotation proxy.istio.io/config offline", () => {
  it("is applied on the mesh's defaultConfig, so explicit zeros count", () => {
    const mesh = loadMeshConfig({ defaultConfig: { interceptionMode: "TPROXY", proxyMetadata: { A: "1" } } });
    const result = applyAnnotationOffline(
      mesh,
      "interceptionMode: REDIRECT\nstatusPort: 0\nproxyMetadata: {B: '2'}",
    );
    expect(result.message("defaultConfig")?.enum("interceptionMode").name).toBe("REDIRECT");
    expect(result.message("defaultConfig")?.number("statusPort")).toBe(0);
    expect(proxyConfigToJson(result.message("defaultConfig"))).toBe('{"proxyMetadata":{"A":"1","B":"2"}}');
    expect(mesh.message("defaultConfig")?.enum("interceptionMode").name).toBe("TPROXY");
  });

  it("changes nothing when it is empty", () => {
    expect(protoJson(applyAnnotationOffline(defaultMeshConfig(), ""))).toBe(protoJson(defaultMeshConfig()));
  });

  it.each(["concurrency: many", "just a text", "{", "- a"])("is refused when it is %j", (text) => {
    const error = meshErrorOf(() => applyAnnotationOffline(defaultMeshConfig(), text));
    expect(error.message).toMatch(/^could not parse proxy config: ./);
    expect(error.source).toBe("proxy.istio.io/config");
  });
});

describe("the check of the annotation proxy.istio.io/config", () => {
  it.each([
    "",
    "{}",
    "discoveryAddress: foo:123\nconcurrency: 0\nproxyMetadata:\n  FOO: bar\n",
    '{ "holdApplicationUntilProxyStarts": true }',
    "unknownField: is ignored",
    "tracing: {zipkin: {address: '$(HOST_IP):9411'}}",
  ])("takes %j", (text) => expect(checkProxyConfigAnnotation(text)).toBeUndefined());

  it("refuses wrong types in Istio's words", () => {
    const error = meshErrorOf(() => checkProxyConfigAnnotation("proxyMetadata: {FOO: 1}"));
    expect(error.message).toBe(
      "failed to convert to apply proxy config: json: cannot unmarshal number into Go value of type string",
    );
    expect(error).toMatchObject({ code: "type", path: "proxyMetadata.FOO" });
  });

  it("refuses what is no mapping", () => {
    const error = meshErrorOf(() => checkProxyConfigAnnotation("text"));
    expect(error.message).toBe(
      "failed to convert to apply proxy config: json: cannot unmarshal string into Go value of type map[string]json.RawMessage",
    );
  });

  it("refuses a status port of zero, and tells all faults", () => {
    expect(meshErrorOf(() => checkProxyConfigAnnotation("statusPort: 0")).message).toBe(
      "1 error occurred:\n\t* invalid status port: port number 0 must be in the range 1..65535\n\n",
    );
    expect(meshErrorOf(() => checkProxyConfigAnnotation("{statusPort: 0, configPath: ''}")).message).toBe(
      "2 errors occurred:\n\t* config path must be set\n\t* invalid status port: port number 0 must be in the range 1..65535\n\n",
    );
  });

  it("says the same of the same text again", () => {
    for (let i = 0; i < 3; i++) expect(annotationOverlay("statusPort: [")).toBeUndefined();
    for (let i = 0; i < 3; i++)
      expect(meshErrorOf(() => checkProxyConfigAnnotation("statusPort: [")).code).toBe("syntax");
  });
});
