import type { JsonObject, JsonValue } from "../json/index.js";

/** A pod that stands for many, and its name in findings. */
export interface SamplePod {
  readonly name: string;
  readonly pod: JsonObject;
}

function pod(
  name: string,
  container: JsonObject,
  more: { metadata?: JsonObject; spec?: JsonObject } = {},
): SamplePod {
  const metadata = {
    name: "sample",
    namespace: "default",
    labels: { app: "sample", version: "v1" },
    ...more.metadata,
  };
  const spec = { containers: [{ name: "app", image: "example.com/app:1", ...container }], ...more.spec };
  return { name, pod: { apiVersion: "v1", kind: "Pod", metadata, spec } };
}

const http = (port: JsonValue): JsonObject => ({ httpGet: { path: "/healthz", port } });

/** Pods of every shape that templates and the steps behind them tell apart. */
export const samplePods: readonly SamplePod[] = [
  pod("plain", {}),
  pod("ports", {
    ports: [
      { name: "http", containerPort: 8080 },
      { containerPort: 53, protocol: "UDP" },
    ],
  }),
  pod("probes", {
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: http("http"),
    livenessProbe: { tcpSocket: { port: 8080 } },
    startupProbe: { grpc: { port: 9090 } },
    lifecycle: { preStop: http(8080) },
  }),
  pod(
    "prometheus",
    {},
    { metadata: { annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9090" } } },
  ),
  pod("init containers", {}, { spec: { initContainers: [{ name: "setup", image: "example.com/setup:1" }] } }),
  pod(
    "own sidecar settings",
    {},
    {
      spec: {
        containers: [
          { name: "app", image: "example.com/app:1" },
          { name: "istio-proxy", image: "auto", resources: { requests: { cpu: "1" } } },
        ],
      },
    },
  ),
  pod("gateway", {}, { spec: { containers: [{ name: "istio-proxy", image: "auto" }] } }),
  pod("gRPC", { env: [{ name: "MODE", value: "grpc" }], ports: [{ name: "grpc", containerPort: 7070 }] }),
  pod(
    "annotations",
    {},
    {
      metadata: {
        annotations: {
          "sidecar.istio.io/proxyCPU": "200m",
          "sidecar.istio.io/logLevel": "debug",
          "traffic.sidecar.istio.io/excludeOutboundPorts": "5432",
          "proxy.istio.io/config": "concurrency: 2\nholdApplicationUntilProxyStarts: true\n",
        },
      },
    },
  ),
  pod("TPROXY", {}, { metadata: { annotations: { "sidecar.istio.io/interceptionMode": "TPROXY" } } }),
  pod("no capture", {}, { metadata: { annotations: { "sidecar.istio.io/interceptionMode": "NONE" } } }),
];
