import type { JsonObject, JsonValue } from "../../src/json/index.js";
import { reviewOf } from "../support/admission-review.js";

/** A kind of pod that costs an injector more than it costs its author. */
export interface HostileKind {
  /** Where a pod's author writes, and what. */
  readonly name: string;
  /** The pod with so many of what makes it hostile. */
  pod(count: number): JsonObject;
}

/** The largest body that an API server of default settings takes, and so the largest pod that a webhook can be asked about. */
export const largestPod = 3 * 1024 * 1024;

/** The review of the largest pod of a kind whose body has at most so many bytes. */
export function hostileReview(kind: HostileKind, bytes: number): string {
  let count = 1;
  let text = reviewOf(kind.pod(count));
  for (;;) {
    const larger = reviewOf(kind.pod(count * 2));
    if (Buffer.byteLength(larger) > bytes) break;
    count *= 2;
    text = larger;
  }
  // What is left is filled by halves of what was added last.
  for (let step = count >> 1; step > 0 && step >= count >> 4; step >>= 1) {
    const larger = reviewOf(kind.pod(count + step));
    if (Buffer.byteLength(larger) > bytes) continue;
    count += step;
    text = larger;
  }
  return text;
}

/** Every kind, in no order. */
export function hostileKinds(): readonly HostileKind[] {
  return [...annotationKinds, ...metadataKinds, ...containerKinds, ...specKinds, ...shapeKinds];
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function map(count: number, key: (index: number) => string, value: (index: number) => JsonValue): JsonObject {
  return Object.fromEntries(many(count, (index) => [key(index), value(index)]));
}

function pod(metadata: JsonObject, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "cart", labels: { app: "cart" }, ...metadata },
    spec: { containers: [{ name: "cart", image: "registry.example/cart:1" }], ...spec },
  };
}

/** A kind of which the annotations grow. */
function annotated(
  name: string,
  annotations: (count: number) => JsonObject,
  spec: JsonObject = {},
): HostileKind {
  return { name, pod: (count) => pod({ annotations: annotations(count) }, spec) };
}

/** A kind of which the spec grows. */
function specified(
  name: string,
  spec: (count: number) => JsonObject,
  annotations: (count: number) => JsonObject = () => ({}),
): HostileKind {
  return { name, pod: (count) => pod({ annotations: annotations(count) }, spec(count)) };
}

const templates = (list: string) => ({ "inject.istio.io/templates": list });
const status = (lists: JsonObject) => ({ "sidecar.istio.io/status": JSON.stringify(lists) });
const overrides = (lists: JsonObject) => ({ "proxy.istio.io/overrides": JSON.stringify(lists) });
const config = (settings: JsonValue) => ({ "proxy.istio.io/config": JSON.stringify(settings) });
const named = (count: number, prefix = "c"): JsonObject[] =>
  many(count, (index) => ({ name: `${prefix}${index}` }));
const names = (count: number, prefix = "c"): string[] => many(count, (index) => `${prefix}${index}`);
const variables = (count: number): JsonObject[] =>
  many(count, (index) => ({ name: `V${index}`, value: `${index}` }));
const probes = (port: JsonValue): JsonObject => ({
  readinessProbe: { httpGet: { path: "/", port } },
  livenessProbe: { tcpSocket: { port } },
  startupProbe: { grpc: { port: 9 } },
  lifecycle: { preStop: { httpGet: { path: "/", port } } },
});

