import { deprecatedAnnotations, knownAnnotations, knownLabels } from "../../src/injection/index.js";
import { type JsonValue, setOwn } from "../../src/json/index.js";
import type { PodDraft } from "./pod-draft.js";

/** A place that a pod's author can write a text to. */
export interface Place {
  readonly name: string;
  readonly write: (draft: PodDraft, text: string) => void;
}

type Container = "container" | "proxy";

function annotation(name: string, value: (text: string) => string = (text) => text, as = ""): Place {
  return {
    name: `annotation ${name}${as === "" ? "" : `, ${as}`}`,
    write: ({ annotations }, text) => setOwn(annotations, name, value(text)),
  };
}

function label(name: string): Place {
  return { name: `label ${name}`, write: ({ labels }, text) => setOwn(labels, name, text) };
}

function field(part: "metadata" | "spec", key: string, value: (text: string) => JsonValue = (text) => text) {
  return {
    name: `${part}.${key}`,
    write: (draft: PodDraft, text: string) => setOwn(draft[part], key, value(text)),
  };
}

function ofContainer(part: Container, name: string, key: string, value: (text: string) => JsonValue): Place {
  return { name: `${part} ${name}`, write: (draft, text) => setOwn(draft[part], key, value(text)) };
}

/** Annotations that templates and finishing steps read, which are in no family of Istio's. */
const otherAnnotations: readonly string[] = [
  "prometheus.io/scrape",
  "prometheus.io/port",
  "prometheus.io/path",
  "prometheus.io.scrape",
  "k8s.v1.cni.cncf.io/networks",
  "kubectl.kubernetes.io/default-container",
  "kubectl.kubernetes.io/default-logs-container",
  "resource.opentelemetry.io/service.namespace",
  "resource.opentelemetry.io/service.version",
  "resource.opentelemetry.io/service.instance.id",
  "sidecar.istio.io/nobodyKnows",
  "nobody-knows.istio.io/any",
  "example.com/any",
];

const otherLabels: readonly string[] = [
  "app",
  "version",
  "app.kubernetes.io/name",
  "app.kubernetes.io/version",
  "pod-template-hash",
  "rollouts-pod-template-hash",
  "deploymentconfig",
  "example.com/any",
];

const known = [...new Set([...knownAnnotations, ...Object.keys(deprecatedAnnotations), ...otherAnnotations])];
const labels = [...new Set([...knownLabels, ...otherLabels])];

const keys: readonly Place[] = [
  { name: "an annotation's name", write: ({ annotations }, text) => setOwn(annotations, text, "x") },
  ...["sidecar.istio.io", "traffic.sidecar.istio.io", "prometheus.istio.io", "example.com"].map((family) => ({
    name: `an annotation's name in ${family}`,
    write: ({ annotations }: PodDraft, text: string) => setOwn(annotations, `${family}/${text}`, "x"),
  })),
  {
    name: "an annotation's name that ends in prometheus",
    write: ({ annotations }, text) => setOwn(annotations, `${text}prometheus.io/port`, "8080"),
  },
  { name: "a label's name", write: ({ labels: all }, text) => setOwn(all, text, "x") },
  {
    name: "a label's name in istio.io",
    write: ({ labels: all }, text) => setOwn(all, `sidecar.istio.io/${text}`, "x"),
  },
];

const json = (value: (text: string) => JsonValue) => (text: string) => JSON.stringify(value(text));

