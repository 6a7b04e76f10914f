import { describe, expect, it } from "vitest";
import {
  defaultMeshConfig,
  defaultProxyConfig,
  effectiveProxyConfig,
  loadMeshConfig,
  type MeshWarning,
  type ProxyConfigInput,
  type ProxyConfigResource,
  parseProxyConfigResource,
  protoJson,
  proxyConfigToJson,
} from "../../src/mesh/index.js";
import { meshErrorOf } from "./mesh-error-of.js";

type Tree = Parameters<typeof parseProxyConfigResource>[0];
interface ResourceOptions {
  readonly namespace?: string;
  readonly name?: string;
  readonly created?: string;
  readonly labels?: Record<string, string>;
}

function resource(spec: Tree, options: ResourceOptions = {}): ProxyConfigResource {
  const { namespace = "test-ns", name = "pc", created = "2026-01-01T00:00:00Z", labels = {} } = options;
  return parseProxyConfigResource({
    apiVersion: "networking.istio.io/v1beta1",
    kind: "ProxyConfig",
    metadata: { namespace, name, labels, creationTimestamp: created },
    spec,
  });
}

const root = { namespace: "istio-system" };
const forApp = (spec: Record<string, Tree>): Tree => ({
  selector: { matchLabels: { app: "test" } },
  ...spec,
});

function effective(input: Partial<ProxyConfigInput>): string {
  const defaults = {
    mesh: defaultMeshConfig(),
    podNamespace: "test-ns",
    podLabels: { app: "test", version: "v1" },
  };
  return proxyConfigToJson(effectiveProxyConfig({ ...defaults, ...input }));
}

const meshWith3 = loadMeshConfig({ defaultConfig: { concurrency: 3 } });

