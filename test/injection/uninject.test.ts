import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, inject, type Snapshot, uninject } from "../../src/injection/index.js";
import { type JsonObject, type JsonValue, setOwn } from "../../src/json/index.js";

function snapshotOf(values: string, nativeSidecars: "true" | "false", mesh = "{}"): Snapshot {
  const tree = compileConfig({
    injectConfig: embeddedDefaults.injectConfig,
    values: embeddedDefaults.values,
  });
  const loose = structuredClone(tree.values.loose);
  for (const setting of values.split(",").filter((one) => one !== "")) {
    const [path = "", value = ""] = setting.split("=");
    let at: JsonObject = loose;
    const steps = path.split(".");
    for (const step of steps.slice(0, -1)) at = at[step] as JsonObject;
    at[steps.at(-1) ?? ""] = value === "true" ? true : value;
  }
  return compileConfig({
    injectConfig: embeddedDefaults.injectConfig,
    templates: embeddedDefaults.templates,
    values: loose,
    mesh: { text: mesh, source: "mesh" },
    nativeSidecars,
  });
}

const configurations: readonly (readonly [string, Snapshot])[] = [
  ["default", snapshotOf("", "false")],
  ["native", snapshotOf("", "true")],
  ["CNI", snapshotOf("pilot.cni.enabled=true", "false")],
  ["CNI and native", snapshotOf("pilot.cni.enabled=true", "true")],
  ["TPROXY", snapshotOf("", "true", "defaultConfig: {interceptionMode: TPROXY}")],
  ["network", snapshotOf("global.network=n1,global.multiCluster.clusterName=c1", "false")],
  ["no prometheus", snapshotOf("", "false", "enablePrometheusMerge: false")],
];
const plain = configurations[0]?.[1] ?? snapshotOf("", "false");

const name = fc
  .stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?$/)
  .filter((text) => !text.startsWith("istio") && text !== "enable-core-dump");
const handler: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .record({ path: fc.constantFrom("/", "/health"), port: fc.integer({ min: 1, max: 14_999 }) })
    .map((httpGet): JsonObject => ({ httpGet })),
  fc
    .record({
      path: fc.constant("/x"),
      port: fc.constant(443),
      scheme: fc.constant("HTTPS"),
      host: fc.constant("h"),
    })
    .map((httpGet): JsonObject => ({ httpGet })),
  fc.integer({ min: 1, max: 14_999 }).map((port): JsonObject => ({ tcpSocket: { port } })),
  fc.integer({ min: 1, max: 14_999 }).map((port): JsonObject => ({ grpc: { port } })),
  fc.constant<JsonObject>({ exec: { command: ["true"] } }),
);
const probe = fc
  .tuple(
    handler,
    fc.constantFrom<JsonObject>({}, { timeoutSeconds: 3 }, { periodSeconds: 5, failureThreshold: 2 }),
  )
  .map(([one, timing]) => ({ ...one, ...timing }));
const hook = handler.filter((one) => one.grpc === undefined);

function optional(fields: Record<string, fc.Arbitrary<JsonValue>>): fc.Arbitrary<JsonObject> {
  return fc.record(fields, { requiredKeys: [], noNullPrototype: true }).map((one): JsonObject => {
    const given: JsonObject = {};
    for (const [key, value] of Object.entries(one)) if (value !== undefined) given[key] = value;
    return given;
  });
}

const container: fc.Arbitrary<JsonObject> = fc
  .tuple(
    name,
    optional({
      args: fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 3 }),
      env: fc
        .uniqueArray(fc.constantFrom("A", "B", "C"), { minLength: 1 })
        .map((names) => names.map((one) => ({ name: one, value: "v" }))),
      ports: fc
        .uniqueArray(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 3 })
        .map((ports) => ports.map((containerPort) => ({ containerPort }))),
      readinessProbe: probe,
      livenessProbe: probe,
      startupProbe: probe,
      lifecycle: fc.record(
        { preStop: hook, postStart: hook },
        { requiredKeys: ["preStop"], noNullPrototype: true },
      ),
      securityContext: fc.record({ runAsUser: fc.integer({ min: 1, max: 9999 }) }, { noNullPrototype: true }),
      resources: fc.constant({ limits: { cpu: "500m" } }),
      somethingNew: fc.constant({ a: [1] }),
    }),
  )
  .map(([one, fields]) => ({ name: one, image: "example.com/i:1", ...fields }));