/** Fields of the annotation proxy.istio.io/config, whose YAML may be JSON. */
const proxyConfig: readonly (readonly [string, (text: string) => JsonValue])[] = [
  ["concurrency", (text) => ({ concurrency: text })],
  ["statNameLength", (text) => ({ statNameLength: text })],
  ["drainDuration", (text) => ({ drainDuration: text })],
  ["terminationDrainDuration", (text) => ({ terminationDrainDuration: text })],
  ["discoveryAddress", (text) => ({ discoveryAddress: text })],
  ["zipkinAddress", (text) => ({ zipkinAddress: text })],
  ["statsdUdpAddress", (text) => ({ statsdUdpAddress: text })],
  ["envoyMetricsService", (text) => ({ envoyMetricsService: { address: text } })],
  ["envoyAccessLogService", (text) => ({ envoyAccessLogService: { address: text } })],
  ["serviceCluster", (text) => ({ serviceCluster: text })],
  ["controlPlaneAuthPolicy", (text) => ({ controlPlaneAuthPolicy: text })],
  ["interceptionMode", (text) => ({ interceptionMode: text })],
  ["tracing.sampling", (text) => ({ tracing: { sampling: text } })],
  ["tracing.zipkin", (text) => ({ tracing: { zipkin: { address: text } } })],
  ["tracing.customTags", (text) => ({ tracing: { customTags: { [text]: { literal: { value: text } } } } })],
  [
    "tracing.tlsSettings",
    (text) => ({ tracing: { tlsSettings: { mode: "MUTUAL", clientCertificate: text } } }),
  ],
  ["proxyMetadata value", (text) => ({ proxyMetadata: { ISTIO_META_DNS_CAPTURE: text } })],
  ["proxyMetadata key", (text) => ({ proxyMetadata: { [text]: "x" } })],
  ["runtimeValues", (text) => ({ runtimeValues: { a: text } })],
  ["extraStatTags", (text) => ({ extraStatTags: [text] })],
  ["proxyStatsMatcher", (text) => ({ proxyStatsMatcher: { inclusionRegexps: [text] } })],
  ["readinessProbe", (text) => ({ readinessProbe: { httpGet: { path: text, port: 80 } } })],
  ["holdApplicationUntilProxyStarts", (text) => ({ holdApplicationUntilProxyStarts: text })],
  ["caCertificatesPem", (text) => ({ caCertificatesPem: [text] })],
  ["image.imageType", (text) => ({ image: { imageType: text } })],
  ["privateKeyProvider", (text) => ({ privateKeyProvider: { cryptomb: { pollDelay: text } } })],
  ["proxyHeaders", (text) => ({ proxyHeaders: { server: { value: text } } })],
  ["fileFlushMinSizeKb", (text) => ({ fileFlushMinSizeKb: text })],
  ["connectionSettings", (text) => ({ connectionSettings: { httpIdleTimeout: text } })],
  ["gatewayTopology", (text) => ({ gatewayTopology: { numTrustedProxies: text } })],
  ["an unknown field", (text) => ({ [text]: text })],
];

const structured: readonly Place[] = [
  ...proxyConfig.map(([as, value]) => annotation("proxy.istio.io/config", json(value), as)),
  annotation("proxy.istio.io/config", (text) => `concurrency: ${text}`, "a plain scalar"),
  annotation("proxy.istio.io/config", (text) => `concurrency: "${text}"`, "a quoted scalar"),
  annotation("proxy.istio.io/config", (text) => `proxyMetadata:\n  A: ${text}`, "a value of proxyMetadata"),
  annotation("proxy.istio.io/config", (text) => `proxyMetadata: {A: ${text}`, "flow"),
  ...overrides().map(([as, value]) =>
    annotation(
      "proxy.istio.io/overrides",
      json((text) => ({ containers: [value(text)] })),
      as,
    ),
  ),
  annotation(
    "sidecar.istio.io/status",
    json((text) => ({ containers: [text], revision: text })),
    "names",
  ),
  annotation(
    "sidecar.istio.io/userVolume",
    json((text) => ({ a: { emptyDir: { sizeLimit: text } } })),
    "sizeLimit",
  ),
  annotation(
    "sidecar.istio.io/userVolume",
    json((text) => ({ [text]: { emptyDir: {} } })),
    "name",
  ),
  annotation(
    "sidecar.istio.io/userVolumeMount",
    json((text) => ({ a: { mountPath: text } })),
    "mountPath",
  ),
  annotation(
    "k8s.v1.cni.cncf.io/networks",
    json((text) => [{ name: text }]),
    "a name in a list",
  ),
];

function overrides(): readonly (readonly [string, (text: string) => JsonValue])[] {
  const own = { name: "istio-proxy" };
  return [
    ["name", (text) => ({ name: text })],
    ["image", (text) => ({ ...own, image: text })],
    ["limits", (text) => ({ ...own, resources: { limits: { cpu: text } } })],
    ["args", (text) => ({ ...own, args: [text] })],
    ["env", (text) => ({ ...own, env: [{ name: text, value: text }] })],
  ];
}

const metadata: readonly Place[] = [
  ...["name", "generateName", "namespace", "uid", "resourceVersion", "creationTimestamp"].map((key) =>
    field("metadata", key),
  ),
  field("metadata", "finalizers", (text) => [text]),
  field("metadata", "managedFields", (text) => [{ manager: text, fieldsV1: { [`f:${text}`]: {} } }]),
  ...["name", "kind", "apiVersion", "uid"].map((key): Place => {
    const owner = { name: "web-5d4f7c", kind: "ReplicaSet", apiVersion: "apps/v1", controller: true };
    const write = (text: string): JsonValue => [{ ...owner, [key]: text }];
    return { ...field("metadata", "ownerReferences", write), name: `ownerReferences.${key}` };
  }),
  field("metadata", "nobodyKnows"),
];

