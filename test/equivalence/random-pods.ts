import fc from "fast-check";
import {
  deprecatedAnnotations,
  inject,
  knownAnnotations,
  knownLabels,
  type Snapshot,
} from "../../src/injection/index.js";
import { isObject, type JsonObject, type JsonValue, setOwn } from "../../src/json/index.js";
import { type Random, randomText, type Temper, type TextKind } from "./random-texts.js";

/** Stands in the shape of a pod for a text of this kind. */
class Text {
  constructor(readonly kind: TextKind) {}
}

type Shape = Text | null | boolean | number | string | readonly Shape[] | { readonly [key: string]: Shape };

/** What a pod is made of, without its texts: pods of one shape tend to take the same path through a template. */
export interface PodShape {
  readonly pod: Shape;
  /** The pod came through the webhook before. */
  readonly again: boolean;
  readonly namespace: string;
  readonly pathVariables: boolean;
}

const text = (kind: TextKind) => fc.constant(new Text(kind));

/** The kinds of text of annotations whose values are not just any text. */
const kinds: Readonly<Record<string, TextKind>> = {
  "istio.io/reroute-virtual-interfaces": "devices",
  "prometheus.istio.io/merge-metrics": "bool",
  "proxy.istio.io/config": "config",
  "proxy.istio.io/overrides": "overrides",
  "readiness.status.sidecar.istio.io/applicationPorts": "outPorts",
  "readiness.status.sidecar.istio.io/failureThreshold": "number",
  "readiness.status.sidecar.istio.io/initialDelaySeconds": "number",
  "readiness.status.sidecar.istio.io/periodSeconds": "number",
  "sidecar.istio.io/agentLogLevel": "level",
  "sidecar.istio.io/bootstrapOverride": "word",
  "sidecar.istio.io/capNetBindService": "bool",
  "sidecar.istio.io/componentLogLevel": "level",
  "sidecar.istio.io/inject": "bool",
  "sidecar.istio.io/logLevel": "level",
  "sidecar.istio.io/nativeSidecar": "bool",
  "sidecar.istio.io/proxyCPU": "cpu",
  "sidecar.istio.io/proxyCPULimit": "cpu",
  "sidecar.istio.io/proxyImage": "image",
  "sidecar.istio.io/proxyImageType": "word",
  "sidecar.istio.io/proxyMemory": "memory",
  "sidecar.istio.io/proxyMemoryLimit": "memory",
  "sidecar.istio.io/rewriteAppHTTPProbers": "bool",
  "sidecar.istio.io/userVolume": "volume",
  "sidecar.istio.io/userVolumeMount": "mount",
  "status.sidecar.istio.io/port": "number",
  "traffic.sidecar.istio.io/excludeInboundPorts": "outPorts",
  "traffic.sidecar.istio.io/excludeInterfaces": "devices",
  "traffic.sidecar.istio.io/excludeOutboundIPRanges": "cidrs",
  "traffic.sidecar.istio.io/excludeOutboundPorts": "outPorts",
  "traffic.sidecar.istio.io/includeInboundPorts": "ports",
  "traffic.sidecar.istio.io/includeOutboundIPRanges": "cidrs",
  "traffic.sidecar.istio.io/includeOutboundPorts": "outPorts",
  "traffic.sidecar.istio.io/kubevirtInterfaces": "devices",
  "prometheus.io/scrape": "bool",
  "prometheus.io/port": "number",
  "prometheus.io/path": "path",
  "apm.datadoghq.com/env": "json",
  "k8s.v1.cni.cncf.io/networks": "word",
  "example.com/n": "number",
  "example.com/port": "word",
  "example.com/patch": "patch",
  "example.com/json": "json",
};
/** Those that are chosen in another way. */
const chosenElsewhere = new Set([
  "inject.istio.io/templates",
  "sidecar.istio.io/status",
  "sidecar.istio.io/interceptionMode",
]);
const annotationNames = [
  ...knownAnnotations.filter((name) => !chosenElsewhere.has(name)),
  ...Object.keys(kinds),
  ...Object.keys(deprecatedAnnotations),
  "sidecar.istio.io/proxyCpu",
  "resource.opentelemetry.io/service.version",
  "kubectl.kubernetes.io/default-container",
  "unknown",
];
const oddAnnotations = ["a", "b", "n", "json", "port", "patch"].map((name) => `example.com/${name}`);