const annotationKinds: readonly HostileKind[] = [
  annotated("annotations in the injector's family that nobody knows", (count) =>
    map(
      count,
      (index) => `sidecar.istio.io/proxyCP${index}`,
      () => "",
    ),
  ),
  annotated("annotations in the injector's family with names as long as are looked at", (count) =>
    map(
      count,
      (index) => `traffic.sidecar.istio.io/${String(index).padStart(100, "excludeOutboundPorts")}`,
      () => "",
    ),
  ),
  annotated("annotations in families that nobody knows", (count) =>
    map(
      count,
      (index) => `f${index}.istio.io/rev`,
      () => "",
    ),
  ),
  annotated("annotations of no family", (count) =>
    map(
      count,
      (index) => `a${index}`,
      () => "",
    ),
  ),
  annotated("annotations with quotes", (count) =>
    map(
      count,
      (index) => `a${index}`,
      () => '"',
    ),
  ),
  annotated("annotations that hold JSON", (count) =>
    map(
      count,
      (index) => `a${index}`,
      () => '{"a":1}',
    ),
  ),
  annotated("annotations that Prometheus spells as its own", (count) =>
    map(
      count,
      (index) => `prometheus${String.fromCodePoint(0x4e00 + (index % 20_000))}io${spelling(index)}port`,
      (index) => String(index),
    ),
  ),
  annotated("scrape targets", (count) => ({
    "prometheus.istio.io/scrape-targets": many(count, (index) => `${1024 + (index % 9999)}`).join(),
  })),
  annotated("templates asked for: one that is known", (count) =>
    templates(many(count, () => "sidecar").join()),
  ),
  annotated("templates asked for: several that are known", (count) =>
    templates(many(count, (index) => ["grpc-agent", "sidecar", "gateway", "grpc-simple"][index % 4]).join()),
  ),
  annotated("templates asked for: nobody knows them", (count) =>
    templates(many(count, (index) => `sidecar${index}`).join()),
  ),
  annotated("templates asked for: a name without end", (count) => templates("s".repeat(count))),
  annotated("proxyMetadata", (count) =>
    config({
      proxyMetadata: map(
        count,
        (index) => `K${index}`,
        (index) => `${index}`,
      ),
    }),
  ),
  annotated("proxyMetadata in YAML", (count) => ({
    "proxy.istio.io/config": `proxyMetadata:\n${many(count, (index) => `  K${index}: "${index}"\n`).join("")}`,
  })),
  annotated("proxyMetadata with texts that need escapes", (count) =>
    config({
      proxyMetadata: map(
        count,
        (index) => `K${index}`,
        () => "'\"\n\u0085",
      ),
    }),
  ),
  annotated("proxyMetadata with one long text", (count) =>
    config({ proxyMetadata: { K: "x\n".repeat(count) } }),
  ),
  annotated(
    "proxyMetadata that turns the proxy's variables around",
    (count) => config({ proxyMetadata: map(count, (index) => `V${index}`, String) }),
    {
      containers: [{ name: "cart" }, { name: "istio-proxy", image: "auto", env: variables(2000).reverse() }],
    },
  ),
  annotated("settings of the proxy that nobody knows", (count) =>
    config(map(count, (index) => `unknown${index}`, String)),
  ),
  annotated("settings of the proxy: tags", (count) =>
    config({
      tracing: {
        customTags: map(
          count,
          (index) => `t${index}`,
          () => ({ literal: { value: "x" } }),
        ),
      },
    }),
  ),
  annotated("settings of the proxy: a list", (count) =>
    config({ extraStatTags: many(count, (index) => `tag_${index}`) }),
  ),
  annotated("settings of the proxy: a list with faults", (count) =>
    config({ proxyStatsMatcher: { inclusionRegexps: many(count, () => "(") } }),
  ),
  annotated("settings of the proxy: deep", (count) => ({
    "proxy.istio.io/config": "[".repeat(count) + "]".repeat(count),
  })),
  annotated("settings of the proxy: aliases", (count) => ({
    "proxy.istio.io/config": `a: &a [x, x]\nb: [${many(count, () => "*a").join()}]`,
  })),
  annotated("settings of the proxy: the same key again and again", (count) => ({
    "proxy.istio.io/config": many(count, () => "concurrency: 1\n").join(""),
  })),
  annotated("a status that lists containers", (count) => status({ containers: names(count) })),
  annotated("a status that lists volumes", (count) => status({ volumes: names(count) })),
  annotated("overrides of containers", (count) => overrides({ containers: named(count) })),
  annotated("overrides of one init container", (count) =>
    overrides({ initContainers: many(count, () => ({ name: "istio-proxy" })) }),
  ),
  annotated("overrides of the proxy's variables", (count) =>
    overrides({ containers: [{ name: "istio-proxy", env: variables(count) }] }),
  ),
  annotated("overrides of amounts", (count) =>
    overrides({
      containers: [
        { name: "istio-proxy", resources: { limits: map(count, (index) => `r${index}`, String) } },
      ],
    }),
  ),
  annotated("volumes asked for", (count) => ({
    "sidecar.istio.io/userVolume": JSON.stringify(
      map(
        count,
        (index) => `v${index}`,
        () => ({ emptyDir: {} }),
      ),
    ),
  })),
  annotated(
    "volumes asked for, of which the pod has many in another order",
    (count) => ({
      "sidecar.istio.io/userVolume": JSON.stringify(
        map(
          count,
          (index) => `v${String(index).padStart(7, "0")}`,
          () => ({ emptyDir: {} }),
        ),
      ),
    }),
    { volumes: many(10_000, (index) => ({ name: `v${String(9_999 - index).padStart(7, "0")}` })) },
  ),
  annotated("mounts asked for", (count) => ({
    "sidecar.istio.io/userVolumeMount": JSON.stringify(
      map(
        count,
        (index) => `v${index}`,
        (index) => ({ mountPath: `/v${index}` }),
      ),
    ),
  })),
  annotated("mounts of one path asked for", (count) => ({
    "sidecar.istio.io/userVolumeMount": JSON.stringify(
      map(
        count,
        (index) => `v${index}`,
        () => ({ mountPath: "/v" }),
      ),
    ),
  })),
  annotated("ranges", (count) => ({
    "traffic.sidecar.istio.io/includeOutboundIPRanges": many(count, () => "10.0.0.0/8").join(),
  })),
  annotated("ranges of version 6", (count) => ({
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": many(count, () => "::1/128").join(),
  })),
  annotated("ranges that are none", (count) => ({
    "traffic.sidecar.istio.io/includeOutboundIPRanges": "1".repeat(count),
  })),
  annotated("ports", (count) => ({
    "traffic.sidecar.istio.io/excludeInboundPorts": many(count, (index) => index % 65_536).join(),
  })),
  annotated("ports of which the last is none", (count) => ({
    "traffic.sidecar.istio.io/excludeOutboundPorts": `${many(count, () => "1").join()},x`,
  })),
  annotated("interfaces", (count) => ({
    "istio.io/reroute-virtual-interfaces": many(count, (index) => `e${index}`).join(),
    "traffic.sidecar.istio.io/excludeInterfaces": many(count, (index) => `e/${index}`).join(),
  })),
  annotated("amounts", (count) => ({ "sidecar.istio.io/proxyCPU": `${"0".repeat(count)}x` })),
  annotated("amounts of many digits", (count) => ({ "sidecar.istio.io/proxyMemory": "9".repeat(count) })),
  annotated("a log level without end", (count) => ({
    "sidecar.istio.io/componentLogLevel": "a:b,".repeat(count),
  })),
  annotated("a log level of line breaks", (count) => ({ "sidecar.istio.io/logLevel": "\n".repeat(count) })),
  annotated("networks", (count) => ({
    "k8s.v1.cni.cncf.io/networks": many(count, (index) => `n${index}`).join(),
  })),
  annotated("a name of the image", (count) => ({ "sidecar.istio.io/proxyImage": "a/".repeat(count) })),
  annotated("an odd word on injection", (count) => ({ "sidecar.istio.io/inject": "yes".repeat(count) })),
];