const spec: readonly Place[] = [
  ...["serviceAccountName", "nodeName", "hostname", "subdomain", "schedulerName", "priorityClassName"].map(
    (key) => field("spec", key),
  ),
  ...["restartPolicy", "dnsPolicy", "runtimeClassName", "nobodyKnows"].map((key) => field("spec", key)),
  ...["hostNetwork", "terminationGracePeriodSeconds", "activeDeadlineSeconds"].map((key) =>
    field("spec", key),
  ),
  field("spec", "nodeSelector", (text) => ({ [text]: text })),
  field("spec", "tolerations", (text) => [{ key: text, value: text, effect: text, tolerationSeconds: 1 }]),
  field("spec", "imagePullSecrets", (text) => [{ name: text }]),
  field("spec", "overhead", (text) => ({ cpu: text })),
  field("spec", "securityContext", (text) => ({ sysctls: [{ name: text, value: text }], runAsUser: 1 })),
  field("spec", "dnsConfig", (text) => ({ searches: [text], options: [{ name: text, value: text }] })),
  field("spec", "hostAliases", (text) => [{ ip: text, hostnames: [text] }]),
  field("spec", "affinity", (text) => ({ nodeAffinity: { [text]: text } })),
  { name: "volume's name", write: ({ volumes }, text) => volumes.push({ name: text, emptyDir: {} }) },
  {
    name: "volume's sizeLimit",
    write: ({ volumes }, text) => volumes.push({ name: "a", emptyDir: { sizeLimit: text } }),
  },
  {
    name: "init container's name",
    write: ({ initContainers }, text) => initContainers.push({ name: text, image: text }),
  },
];

const probe = (key: string, value: (text: string) => JsonValue) =>
  [`${key} probe`, "livenessProbe", (text: string) => ({ [key]: value(text) })] as const;

const containerFields: readonly (readonly [string, string, (text: string) => JsonValue])[] = [
  ["name", "name", (text) => text],
  ["image", "image", (text) => text],
  ["command", "command", (text) => [text]],
  ["args", "args", (text) => [text]],
  ["workingDir", "workingDir", (text) => text],
  ["imagePullPolicy", "imagePullPolicy", (text) => text],
  ["terminationMessagePath", "terminationMessagePath", (text) => text],
  ["env name", "env", (text) => [{ name: text, value: "x" }]],
  ["env value", "env", (text) => [{ name: "A", value: text }]],
  ["env from a field", "env", (text) => [{ name: "A", valueFrom: { fieldRef: { fieldPath: text } } }]],
  ["env from a ConfigMap", "envFrom", (text) => [{ prefix: text, configMapRef: { name: text } }]],
  ["port name", "ports", (text) => [{ name: text, containerPort: 80 }]],
  ["port number as text", "ports", (text) => [{ name: "a", containerPort: text }]],
  ["protocol", "ports", (text) => [{ name: "a", containerPort: 80, protocol: text }]],
  ["limit", "resources", (text) => ({ limits: { cpu: text } })],
  ["request of a resource", "resources", (text) => ({ requests: { [text]: "1" } })],
  ["volume mount", "volumeMounts", (text) => [{ name: text, mountPath: text, subPath: text }]],
  ["security context", "securityContext", (text) => ({ capabilities: { add: [text] }, procMount: text })],
  ["lifecycle", "lifecycle", (text) => ({ preStop: { httpGet: { path: text, port: 80, host: text } } })],
  probe("httpGet", (text) => ({
    path: text,
    port: 8080,
    host: text,
    httpHeaders: [{ name: text, value: text }],
  })),
  ["httpGet probe at a port's name", "livenessProbe", (text) => ({ httpGet: { path: "/", port: text } })],
  ["httpGet probe's scheme", "startupProbe", (text) => ({ httpGet: { path: "/", port: 80, scheme: text } })],
  probe("tcpSocket", (text) => ({ port: text, host: text })),
  probe("grpc", (text) => ({ port: 80, service: text })),
  probe("exec", (text) => ({ command: [text] })),
  ["an unknown field", "nobodyKnows", (text) => ({ [text]: text })],
];

const container: readonly Place[] = (["container", "proxy"] as const).flatMap((part) =>
  containerFields
    .filter(([name]) => part === "container" || name !== "name")
    .map(([name, key, value]) => ofContainer(part, name, key, value)),
);

/** Every place that a pod's author can write a text to. */
export const places: readonly Place[] = [
  ...known.map((name) => annotation(name)),
  ...labels.map(label),
  ...keys,
  ...structured,
  ...metadata,
  ...spec,
  ...container,
];