function pick<T>(names: readonly string[], make: (name: string) => fc.Arbitrary<T>, most: number) {
  return fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: most })
    .chain((chosen) =>
      fc
        .tuple(...chosen.map(make))
        .map((all) => Object.fromEntries(chosen.map((name, at) => [name, all[at]]))),
    );
}

function some<T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight, arbitrary });
}

/** An object with those of its fields that came out. */
function object(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Shape> {
  return fc
    .record(fields)
    .map(
      (all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Shape,
    );
}

const port = fc.constantFrom(80, 443, 8080, 9090, 15020, 15021, 53);
const numberOrName = fc.oneof<fc.Arbitrary<Shape>[]>(port, text("word"));
const handler = fc.oneof(
  {
    weight: 3,
    arbitrary: object({
      httpGet: object({
        port: numberOrName,
        path: some(text("path"), 8),
        scheme: some(fc.constantFrom("HTTP", "HTTPS")),
      }),
    }),
  },
  { weight: 1, arbitrary: object({ tcpSocket: object({ port: numberOrName }) }) },
  { weight: 1, arbitrary: object({ grpc: object({ port, service: some(text("word")) }) }) },
  { weight: 1, arbitrary: object({ exec: object({ command: fc.array(text("text"), { maxLength: 2 }) }) }) },
);
const probe = fc
  .tuple(
    handler,
    object({ timeoutSeconds: some(fc.constantFrom(1, 5)), periodSeconds: some(fc.constantFrom(3)) }),
  )
  .map(([what, when]): Shape => ({ ...(what as object), ...(when as object) }));
const variable = object({
  name: text("name"),
  value: some(text("text"), 8),
  valueFrom: some(object({ fieldRef: object({ fieldPath: fc.constant("metadata.name") }) })),
});
const resources = object({
  limits: some(object({ cpu: text("cpu"), memory: some(text("memory")) }), 4),
  requests: some(object({ memory: text("memory") }), 4),
});
const container = object({
  name: fc.oneof(
    { weight: 12, arbitrary: text("name") },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Shape[]>("istio-proxy", "istio-init", "enable-core-dump", "twin", "zero"),
    },
  ),
  image: some(text("image"), 20),
  ports: some(
    fc.array(
      object({
        containerPort: port,
        name: some(text("word"), 4),
        protocol: some(fc.constantFrom("TCP", "UDP")),
      }),
      { maxLength: 3 },
    ),
    6,
  ),
  env: some(fc.array(variable, { maxLength: 4 }), 3),
  args: some(fc.array(text("text"), { maxLength: 2 })),
  workingDir: some(text("path")),
  resources: some(resources, 2),
  readinessProbe: some(probe, 2),
  livenessProbe: some(probe, 2),
  startupProbe: some(probe),
  lifecycle: some(object({ postStart: handler })),
  securityContext: some(object({ runAsUser: fc.constantFrom(0, 1000, 1337, 1000620000) })),
  volumeMounts: some(fc.array(object({ name: text("word"), mountPath: text("path") }), { maxLength: 2 })),
});
const count = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.constant(2) },
  { weight: 3, arbitrary: fc.nat({ max: 6 }) },
);
const containers = count.chain((length) => fc.array(container, { minLength: length, maxLength: length }));