/** Something that is no letter, digit or underscore. */
function spelling(index: number): string {
  return String.fromCodePoint(0x5000 + Math.floor(index / 20_000));
}

const metadataKinds: readonly HostileKind[] = [
  {
    name: "labels in the injector's family that nobody knows",
    pod: (count) =>
      pod({
        labels: map(
          count,
          (index) => `sidecar.istio.io/injec${index}`,
          () => "",
        ),
      }),
  },
  {
    name: "labels of no family",
    pod: (count) =>
      pod({
        labels: map(
          count,
          (index) => `l${index}`,
          () => "x",
        ),
      }),
  },
  {
    name: "labels with quotes",
    pod: (count) =>
      pod({
        labels: map(
          count,
          (index) => `l${index}`,
          () => "'",
        ),
      }),
  },
  { name: "a label without end", pod: (count) => pod({ labels: { app: "-".repeat(count) } }) },
  { name: "a name without end", pod: (count) => pod({ name: "a".repeat(count) }) },
  {
    name: "owners",
    pod: (count) =>
      pod({
        generateName: "cart-",
        ownerReferences: many(count, (index) => ({
          kind: "Job",
          name: `o${index}`,
          apiVersion: "v1",
          uid: "",
        })),
      }),
  },
  {
    name: "an owner's name without end",
    pod: (count) =>
      pod({
        generateName: "cart-",
        ownerReferences: [
          { kind: "Job", name: `${"-1".repeat(count)}x`, apiVersion: "v1", controller: true },
        ],
      }),
  },
  { name: "finalizers", pod: (count) => pod({ finalizers: names(count) }) },
  {
    name: "managed fields",
    pod: (count) =>
      pod({
        managedFields: [
          {
            fieldsV1: map(
              count,
              (index) => `f:${index}`,
              () => ({ ".": {} }),
            ),
          },
        ],
      }),
  },
];

