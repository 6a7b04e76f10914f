import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject, type JsonValue } from "../../../src/json/index.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { reviewFixture } from "../../support/admission-review.js";
import { root } from "../../support/peer.js";
import { inheritedNames, jsonOf } from "./values.js";

/** Reviews of real API servers, by name. */
export const realReviews: readonly (readonly [name: string, text: string])[] = readdirSync(
  join(root, "test", "fixtures", "admission-reviews"),
)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => file.replace(/\.json$/, ""))
  .map((name) => [name, reviewFixture(name)]);

/** The same as trees. */
export const reviewTrees: readonly JsonObject[] = realReviews
  .map(([, text]): JsonValue => JSON.parse(text))
  .filter(isObject);

/** Their pods, and one that sets much of what injection looks at. */
export const realPods: readonly JsonObject[] = [
  ...reviewTrees
    .map(({ request }) => (isObject(request) ? request.object : undefined))
    .filter((object): object is JsonObject => isObject(object) && object.kind === "Pod"),
  fullPod(),
];

function fullPod(): JsonObject {
  const probe = { httpGet: { path: "/healthz", port: "http", scheme: "HTTP" }, periodSeconds: 3 };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: "web-7d4b9-",
      namespace: "shop",
      labels: { app: "web", version: "v1", "sidecar.istio.io/inject": "true" },
      annotations: {
        "proxy.istio.io/config": "concurrency: 2\nproxyMetadata: {A: b}\n",
        "proxy.istio.io/overrides": '{"containers":[{"name":"istio-proxy","image":"own:1"}]}',
        "sidecar.istio.io/userVolume": '{"cache":{"emptyDir":{}}}',
        "sidecar.istio.io/userVolumeMount": '{"cache":{"mountPath":"/cache"}}',
        "sidecar.istio.io/proxyCPU": "100m",
        "traffic.sidecar.istio.io/includeOutboundIPRanges": "10.0.0.0/8,192.168.0.0/16",
        "traffic.sidecar.istio.io/excludeInboundPorts": "9090",
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "9090",
      },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-7d4b9", uid: "1", controller: true },
      ],
    },
    spec: {
      serviceAccountName: "web",
      securityContext: { runAsUser: 1000, fsGroup: 1000 },
      dnsConfig: { searches: ["shop.svc"], options: [{ name: "ndots", value: "2" }] },
      tolerations: [{ key: "a", operator: "Exists", tolerationSeconds: 300 }],
      volumes: [
        { name: "conf", configMap: { name: "conf" } },
        { name: "istio-data", emptyDir: {} },
      ],
      initContainers: [{ name: "prepare", image: "busybox", command: ["true"], restartPolicy: "Always" }],
      containers: [
        {
          name: "web",
          image: "registry.example/web:1",
          ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
          env: [
            { name: "A", value: "b" },
            { name: "P", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          ],
          resources: { limits: { cpu: "1", memory: "64Mi" }, requests: { cpu: "100m" } },
          readinessProbe: probe,
          livenessProbe: { tcpSocket: { port: 8080 } },
          startupProbe: { grpc: { port: 9090 } },
          lifecycle: { preStop: { exec: { command: ["sleep", "1"] } } },
          volumeMounts: [{ name: "conf", mountPath: "/conf" }],
          securityContext: { runAsUser: 1000 },
          workingDir: "/srv",
        },
        {
          name: "istio-proxy",
          image: "auto",
          resources: { limits: { cpu: "2" } },
          env: [{ name: "X", value: "y" }],
        },
      ],
    },
  };
}

/** A review of a pod's creation, as text. */
export function reviewText(pod: JsonValue, namespace = "shop"): string {
  return jsonOf({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "0df28fbd-5f5f-11e8-bc74-36e6bb280816",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      operation: "CREATE",
      namespace,
      object: pod,
    },
  });
}

/** The same as bytes. */
export function reviewBytes(pod: JsonValue, namespace?: string): Uint8Array {
  return Buffer.from(reviewText(pod, namespace));
}

const odd = [
  0x00, 0x08, 0x22, 0x2c, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xbf, 0xc0, 0xc3, 0xed, 0xf5, 0xff,
];

/** Sequences that are no UTF-8, or are not what they seem. */
const sequences: readonly Uint8Array[] = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xb0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x28, 0xa1],
  [0xf0, 0x9f, 0x98],
  [0x5c, 0x75, 0x64, 0x38, 0x30, 0x30],
  [0x5c, 0x75, 0x30, 0x30, 0x30, 0x30],
].map((bytes) => Uint8Array.from(bytes));

const insertions: readonly string[] = [
  ...[
    '"a":1,',
    '"__proto__":{"x":1},',
    '"request":null,',
    '"metadata":{},',
    '"object":[],',
    "{",
    "}",
    "[",
    "]",
  ],
  ...[",", ":", '"', "null", "1e999", "-", "01", "NaN", "Infinity", "0x1", "'", "//", "/*", "true", "\\"],
  ...inheritedNames.map((name) => `"${name}":${name === "toJSON" ? '"x"' : "{}"},`),
];

/** The text with some of its bytes changed: cut, doubled, put in, flipped, in another encoding. */
export function mutatedBytes(text: string, random: Random): Uint8Array {
  let bytes: Uint8Array = Buffer.from(text);
  for (let left = 1 + Math.floor(random() ** 2 * 4); left > 0; left--) bytes = changedBytes(bytes, random);
  return bytes;
}

function changedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  const to = at + Math.floor(random() ** 3 * (bytes.length - at));
  const put = (middle: Uint8Array) => Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at)]);
  switch (Math.floor(random() * 9)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return put(bytes.slice(at, to));
    case 3:
      return put(oneOf(random, sequences));
    case 4:
    case 5:
      return afterBrace(bytes, at, oneOf(random, insertions));
    case 6:
      return put(Buffer.from(oneOf(random, insertions)));
    case 7:
      return random() < 0.2
        ? Buffer.from(Buffer.from(bytes).toString(), "utf16le")
        : put(new Uint8Array(at % 64));
    default: {
      const copy = Uint8Array.from(bytes);
      copy[at] = oneOf(random, odd);
      return copy;
    }
  }
}

/** Puts something where a member can stand. */
function afterBrace(bytes: Uint8Array, from: number, text: string): Uint8Array {
  const at = bytes.indexOf(0x7b, from) + 1;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)]);
}

/** Texts that lack one of the parts of this one, the largest parts first. */
export function* shorterBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let size = bytes.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at + size <= bytes.length; at += size)
      yield Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
}