describe("the effective ProxyConfig", () => {
  it.each<[string, Partial<ProxyConfigInput>, string]>([
    ["the built-in default without anything else", {}, "{}"],
    ["the mesh's defaultConfig", { mesh: meshWith3 }, '{"concurrency":3}'],
    [
      "a resource of the root namespace over the mesh",
      { mesh: meshWith3, proxyConfigs: [resource({ concurrency: 4 }, root)] },
      '{"concurrency":4}',
    ],
    [
      "a resource of the pod's namespace over that of the root namespace",
      { proxyConfigs: [resource({ concurrency: 4 }, root), resource({ concurrency: 5 })] },
      '{"concurrency":5}',
    ],
    [
      "the annotation over both namespaces",
      {
        annotation: "concurrency: 6",
        proxyConfigs: [resource({ concurrency: 4 }, root), resource({ concurrency: 5 })],
      },
      '{"concurrency":6}',
    ],
    [
      "a resource that selects the pod over its annotation",
      {
        annotation: "concurrency: 6",
        proxyConfigs: [resource({ concurrency: 5 }), resource(forApp({ concurrency: 7 }))],
      },
      '{"concurrency":7}',
    ],
    [
      "the oldest of a kind only, without merging younger ones",
      {
        proxyConfigs: [
          resource(
            { concurrency: 1, image: { imageType: "debug" } },
            { created: "2026-01-02T00:00:00Z", name: "a" },
          ),
          resource({ concurrency: 2 }, { created: "2026-01-01T00:00:00Z", name: "b" }),
        ],
      },
      '{"concurrency":2}',
    ],
    [
      "nothing of other namespaces",
      {
        proxyConfigs: [
          resource({ concurrency: 1 }, { namespace: "other" }),
          resource(forApp({ concurrency: 2 }), { namespace: "other" }),
        ],
      },
      "{}",
    ],
    [
      "the name among resources of one age",
      {
        proxyConfigs: [
          resource({ concurrency: 1 }, { name: "b" }),
          resource({ concurrency: 2 }, { name: "a" }),
        ],
      },
      '{"concurrency":2}',
    ],
    [
      "nothing of a resource whose labels the pod has only in part",
      { proxyConfigs: [resource({ concurrency: 1, selector: { matchLabels: { app: "test", tier: "x" } } })] },
      "{}",
    ],
    [
      "nothing of a resource with an empty selector",
      { proxyConfigs: [resource({ concurrency: 1, selector: {} })] },
      "{}",
    ],
    [
      "a resource whose selector is null as one for the namespace",
      { proxyConfigs: [resource({ concurrency: 1, selector: null })] },
      '{"concurrency":1}',
    ],
    [
      "a selecting resource of the root namespace for pods there only",
      { proxyConfigs: [resource(forApp({ concurrency: 1 }), root)] },
      "{}",
    ],
    [
      "that resource for a pod of the root namespace",
      { podNamespace: "istio-system", proxyConfigs: [resource(forApp({ concurrency: 1 }), root)] },
      '{"concurrency":1}',
    ],
    [
      "resources of this revision and of none",
      {
        revision: "canary",
        proxyConfigs: [
          resource({ concurrency: 1 }, { name: "a", labels: { "istio.io/rev": "stable" } }),
          resource({ concurrency: 2 }, { name: "b", labels: { "istio.io/rev": "canary" } }),
        ],
      },
      '{"concurrency":2}',
    ],
    [
      "the revision `default` when there is no other",
      {
        revision: "",
        proxyConfigs: [resource({ concurrency: 2 }, { labels: { "istio.io/rev": "default" } })],
      },
      '{"concurrency":2}',
    ],
    [
      "environment variables by key and the image",
      {
        annotation: "proxyMetadata: {A: annotation, B: annotation}",
        proxyConfigs: [
          resource({ environmentVariables: { A: "root", C: "root" } }, root),
          resource(forApp({ environmentVariables: { B: "workload" }, image: { imageType: "distroless" } })),
        ],
      },
      '{"proxyMetadata":{"A":"annotation","B":"workload","C":"root"},"image":{"imageType":"distroless"}}',
    ],
    [
      "the root namespace that it is told",
      {
        rootNamespace: "infra",
        proxyConfigs: [
          resource({ concurrency: 4 }, root),
          resource({ concurrency: 5 }, { namespace: "infra" }),
        ],
      },
      '{"concurrency":5}',
    ],
    [
      "no annotation that cannot be read",
      { mesh: meshWith3, annotation: "concurrency: [" },
      '{"concurrency":3}',
    ],
    [
      "no annotation with a wrong type",
      { mesh: meshWith3, annotation: "concurrency: many" },
      '{"concurrency":3}',
    ],
    [
      "the built-in default without a mesh config",
      { mesh: undefined, annotation: "concurrency: 0" },
      '{"concurrency":0}',
    ],
  ])("is %s", (_name, input, want) => expect(effective(input)).toBe(want));

  it("replaces whole fields, but inherits headers and metadata by key", () => {
    const mesh = loadMeshConfig({
      defaultConfig: {
        tracing: { zipkin: { address: "zipkin:9411" }, sampling: 5 },
        extraStatTags: ["a"],
        proxyHeaders: {
          server: { value: "mesh" },
          requestId: { disabled: true },
          forwardedClientCert: "SANITIZE",
          preserveHttp1HeaderCase: true,
        },
      },
    });
    const annotation = JSON.stringify({
      tracing: { sampling: 6 },
      extraStatTags: ["b"],
      proxyHeaders: { server: { value: "pod" }, attemptCount: { disabled: true } },
    });
    expect(effective({ mesh, annotation })).toBe(
      '{"tracing":{"sampling":6},"extraStatTags":["b"],"proxyHeaders":{"forwardedClientCert":"SANITIZE","requestId":{"disabled":true},"server":{"value":"pod"},"attemptCount":{"disabled":true}}}',
    );
  });

  it("cannot be set back to a plain zero by a higher layer, but by a wrapper of zero it can", () => {
    const mesh = loadMeshConfig({
      defaultConfig: { interceptionMode: "TPROXY", concurrency: 3, holdApplicationUntilProxyStarts: true },
    });
    const annotation =
      "{interceptionMode: REDIRECT, statusPort: 0, concurrency: 0, holdApplicationUntilProxyStarts: false}";
    const config = effectiveProxyConfig({ mesh, annotation, podNamespace: "ns" });
    expect(config.enum("interceptionMode").name).toBe("TPROXY");
    expect(config.number("statusPort")).toBe(15020);
    expect(protoJson(config)).toContain('"concurrency":0');
    expect(protoJson(config)).toContain('"holdApplicationUntilProxyStarts":false');
  });

  it("replaces one member of a oneof with another", () => {
    const annotation = "tracingServiceName: CANONICAL_NAME_ONLY";
    const config = effectiveProxyConfig({ mesh: defaultMeshConfig(), annotation, podNamespace: "ns" });
    expect([config.has("serviceCluster"), config.enum("tracingServiceName").name]).toEqual([
      false,
      "CANONICAL_NAME_ONLY",
    ]);
  });

  it("is the mesh's own object when nothing lies over it", () => {
    const input = { mesh: meshWith3, podNamespace: "ns" };
    expect(effectiveProxyConfig(input)).toBe(meshWith3.message("defaultConfig"));
    expect(effectiveProxyConfig({ ...input, annotation: "" })).toBe(meshWith3.message("defaultConfig"));
    expect(effectiveProxyConfig({ mesh: undefined, podNamespace: "ns" })).toBe(defaultProxyConfig());
  });

  it("has the built-in default where the mesh sets a plain zero, since layers are laid over by their JSON", () => {
    const mesh = loadMeshConfig({ defaultConfig: { controlPlaneAuthPolicy: "NONE", statNameLength: 0 } });
    const config = effectiveProxyConfig({ mesh, podNamespace: "ns" });
    expect([config.enum("controlPlaneAuthPolicy").name, config.number("statNameLength")]).toEqual([
      "MUTUAL_TLS",
      189,
    ]);
    expect(effectiveProxyConfig({ mesh, podNamespace: "other" })).toBe(config);
  });

  it("does not take inherited properties for labels", () => {
    const selecting = resource({ concurrency: 1, selector: { matchLabels: { constructor: "x" } } });
    expect(effective({ podLabels: {}, proxyConfigs: [selecting] })).toBe("{}");
  });

  it("keeps no more of the annotations it has seen than it needs to answer right", () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 1; i <= 100; i++)
        expect(effective({ annotation: `concurrency: ${i}` })).toBe(`{"concurrency":${i}}`);
    }
    const long = `concurrency: 2\n#${"x".repeat(20_000)}`;
    expect(effective({ annotation: long })).toBe('{"concurrency":2}');
  });
});

