import { deprecatedAnnotations, knownAnnotations, knownLabels } from "../../../src/injection/index.js";
import type { JsonObject, JsonValue } from "../../../src/json/index.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { withMetadata } from "../make/drafts.js";
import { realPods, reviewBytes } from "../make/reviews.js";
import { mutated } from "../make/trees.js";
import { hostileText, hostileValue, jsonOf } from "../make/values.js";
import { type Attack, attack } from "../run/attack.js";
import { reviewWeapon } from "./reviews.js";

const annotationNames: readonly string[] = [
  ...knownAnnotations,
  ...Object.keys(deprecatedAnnotations),
  ...["prometheus.io/scrape", "prometheus.io/port", "prometheus.io/path", "prometheus.io.port"],
  ...["k8s.v1.cni.cncf.io/networks", "apm.datadoghq.com/env", "resource.opentelemetry.io/service.version"],
  ...["kubectl.kubernetes.io/default-container", "sidecar.istio.io/proxyCpu", "example.com/a", "__proto__"],
];
const labelNames = [...knownLabels, "app", "version", "app.kubernetes.io/name", "constructor"];

/** Annotations whose values are JSON or YAML, with one that is as it should be. */
const structured: readonly (readonly [name: string, value: JsonValue])[] = [
  [
    "sidecar.istio.io/status",
    {
      initContainers: ["istio-init"],
      containers: ["istio-proxy", "web"],
      volumes: ["workload-socket", "istio-envoy"],
      imagePullSecrets: ["pull"],
      revision: "default",
    },
  ],
  [
    "proxy.istio.io/overrides",
    {
      containers: [
        {
          name: "istio-proxy",
          image: "own:1",
          env: [{ name: "A", value: "b" }],
          resources: { limits: { cpu: "1" }, requests: { memory: "64Mi" } },
          volumeMounts: [{ name: "a", mountPath: "/a" }],
          securityContext: { runAsUser: 1337 },
        },
      ],
      initContainers: [{ name: "istio-init", args: ["istio-iptables", "-p", "15001"] }],
    },
  ],
  [
    "proxy.istio.io/config",
    {
      concurrency: 2,
      drainDuration: "45s",
      interceptionMode: "TPROXY",
      holdApplicationUntilProxyStarts: true,
      proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true", A: "b" },
      tracing: {
        sampling: 10,
        zipkin: { address: "zipkin:9411" },
        customTags: { a: { literal: { value: "b" } } },
      },
      proxyStatsMatcher: { inclusionRegexps: ["a.*"] },
      image: { imageType: "distroless" },
      readinessProbe: { httpGet: { path: "/", port: 80 } },
      gatewayTopology: { numTrustedProxies: 1 },
      runtimeValues: { a: "b" },
      statusPort: 15020,
      extraStatTags: ["a"],
      caCertificatesPem: ["x"],
    },
  ],
  [
    "sidecar.istio.io/userVolume",
    { cache: { emptyDir: { sizeLimit: "1Gi" } }, conf: { configMap: { name: "a" } } },
  ],
  [
    "sidecar.istio.io/userVolumeMount",
    { cache: { mountPath: "/a", readOnly: true }, conf: { mountPath: "/b" } },
  ],
  ["apm.datadoghq.com/env", { DD_ENV: "prod", DD_SERVICE: "web", DD_VERSION: "1" }],
  ["k8s.v1.cni.cncf.io/networks", [{ name: "a", namespace: "b" }]],
];
const templateNames = [
  "sidecar",
  "gateway",
  "grpc-agent",
  "grpc-simple",
  "custom",
  "extras",
  "",
  " ",
  "toString",
];

function anyAnnotations(random: Random): Readonly<Record<string, string>> {
  const count = 1 + Math.floor(random() ** 2 * 8);
  return Object.fromEntries(
    Array.from({ length: count }, () => [oneOf(random, annotationNames), hostileText(random)]),
  );
}

function structuredAnnotations(random: Random): Readonly<Record<string, string>> {
  const count = 1 + Math.floor(random() * 3);
  return Object.fromEntries(Array.from({ length: count }, () => structuredAnnotation(random)));
}

function structuredAnnotation(random: Random): readonly [string, string] {
  if (random() < 0.15) {
    const asked = Array.from({ length: 1 + Math.floor(random() * 6) }, () => oneOf(random, templateNames));
    return ["inject.istio.io/templates", asked.join(oneOf(random, [",", ", ", ",,"]))];
  }
  const [name, value] = oneOf(random, structured);
  const tree = random() < 0.1 ? hostileValue(random) : mutated(value, random, 4);
  return [name, random() < 0.8 ? jsonOf(tree) : yamlOf(tree, random)];
}

/** A text that is YAML and no JSON, or neither. */
function yamlOf(tree: JsonValue, random: Random): string {
  const lines = jsonOf(tree).replaceAll(/([{,])"([\w.]+)":/g, "$1 $2: ");
  const at = Math.floor(random() * lines.length);
  return (
    lines.slice(0, at) + oneOf(random, ["", "\n", "&a ", "*a", "!!str ", "# ", "'", "<<: "]) + lines.slice(at)
  );
}

function podWith(random: Random, annotations: Readonly<Record<string, string>>): JsonObject {
  const pod = withMetadata(oneOf(random, realPods), "annotations", annotations);
  if (random() < 0.8) return pod;
  return withMetadata(pod, "labels", { [oneOf(random, labelNames)]: hostileText(random) });
}

/** Annotations and labels, the words that a pod's author says to the injector. */
export const annotationAttacks: readonly Attack[] = [
  attack({
    name: "annotations: texts",
    share: 150,
    begin: () => reviewWeapon((random) => ({ body: reviewBytes(podWith(random, anyAnnotations(random))) })),
  }),
  attack({
    name: "annotations: status, overrides, config, templates",
    share: 150,
    begin: () =>
      reviewWeapon((random) => ({ body: reviewBytes(podWith(random, structuredAnnotations(random))) })),
  }),
];