const annotations = fc.record(
  {
    "example.com/mine": fc.string({ maxLength: 10 }),
    "prometheus.io/scrape": fc.constantFrom("true", "false"),
    "prometheus.io/port": fc.constantFrom("9090", "8080"),
    "prometheus.io/path": fc.constantFrom("/metrics", "/m"),
    "sidecar.istio.io/logLevel": fc.constant("debug"),
    "proxy.istio.io/config": fc.constant("concurrency: 2\n"),
    "traffic.sidecar.istio.io/excludeInboundPorts": fc.constant("9999"),
    "sidecar.istio.io/interceptionMode": fc.constant("NONE"),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const labels = fc.record(
  {
    app: fc.constantFrom("web", "a-name-that-is-very-long-and-has-more-than-sixty-three-letters-in-it-x"),
    version: fc.constant("v2"),
    "sidecar.istio.io/inject": fc.constant("true"),
    "example.com/own": fc.constant("y"),
    "security.istio.io/tlsMode": fc.constant("disabled"),
    "service.istio.io/canonical-name": fc.constant("mine"),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Pods that set none of the facts that the manual lists as lost. */
const pod: fc.Arbitrary<JsonObject> = fc
  .record({
    labels,
    annotations,
    containers: fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: (one) => one.name }),
    initContainers: fc.uniqueArray(container, { maxLength: 2, selector: (one) => one.name }),
    volumes: fc.uniqueArray(name, { maxLength: 2 }),
    secrets: fc.uniqueArray(name, { maxLength: 2 }),
    extra: fc.constantFrom<JsonObject>(
      {},
      { securityContext: { fsGroup: 7 } },
      { nodeName: "n", tolerations: [{ key: "a" }] },
    ),
  })
  .map((one) => {
    const inits = one.initContainers.filter(
      (init) => !one.containers.some((other) => other.name === init.name),
    );
    const metadata: JsonObject = { name: "p", namespace: "shop" };
    if (Object.keys(one.labels).length > 0) metadata.labels = one.labels;
    if (Object.keys(one.annotations).length > 0) metadata.annotations = one.annotations;
    const spec: JsonObject = { containers: one.containers, ...one.extra };
    if (inits.length > 0) spec.initContainers = inits;
    if (one.volumes.length > 0) spec.volumes = one.volumes.map((volume) => ({ name: volume, emptyDir: {} }));
    if (one.secrets.length > 0) spec.imagePullSecrets = one.secrets.map((secret) => ({ name: secret }));
    return { apiVersion: "v1", kind: "Pod", metadata, spec };
  });

function injected(spec: JsonObject, metadata: JsonObject = {}, snapshot = plain): JsonObject {
  const original: JsonObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", ...metadata }, spec };
  return inject(original, {}, snapshot).pod;
}

describe("uninject", () => {
  it.each(configurations)("takes back every byte of meaning: %s", (_name, snapshot) => {
    fc.assert(
      fc.property(pod, (original) => {
        const result = inject(original, {}, snapshot);
        fc.pre(result.decision === "inject");
        expect(uninject(result.pod, { snapshot }).pod).toEqual(original);
      }),
      { numRuns: 60 },
    );
  });

  it("needs no configuration for pods that the built-in one has injected", () => {
    fc.assert(
      fc.property(pod, (original) => {
        const result = inject(original, {}, plain);
        fc.pre(result.decision === "inject");
        expect(uninject(result.pod).pod).toEqual(original);
      }),
      { numRuns: 60 },
    );
  });

  it("leaves a pod that was not injected alone, the very object", () => {
    const original = {
      metadata: { annotations: { a: "b" } },
      spec: { containers: [{ name: "istio-proxy" }] },
    };
    const result = uninject(original, { snapshot: plain });
    expect(result).toEqual({ wasInjected: false, pod: original, warnings: [] });
    expect(result.pod).toBe(original);
  });

  it("gives back the user's own settings of the sidecar", () => {
    const own = { name: "istio-proxy", image: "auto", resources: { requests: { cpu: "1" } } };
    const spec = { containers: [{ name: "app", image: "a" }, own] };
    for (const [, snapshot] of configurations.slice(0, 2)) {
      expect(uninject(injected(spec, {}, snapshot), { snapshot }).pod.spec).toEqual(spec);
    }
  });

  it("gives back the containers of a pod with proxyless gRPC", () => {
    const spec = { containers: [{ name: "app", image: "a", env: [{ name: "X", value: "y" }] }] };
    for (const template of ["grpc-agent", "grpc-simple"]) {
      const pod = injected(spec, { annotations: { "inject.istio.io/templates": template } });
      expect(uninject(pod, { snapshot: plain }).pod).toEqual({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", annotations: { "inject.istio.io/templates": template } },
        spec,
      });
    }
  });

  it("takes the sysctl of a gateway out of the pod's security context", () => {
    const spec = { containers: [{ name: "istio-proxy", image: "auto" }], securityContext: { fsGroup: 1 } };
    const pod = injected(spec, { annotations: { "inject.istio.io/templates": "gateway" } });
    expect(uninject(pod, { snapshot: plain }).pod.spec).toEqual(spec);
  });

  it("warns of a probe that is recorded nowhere, and leaves it", () => {
    const spec = {
      containers: [{ name: "app", image: "a", readinessProbe: { httpGet: { path: "/", port: "none" } } }],
    };
    const { pod, warnings } = uninject(injected(spec), { snapshot: plain });
    expect(JSON.stringify(pod.spec)).toContain("/app-health/app/readyz");
    expect(warnings.map(({ message }) => message)).toEqual([
      "readinessProbe of container app: the original is recorded nowhere, so it stays rewritten",
    ]);
  });

  it("keeps what the given configuration would not have added, and says so", () => {
    const network = configurations.find(([one]) => one === "network")?.[1] ?? plain;
    const pod = injected({ containers: [{ name: "app", image: "a" }] }, {}, network);
    const result = uninject(pod, { snapshot: plain });
    expect(JSON.stringify(result.pod.metadata)).toContain('"topology.istio.io/network":"n1"');
    expect(result.warnings.map(({ message }) => message)).toEqual([
      "topology.istio.io/network: kept, because this configuration does not add it",
    ]);
    expect(uninject(pod, { snapshot: network }).warnings).toEqual([]);
  });

  it("says when the records of injection cannot be read", () => {
    const pod = {
      metadata: { annotations: { "sidecar.istio.io/status": "{", "proxy.istio.io/overrides": "[" } },
      spec: { containers: [{ name: "a" }] },
    };
    const { warnings } = uninject(pod);
    expect(warnings.map(({ message }) => message.split(":")[0])).toEqual([
      "sidecar.istio.io/status",
      "proxy.istio.io/overrides",
    ]);
  });

  it("never throws and never changes its input, whatever a pod holds", () => {
    const junk = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
    const keys = fc.constantFrom(
      "sidecar.istio.io/status",
      "proxy.istio.io/overrides",
      "prometheus.io/path",
      "__proto__",
    );
    fc.assert(
      fc.property(
        junk,
        junk,
        fc.array(fc.tuple(keys, fc.oneof(fc.string(), fc.json()))),
        (spec, extra, entries) => {
          const map: JsonObject = {};
          for (const [key, value] of entries) setOwn(map, key, value);
          const pod = { metadata: { annotations: map, extra }, spec };
          const before = JSON.stringify(pod);
          uninject(pod, { snapshot: plain });
          expect(JSON.stringify(pod)).toBe(before);
        },
      ),
    );
  });
});