const containerKinds: readonly HostileKind[] = [
  specified("containers", (count) => ({ containers: named(count) })),
  specified("containers without names", (count) => ({ containers: many(count, () => ({})) })),
  specified("containers of one name", (count) => ({ containers: many(count, () => ({ name: "a" })) })),
  specified("init containers", (count) => ({ initContainers: named(count) })),
  specified("init containers with ports", (count) => ({
    initContainers: named(count).map((one) => ({ ...one, ports: [{ containerPort: 80 }] })),
  })),
  specified("proxies", (count) => ({ containers: many(count, () => ({ name: "istio-proxy" })) })),
  specified("proxies that name a user", (count) => ({
    containers: many(count, () => ({ name: "istio-proxy", securityContext: { runAsUser: 0 } })),
  })),
  specified("proxies among the init containers", (count) => ({
    initContainers: many(count, () => ({ name: "istio-proxy" })),
  })),
  specified("containers that set up the rules", (count) => ({
    initContainers: many(count, (index) => ({ name: index % 2 === 0 ? "istio-init" : "istio-validation" })),
  })),
  specified("containers with probes", (count) => ({
    containers: named(count).map((one) => ({ ...one, ...probes(8080) })),
  })),
  specified("containers of one name with probes", (count) => ({
    containers: many(count, () => ({ name: "a", ...probes(8080) })),
  })),
  specified("containers with probes of ports that they do not have", (count) => ({
    containers: named(count).map((one) => ({ ...one, ...probes("http") })),
  })),
  specified("containers that run as the proxy", (count) => ({
    containers: named(count),
    securityContext: { runAsUser: 1337, runAsGroup: 1337 },
  })),
  specified(
    "containers and a status that lists them",
    (count) => ({ containers: named(count) }),
    (count) => status({ containers: names(count) }),
  ),
  specified(
    "containers and a status that lists others",
    (count) => ({ containers: named(count), initContainers: named(count) }),
    (count) => status({ containers: names(count, "d"), initContainers: names(count, "e") }),
  ),
  specified(
    "containers and overrides of them",
    (count) => ({ containers: named(count) }),
    (count) => overrides({ containers: named(count), initContainers: named(count, "d") }),
  ),
  ...["grpc-agent", "grpc-simple", "gateway", "sidecar,grpc-simple"].map((list) =>
    specified(
      `containers for the templates ${list}`,
      (count) => ({ containers: named(count) }),
      () => templates(list),
    ),
  ),
  specified(
    "containers and overrides of them for a template that adds to each",
    (count) => ({ containers: named(count) }),
    (count) => ({ ...templates("grpc-simple"), ...overrides({ containers: named(count) }) }),
  ),
  specified(
    "containers that an earlier injection lists, for a template that adds to each",
    (count) => ({ containers: named(count) }),
    (count) => ({ ...templates("grpc-simple"), ...status({ containers: names(count) }) }),
  ),
  specified("ports", (count) => ({
    containers: [{ name: "cart", ports: many(count, (index) => ({ containerPort: index })) }],
  })),
  specified("ports with names, and a probe of the last", (count) => ({
    containers: [
      {
        name: "cart",
        ports: many(count, (index) => ({ name: `p${index}`, containerPort: index })),
        ...probes(`p${count - 1}`),
      },
    ],
  })),
  specified("variables", (count) => ({ containers: [{ name: "cart", env: variables(count) }] })),
  specified("variables of the proxy", (count) => ({
    containers: [{ name: "cart" }, { name: "istio-proxy", env: variables(count) }],
  })),
  specified("variables of the proxy with one name", (count) => ({
    containers: [{ name: "cart" }, { name: "istio-proxy", env: many(count, () => ({ name: "A" })) }],
  })),
  specified("variables of the proxy that the templates set too", (count) => ({
    containers: [
      { name: "cart" },
      {
        name: "istio-proxy",
        env: many(count, (index) => ({ name: index % 2 ? "POD_NAME" : "PROXY_CONFIG" })),
      },
    ],
  })),
  specified("mounts of the proxy", (count) => ({
    containers: [
      { name: "cart" },
      { name: "istio-proxy", volumeMounts: many(count, (index) => ({ name: "v", mountPath: `/${index}` })) },
    ],
  })),
  specified("mounts of the proxy with one path", (count) => ({
    containers: [
      { name: "cart" },
      { name: "istio-proxy", volumeMounts: many(count, (index) => ({ name: `v${index}`, mountPath: "/" })) },
    ],
  })),
  specified("ports of the proxy", (count) => ({
    containers: [
      { name: "cart" },
      { name: "istio-proxy", ports: many(count, (index) => ({ containerPort: 15_090, name: `p${index}` })) },
    ],
  })),
  specified("arguments of the proxy", (count) => ({
    containers: [{ name: "cart" }, { name: "istio-proxy", args: many(count, () => "-u") }],
  })),
  specified("arguments of the container that sets up the rules", (count) => ({
    initContainers: [{ name: "istio-init", args: many(count, () => "-u") }],
  })),
  specified("users whose traffic is not captured", (count) => ({
    containers: named(count),
    initContainers: [{ name: "istio-init", args: ["istio-iptables", "-u", many(count, String).join()] }],
  })),
  specified("amounts of the proxy", (count) => ({
    containers: [
      { name: "cart" },
      {
        name: "istio-proxy",
        resources: {
          limits: map(
            count,
            (index) => `r${index}`,
            (index) => `${index}.5Gi`,
          ),
        },
      },
    ],
  })),
];