const labelNames = [
  "app",
  "version",
  "app.kubernetes.io/name",
  "app.kubernetes.io/version",
  "pod-template-hash",
  "example.com/any",
];
const labels = fc.oneof(
  {
    weight: 4,
    arbitrary: pick(labelNames, (name) => text(name.endsWith("version") ? "version" : "name"), 3),
  },
  {
    weight: 1,
    arbitrary: pick(
      [...labelNames, ...knownLabels.filter((name) => name !== "sidecar.istio.io/inject")],
      () => text("name"),
      4,
    ),
  },
);
const annotations = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: pick(oddAnnotations, (name) => text(kinds[name] ?? "text"), 3) },
  { weight: 3, arbitrary: pick(annotationNames, (name) => text(kinds[name] ?? "text"), 4) },
  { weight: 1, arbitrary: pick(annotationNames, (name) => text(kinds[name] ?? "text"), 12) },
);
const owner = object({
  apiVersion: fc.constantFrom("apps/v1", "batch/v1", "v1"),
  kind: fc.constantFrom("ReplicaSet", "StatefulSet", "Job", "DaemonSet", "Odd"),
  name: text("name"),
  uid: fc.constant("1"),
  controller: fc.constant(true),
});

function pods(asked: readonly (string | undefined)[]): fc.Arbitrary<Shape> {
  const chosen = fc
    .record({
      templates: fc.constantFrom(...asked),
      mode: some(fc.constantFrom("REDIRECT", "TPROXY", "NONE")),
      others: annotations,
    })
    .map(({ templates, mode, others }) => ({
      ...others,
      ...(templates === undefined ? {} : { "inject.istio.io/templates": templates }),
      ...(mode === undefined ? {} : { "sidecar.istio.io/interceptionMode": mode }),
    }));
  const metadata = object({
    name: some(text("name"), 4),
    generateName: some(text("name"), 8),
    namespace: some(fc.constantFrom("shop", "default")),
    labels: some(labels, 12),
    annotations: chosen,
    ownerReferences: some(fc.array(owner, { minLength: 1, maxLength: 1 }), 6),
  });
  const spec = object({
    containers,
    initContainers: some(fc.array(container, { maxLength: 2 }), 2),
    nodeSelector: some(object({ disk: text("word") })),
    tolerations: some(
      fc.array(object({ key: text("word"), operator: fc.constant("Exists") }), { maxLength: 2 }),
    ),
    volumes: some(
      fc.array(object({ name: text("word"), configMap: some(object({ name: text("word") }), 4) }), {
        maxLength: 2,
      }),
    ),
    imagePullSecrets: some(fc.array(object({ name: text("word") }), { maxLength: 1 })),
    serviceAccountName: some(text("name")),
    nodeName: some(fc.constantFrom("old", "new")),
    hostNetwork: some(fc.constant(false)),
    terminationGracePeriodSeconds: some(fc.constantFrom(30)),
    securityContext: some(
      object({ runAsUser: fc.constantFrom(1000, 1337), fsGroup: some(fc.constantFrom(1337)) }),
    ),
    dnsConfig: some(object({ searches: fc.array(text("word"), { maxLength: 2 }) })),
    unknownField: some(text("text")),
  });
  return object({ apiVersion: fc.constant("v1"), kind: fc.constant("Pod"), metadata, spec });
}

/** Shapes of pods that ask for one of these lists of templates. */
export function podShapes(asked: readonly (string | undefined)[]): fc.Arbitrary<PodShape> {
  return fc.record({
    pod: pods(asked),
    again: fc.nat({ max: 9 }).map((chance) => chance === 0),
    namespace: fc.constantFrom("shop", "shop", "default", ""),
    pathVariables: fc.nat({ max: 9 }).map((chance) => chance === 0),
  });
}

/** A pod of a shape with texts in it. */
export function fillShape(shape: Shape, random: Random, temper: Temper): JsonValue {
  if (shape instanceof Text) return randomText(random, shape.kind, temper);
  if (Array.isArray(shape)) return shape.map((item) => fillShape(item, random, temper));
  if (typeof shape !== "object" || shape === null) return shape as JsonValue;
  const filled: JsonObject = {};
  for (const [key, value] of Object.entries(shape)) setOwn(filled, key, fillShape(value, random, temper));
  return filled;
}

/** The pod that an earlier injection made of this one, where it can be injected. */
export function injectedBefore(pod: JsonObject, namespace: string, slow: Snapshot): JsonObject {
  try {
    const before = inject(pod, { namespace, now: () => 0, random: () => 0.5 }, slow).pod;
    return isObject(before) ? before : pod;
  } catch {
    return pod;
  }
}
