import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MeshError,
  type MeshWarning,
  Message,
  meshConfigSchema,
  messageSchema,
  messagesEqual,
  protoJson,
  proxyConfigSchema,
  readMessage,
} from "../../src/mesh/index.js";
import recorded from "./codec-cases.json" with { type: "json" };
import { meshErrorOf } from "./mesh-error-of.js";
import { sampleOf } from "./message-arbitrary.js";

interface CodecCase {
  readonly message: string;
  readonly input: string;
  readonly want?: string;
  readonly error?: string;
  readonly unknown?: string;
}

/** Recorded from github.com/golang/protobuf v1.5.4 jsonpb and istio.io/api v1.31.1: lenient result, strict error. */
const cases: readonly CodecCase[] = recorded;

function read(message: string, input: string, warnings: MeshWarning[] = []): Message {
  return readMessage(messageSchema(`istio.mesh.v1alpha1.${message}`), JSON.parse(input), { warnings });
}

describe("reading and writing protobuf JSON", () => {
  it("has the recorded cases", () => expect(cases.length).toBeGreaterThan(150));

  it.each(cases.filter((row) => row.want !== undefined))("reads $input as Go does", (row) => {
    const warnings: MeshWarning[] = [];
    expect(protoJson(read(row.message, row.input, warnings))).toBe(row.want);
    expect(warnings.map((warning) => warning.message)).toEqual(
      row.unknown === undefined ? [] : [row.unknown],
    );
  });

  it.each(cases.filter((row) => row.error !== undefined))("refuses $input in Go's words", (row) => {
    expect(meshErrorOf(() => read(row.message, row.input)).detail).toBe(row.error);
  });

  it("names the place of a wrong value", () => {
    const tree = { defaultConfig: { proxyMetadata: { FOO: 1 } } };
    const error = meshErrorOf(() => readMessage(meshConfigSchema, tree, { source: "mesh.yaml" }));
    expect(error).toMatchObject({
      code: "type",
      source: "mesh.yaml",
      path: "defaultConfig.proxyMetadata.FOO",
    });
    expect(error.message).toBe(
      "Cannot read mesh.yaml: defaultConfig.proxyMetadata.FOO: json: cannot unmarshal number into Go value of type string",
    );
  });

  it("names the place of unknown fields, each of them", () => {
    const warnings: MeshWarning[] = [];
    const tree = { nope: 1, extensionProviders: [{ name: "a", zipkin: { prot: 1 } }], ["__proto__"]: 1 };
    readMessage(meshConfigSchema, tree, { warnings });
    expect(warnings.map((warning) => warning.path)).toEqual([
      "extensionProviders[0].zipkin.prot",
      "nope",
      "__proto__",
    ]);
  });

  it("takes names that JavaScript has of its own as ordinary ones", () => {
    const input = '{"proxyMetadata":{"__proto__":"a","constructor":"b","toString":"c"}}';
    const message = read("ProxyConfig", input);
    expect(protoJson(message)).toBe(input);
    const warnings: MeshWarning[] = [];
    read("ProxyConfig", '{"constructor":{},"interceptionMode":"TPROXY"}', warnings);
    expect(warnings).toHaveLength(1);
  });

  it("refuses an enum's name that only JavaScript knows", () => {
    expect(meshErrorOf(() => read("ProxyConfig", '{"interceptionMode":"constructor"}')).code).toBe("type");
  });

  it("takes integers beyond a double's precision as they are", () => {
    const tree = {
      tracing: { stackdriver: { maxNumberOfAttributes: 9223372036854775807n }, sampling: 10n ** 18n },
    };
    expect(protoJson(readMessage(proxyConfigSchema, tree))).toBe(
      '{"tracing":{"stackdriver":{"maxNumberOfAttributes":"9223372036854775807"},"sampling":1000000000000000000}}',
    );
    for (const [name, goType] of Object.entries({
      statusPort: "int32",
      interceptionMode: "protoreflect.EnumNumber",
    })) {
      expect(meshErrorOf(() => readMessage(proxyConfigSchema, { [name]: 9223372036854775807n })).detail).toBe(
        `json: cannot unmarshal number 9223372036854775807 into Go value of type ${goType}`,
      );
    }
    expect(meshErrorOf(() => readMessage(proxyConfigSchema, { configPath: 10n ** 18n })).detail).toBe(
      "json: cannot unmarshal number into Go value of type string",
    );
  });

  it("sorts the keys of maps by their bytes, as Go does", () => {
    const input = '{"proxyMetadata":{"\u{1f600}":"1","\uffee":"2","a":"3","Z":"4"}}';
    expect(protoJson(read("ProxyConfig", input))).toBe(
      '{"proxyMetadata":{"Z":"4","a":"3","\uffee":"2","\u{1f600}":"1"}}',
    );
  });

  it.each([
    ['{"extraStatTags":["a"]}', '{"extraStatTags":[]}', "{}"],
    ['{"extraStatTags":["a"]}', '{"extraStatTags":["b"]}', '{"extraStatTags":["b"]}'],
    ['{"extraStatTags":["a"]}', '{"extraStatTags":null}', '{"extraStatTags":["a"]}'],
    ['{"proxyMetadata":{"a":"b"}}', '{"proxyMetadata":{}}', "{}"],
    ['{"proxyMetadata":{"a":"b"}}', '{"proxyMetadata":{"c":"d"}}', '{"proxyMetadata":{"c":"d"}}'],
    [
      '{"tracing":{"zipkin":{"address":"x"},"sampling":5}}',
      '{"tracing":{"sampling":6}}',
      '{"tracing":{"sampling":6}}',
    ],
    ['{"tracing":{"zipkin":{"address":"x"},"sampling":5}}', '{"tracing":{}}', '{"tracing":{}}'],
    ['{"tracing":{"sampling":5}}', '{"tracing":null}', '{"tracing":{"sampling":5}}'],
    ['{"statusPort":5}', '{"statusPort":0}', "{}"],
    ['{"concurrency":5}', '{"concurrency":null}', '{"concurrency":5}'],
    [
      '{"serviceCluster":"x"}',
      '{"tracingServiceName":0}',
      '{"tracingServiceName":"APP_LABEL_AND_NAMESPACE"}',
    ],
    ['{"serviceCluster":"x"}', '{"tracingServiceName":null}', '{"serviceCluster":"x"}'],
    ['{"serviceCluster":"x"}', '{"serviceCluster":""}', '{"serviceCluster":""}'],
    ['{"interceptionMode":"TPROXY"}', '{"interceptionMode":"REDIRECT"}', "{}"],
    ['{"drainDuration":"7s"}', '{"drainDuration":"0s"}', '{"drainDuration":"0s"}'],
    ['{"configPath":"a"}', "null", '{"configPath":"a"}'],
  ])("reads over a base as Go does: %s with %s is %s", (base, input, want) => {
    const message = readMessage(proxyConfigSchema, JSON.parse(input), { base: read("ProxyConfig", base) });
    expect(protoJson(message)).toBe(want);
  });

  it("refuses a structure that is nested beyond reason", () => {
    let labels: unknown = "leaf";
    for (let i = 0; i < 50_000; i++) labels = { x: labels };
    const tree = { extensionProviders: [{ name: "a", envoyOtelAls: { logFormat: { labels } } }] };
    const error: MeshError = meshErrorOf(() => readMessage(meshConfigSchema, tree as never));
    expect(error).toMatchObject({
      code: "depth",
      path: "extensionProviders[0].envoyOtelAls.logFormat.labels",
    });
  });

  it.each([proxyConfigSchema, meshConfigSchema])("reads back what it wrote: $name", (schema) => {
    fc.assert(
      fc.property(sampleOf(schema, 3), ({ message }) => {
        const warnings: MeshWarning[] = [];
        const text = protoJson(message);
        const again = readMessage(schema, JSON.parse(text), { warnings });
        expect(protoJson(again)).toBe(text);
        expect(messagesEqual(again, message)).toBe(true);
        expect(warnings).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("fails on no JSON at all except with a MeshError", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...proxyConfigSchema.fields), (value, field) => {
        try {
          const tree = JSON.parse(JSON.stringify({ [field.jsonName]: value }));
          expect(readMessage(proxyConfigSchema, tree)).toBeInstanceOf(Message);
        } catch (error) {
          expect(error).toMatchObject({ name: "MeshError" });
        }
      }),
    );
  });

  it.each(["tracingServiceName", "concurrency", "drainDuration", "configPath"])(
    "fails on objects that hide what objects inherit: %s",
    (field) => {
      for (const value of [{ toString: [] }, [{ toString: [] }], { valueOf: 1, toString: 2 }])
        expect(() => readMessage(proxyConfigSchema, { [field]: value })).toThrow(MeshError);
    },
  );
});