const specKinds: readonly HostileKind[] = [
  specified("tolerations", (count) => ({ tolerations: many(count, () => ({})) })),
  specified("tolerations that are null", (count) => ({ tolerations: many(count, () => null) })),
  specified("volumes", (count) => ({ volumes: named(count) })),
  specified("volumes of one name", (count) => ({ volumes: many(count, () => ({ name: "a" })) })),
  specified("volumes of the sidecar", (count) => ({
    volumes: many(count, (index) => ({
      name: ["istio-data", "istio-token", "istio-envoy"][index % 3] ?? "",
    })),
  })),
  specified("pull secrets", (count) => ({ imagePullSecrets: named(count) })),
  specified("aliases of hosts", (count) => ({
    hostAliases: many(count, (index) => ({ ip: `10.0.0.${index}`, hostnames: ["a"] })),
  })),
  specified("groups", (count) => ({
    securityContext: { supplementalGroups: many(count, (index) => index) },
  })),
  specified("gates and claims", (count) => ({
    schedulingGates: named(count),
    readinessGates: many(count, (index) => ({ conditionType: `c${index}` })),
    resourceClaims: named(count),
  })),
  specified("amounts of a container", (count) => ({
    containers: [
      {
        name: "cart",
        resources: {
          requests: map(
            count,
            (index) => `r${index}`,
            (index) => index,
          ),
        },
      },
    ],
  })),
  specified("amounts that are numbers with many digits", (count) => ({
    containers: [{ name: "cart", resources: { requests: { cpu: "1".repeat(count) } } }],
  })),
];

const shapeKinds: readonly HostileKind[] = [
  specified("fields that nobody knows", (count) =>
    map(
      count,
      (index) => `f${index}`,
      () => null,
    ),
  ),
  specified("fields in other letter case", (count) => ({
    containers: named(count).map((one) => ({ ...one, IMAGE: "a", ENV: [], aRGS: null })),
  })),
  specified("nulls everywhere", (count) => ({
    containers: named(count).map((one) => ({ ...one, env: null, image: null, ports: [null] })),
  })),
  specified("names with slashes and tildes", (count) => ({
    containers: named(count, "~/").map((one) => ({ ...one, ...probes(80) })),
  })),
  specified("numbers with many digits", (count) => ({
    securityContext: { supplementalGroups: many(count, () => Number.MAX_SAFE_INTEGER) },
    runAsUser: 1e15,
  })),
  specified("texts of characters that need escapes", (count) => ({
    containers: [{ name: "cart", args: ["\u0001".repeat(count)] }],
  })),
  specified("halves of characters", (count) => ({
    containers: [{ name: "cart", args: ["\ud800".repeat(count)] }],
  })),
  specified("one text without end", (count) => ({
    containers: [{ name: "cart", args: ["a".repeat(count)] }],
  })),
  specified("an image without end", (count) => ({
    containers: [{ name: "cart", image: "a:".repeat(count) }],
  })),
  specified("lists in lists", (count) => ({ affinity: many(count, () => nested(150)) })),
  specified("arguments", (count) => ({ containers: [{ name: "cart", args: many(count, () => "a") }] })),
];

/** An object so many levels deep. */
function nested(depth: number): JsonObject {
  let tree: JsonObject = {};
  for (let level = 0; level < depth; level++) tree = { a: tree };
  return tree;
}
