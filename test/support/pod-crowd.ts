import type { JsonObject } from "../../src/json/index.js";
import { reviewOf } from "./admission-review.js";

/** Numbers below a bound that look like chance and are the same each time, from a number. */
function dice(seed: number): (bound: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return (bound) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((state ^ (state >>> 15)) >>> 0) % bound;
  };
}

/**
 * The review of one of endlessly many pods in 200 namespaces. No two are alike, and each tenth pod is made to fill memory
 * wherever something is kept for later pods: what steers the templates (settings, lists, ports, names) differs each time.
 */
export function reviewOfCrowd(index: number): string {
  const throwDice = dice(index);
  const hostile = index % 10 === 9;
  const containers = Array.from({ length: hostile ? 1 + throwDice(6) : 1 + (index % 2) }, (_, at) =>
    container(index, at, hostile ? throwDice : undefined),
  );
  const pod: JsonObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: `crowd-${index}-`,
      labels: { app: `crowd-${index}`, version: `v${index % 7}`, "pod-template-hash": `${index}abc` },
      annotations: hostile ? hostileAnnotations(index, throwDice) : { "example.com/built": `build ${index}` },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `crowd-${index}-${index}abc`,
          uid: `uid-${index}`,
          controller: true,
        },
      ],
    },
    spec: { serviceAccountName: `account-${index}`, containers },
  };
  return reviewOf(pod, `namespace-${index % 200}`, `uid-${index}`);
}

function container(index: number, at: number, throwDice?: (bound: number) => number): JsonObject {
  const ports = Array.from({ length: throwDice === undefined ? 1 : throwDice(5) }, (_, port) => ({
    name: `port-${port}`,
    containerPort: 8080 + at * 10 + port,
    protocol: throwDice !== undefined && throwDice(4) === 0 ? "UDP" : "TCP",
  }));
  return {
    name: `c${at}-${index}`,
    image: `registry.example/crowd:${index}`,
    ports,
    env: [{ name: "INDEX", value: String(index) }],
    readinessProbe: { httpGet: { path: `/ready/${index}`, port: 8080 + at * 10 } },
  };
}

function hostileAnnotations(index: number, throwDice: (bound: number) => number): JsonObject {
  const texts = [
    `"quoted" ${index}`,
    `a: b # ${index}`,
    `'${index}'`,
    `${index}`,
    `line\nbreak ${index}`,
    `ä${index}`,
  ];
  const list = (bound: number) =>
    Array.from({ length: throwDice(bound) }, (_, at) => 1000 + index + at).join(",");
  const all: Readonly<Record<string, string>> = {
    "sidecar.istio.io/proxyCPU": `${1 + index}m`,
    "sidecar.istio.io/proxyMemory": `${1 + index}Mi`,
    "sidecar.istio.io/proxyImage": `registry.example/proxy:${index}`,
    "sidecar.istio.io/logLevel": ["debug", "info", `all:${index}`][throwDice(3)] ?? "",
    "sidecar.istio.io/interceptionMode": ["REDIRECT", "TPROXY", "NONE"][throwDice(3)] ?? "",
    "sidecar.istio.io/userVolume": JSON.stringify({ [`volume-${index}`]: { emptyDir: {} } }),
    "sidecar.istio.io/extraStatTags": `tag_${index}`,
    "traffic.sidecar.istio.io/excludeOutboundPorts": list(9),
    "traffic.sidecar.istio.io/includeInboundPorts": throwDice(2) === 0 ? "*" : list(9),
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": `10.${index % 250}.0.0/16`,
    "proxy.istio.io/config": JSON.stringify({
      concurrency: 1 + (index % 64),
      proxyMetadata: { [`KEY_${index}`]: texts[throwDice(texts.length)] ?? "" },
    }),
    "inject.istio.io/templates":
      ["sidecar", "sidecar,grpc-simple", "grpc-agent", "gateway"][throwDice(4)] ?? "",
    "status.sidecar.istio.io/port": String(15000 + (index % 1000)),
    "prometheus.io/scrape": "true",
    "prometheus.io/path": `/metrics/${index}`,
    [`example.com/${index}`]: texts[throwDice(texts.length)] ?? "",
    [`example.com/long-${index % 3}`]: "x".repeat(throwDice(20_000)),
  };
  return Object.fromEntries(Object.entries(all).filter(() => throwDice(2) === 0));
}
