import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, InjectionError, inject } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { apply } from "../../src/jsonpatch/index.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const snapshots = ["true", "false"].map((nativeSidecars) =>
  compileConfig({
    injectConfig,
    values,
    mesh,
    templates,
    nativeSidecars: nativeSidecars === "true" ? "true" : "false",
  }),
);

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const oddKey = fc.oneof(name, fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty"));
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("{{ .Values }}", 'a"b', "a: b", "- x\n- y", "$(X)"),
);

const handler = fc.oneof(
  fc.record({
    httpGet: fc.record(
      {
        port: fc.oneof(fc.integer({ min: 1, max: 65535 }), name),
        path: text,
        scheme: fc.constantFrom("HTTP", "HTTPS"),
      },
      { requiredKeys: ["port"] },
    ),
  }),
  fc.record({ tcpSocket: fc.record({ port: fc.oneof(fc.integer({ min: 1, max: 65535 }), name) }) }),
  fc.record({ grpc: fc.record({ port: fc.integer({ min: 1, max: 65535 }) }) }),
  fc.record({ exec: fc.record({ command: fc.array(text, { maxLength: 2 }) }) }),
);
const probe = fc
  .tuple(handler, fc.record({ timeoutSeconds: fc.integer({ min: 0, max: 9 }) }, { requiredKeys: [] }))
  .map(([what, when]) => ({ ...what, ...when }));
const container = fc.record(
  {
    name: fc.oneof(
      { weight: 4, arbitrary: name },
      { weight: 1, arbitrary: fc.constantFrom("istio-proxy", "istio-init", "enable-core-dump") },
    ),
    image: fc.oneof(text, fc.constant("auto")),
    env: fc.uniqueArray(fc.record({ name, value: text }), { selector: (one) => one.name, maxLength: 3 }),
    ports: fc.uniqueArray(
      fc.record(
        { containerPort: fc.integer({ min: 1, max: 65535 }), name },
        { requiredKeys: ["containerPort"] },
      ),
      { selector: (one) => one.containerPort, maxLength: 2 },
    ),
    livenessProbe: probe,
    readinessProbe: probe,
    unknownField: fc.dictionary(oddKey, text, { maxKeys: 2 }),
  },
  { requiredKeys: ["name"] },
);
const annotationEntry = fc.oneof(
  fc.tuple(oddKey, text),
  fc.tuple(
    fc.constantFrom(
      "prometheus.io/scrape",
      "prometheus.io/port",
      "prometheus.io.path",
      "sidecar.istio.io/nativeSidecar",
      "sidecar.istio.io/rewriteAppHTTPProbers",
      "proxy.istio.io/config",
      "sidecar.istio.io/userVolume",
      "inject.istio.io/templates",
      "proxy.istio.io/overrides",
      "sidecar.istio.io/status",
      "sidecar.istio.io/logLevel",
      "sidecar.istio.io/proxyImage",
    ),
    fc.oneof(
      text,
      fc.constantFrom(
        "true",
        "false",
        "8080",
        "{}",
        '{"a":{"emptyDir":{}}}',
        "concurrency: 2",
        "gateway",
        "sidecar",
        "grpc-agent",
      ),
    ),
  ),
);
const pod = fc.record({
  metadata: fc.record(
    {
      name,
      namespace: name,
      labels: fc.dictionary(oddKey, text, { maxKeys: 3, noNullPrototype: true }),
      annotations: fc
        .array(annotationEntry, { maxLength: 4 })
        .map((entries) =>
          JSON.parse(
            `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`,
          ),
        ),
    },
    { requiredKeys: [] },
  ),
  spec: fc.record(
    {
      containers: fc.uniqueArray(container, { selector: (one) => one.name, minLength: 1, maxLength: 3 }),
      initContainers: fc.uniqueArray(container, { selector: (one) => one.name, maxLength: 2 }),
      futureField: fc.dictionary(oddKey, text, { maxKeys: 2 }),
    },
    { requiredKeys: ["containers"] },
  ),
});
/**
 * Kubernetes wants names unique over both lists, and an init container that goes on running must say so. The status is
 * injection's to write: one that a user made up says that the pod's own containers are not the user's.
 */
const validPod = pod.map(({ metadata, spec: { initContainers = [], ...spec } }) => {
  const taken = new Set(spec.containers.map((one) => one.name));
  const init = initContainers
    .filter((one) => !taken.has(one.name))
    .map((one) => (one.name === "istio-proxy" ? { ...one, restartPolicy: "Always" } : one));
  const annotations = { ...metadata.annotations };
  delete annotations["sidecar.istio.io/status"];
  // Template and injector read an odd value differently (5.6), which makes two proxies as in Istio.
  const native = "sidecar.istio.io/nativeSidecar";
  if (annotations[native] !== "true") delete annotations[native];
  return {
    metadata: { ...metadata, annotations },
    spec: init.length > 0 ? { ...spec, initContainers: init } : spec,
  };
});

const asTree = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value));

/** The result, or undefined when the pod is refused in a proper way. */
function tryInject(tree: JsonObject, snapshot: (typeof snapshots)[number]) {
  try {
    return inject(tree, { namespace: "test" }, snapshot);
  } catch (error) {
    expect(error).toBeInstanceOf(InjectionError);
    expect(error).not.toMatchObject({ code: "internal" });
    return undefined;
  }
}

describe.each([0, 1])("injection of any pod (configuration %i)", (index) => {
  const snapshot = snapshots[index];
  if (snapshot === undefined) throw new Error("no such configuration");

  it("never changes its input, and throws nothing but its own errors", () => {
    fc.assert(
      fc.property(pod, (value) => {
        const tree = asTree(value);
        const before = JSON.stringify(tree);
        tryInject(tree, snapshot);
        expect(JSON.stringify(tree)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  it("gives a patch that makes the result of the input", () => {
    fc.assert(
      fc.property(pod, (value) => {
        const tree = asTree(value);
        const result = tryInject(tree, snapshot);
        if (result === undefined) return;
        const patched = apply(tree, result.patch);
        expect(patched).toEqual(result.pod);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps every field that it does not know", () => {
    fc.assert(
      fc.property(pod, (value) => {
        const tree = asTree(value);
        const result = tryInject(tree, snapshot);
        if (result === undefined) return;
        const [before, after] = [tree, result.pod].map((one) => one.spec as Record<string, unknown>);
        expect(after?.futureField).toEqual(before?.futureField);
      }),
      { numRuns: 300 },
    );
  });

  it("changes nothing when it is done twice", () => {
    fc.assert(
      fc.property(validPod, (value) => {
        const once = tryInject(asTree(value), snapshot);
        if (once === undefined) return;
        const twice = tryInject(once.pod, snapshot);
        expect(twice?.pod).toEqual(once.pod);
      }),
      { numRuns: 300 },
    );
  });
});
