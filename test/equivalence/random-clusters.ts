import fc from "fast-check";
import type { JsonObject } from "../../src/json/index.js";

/** The namespaces that these objects and their pods are in. */
export const anyNamespace: fc.Arbitrary<string> = fc.constantFrom("shop", "default", "istio-system");

const proxyConfig = fc
  .record({
    name: fc.constantFrom("a", "b"),
    namespace: anyNamespace,
    created: fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
    spec: fc.record(
      {
        concurrency: fc.constantFrom(0, 1, 7),
        environmentVariables: fc.dictionary(
          fc.constantFrom("A", "B", "ISTIO_META_X"),
          fc.constantFrom("1", "x: y", "'"),
        ),
        image: fc.record({ imageType: fc.constantFrom("debug", "distroless", "") }),
        selector: fc.constantFrom({ matchLabels: { app: "a" } }, { matchLabels: {} }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ name, namespace, created, spec }) => ({
    apiVersion: "networking.istio.io/v1beta1",
    kind: "ProxyConfig",
    metadata: { name, namespace, creationTimestamp: created },
    spec,
  }));

const node = fc
  .record({
    name: fc.constantFrom("n1", "n2"),
    kubeletVersion: fc.constantFrom("v1.32.0", "v1.33.1", "v1.34.0"),
  })
  .map(({ name, kubeletVersion }) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: { nodeInfo: { kubeletVersion } },
  }));

const namespace = fc
  .record({
    name: anyNamespace,
    ids: fc.constantFrom("1000620000/10000", "5-9", "odd"),
    labels: fc.constantFrom({}, { "istio-injection": "disabled" }),
  })
  .map(({ name, ids, labels }) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels, annotations: { "openshift.io/sa.scc.uid-range": ids } },
  }));

/** An object of a cluster that injection looks at. There are few of each kind, so that one often takes another's place. */
export const clusterObjects: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 2, arbitrary: proxyConfig as fc.Arbitrary<JsonObject> },
  { weight: 1, arbitrary: node as fc.Arbitrary<JsonObject> },
  { weight: 1, arbitrary: namespace as fc.Arbitrary<JsonObject> },
);