describe("a ProxyConfig resource", () => {
  it("warns of what it does not know", () => {
    const warnings: MeshWarning[] = [];
    const tree = { apiVersion: "networking.istio.io/v1beta1", kind: "ProxyConfig", spec: { concurency: 1 } };
    parseProxyConfigResource(tree, warnings);
    expect(warnings.map((warning) => warning.path)).toEqual(["spec.concurency"]);
  });

  it.each<[string, Tree]>([
    ["its kind must be ProxyConfig", { apiVersion: "networking.istio.io/v1beta1", kind: "Gateway" }],
    ["its kind must be ProxyConfig", []],
    ["it must be networking.istio.io/v1beta1", { apiVersion: "v1", kind: "ProxyConfig" }],
  ])("is refused: %s", (message, tree) => {
    const error = meshErrorOf(() => parseProxyConfigResource(tree));
    expect([error.code, error.message]).toEqual(["resource", expect.stringContaining(message)]);
  });

  it("is refused with its name when a value has the wrong type", () => {
    const error = meshErrorOf(() => resource({ environmentVariables: { A: 1 } }));
    expect(error).toMatchObject({
      code: "type",
      source: "ProxyConfig test-ns/pc",
      path: "spec.environmentVariables.A",
    });
  });

  it("that does not say when it was made is the oldest", () => {
    const proxyConfigs = [
      resource({ concurrency: 1 }),
      resource({ concurrency: 2 }, { created: "", name: "z" }),
    ];
    expect(effective({ proxyConfigs })).toBe('{"concurrency":2}');
  });
});
