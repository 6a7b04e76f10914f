import type { JsonObject } from "../json/index.js";

/**
 * Pods that every template is tried on before a configuration is taken: the least that Kubernetes accepts, a usual
 * one, and one that sets much of what templates look at. They differ in what they leave out, since a template mostly
 * fails on what is not there.
 */
export const samplePods: readonly (readonly [name: string, pod: JsonObject])[] = [
  ["a pod with nothing but a container", pod({}, { containers: [{ name: "app", image: "app" }] })],
  [
    "a usual pod",
    pod(
      {
        generateName: "app-6d4cf56db6-",
        labels: { app: "app", version: "v1", "pod-template-hash": "6d4cf56db6" },
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: "app-6d4cf56db6", uid: "0", controller: true },
        ],
      },
      {
        serviceAccountName: "app",
        containers: [
          {
            name: "app",
            image: "registry.example/app:1",
            ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
            resources: { requests: { cpu: "100m", memory: "64Mi" } },
            livenessProbe: { httpGet: { path: "/healthz", port: 8080 } },
            readinessProbe: { tcpSocket: { port: "http" } },
          },
        ],
      },
    ),
  ],
  [
    "a pod with much set",
    pod(
      {
        name: "app",
        labels: { app: "app", "app.kubernetes.io/name": "app", "service.istio.io/canonical-name": "app" },
        annotations: {
          "proxy.istio.io/config": "concurrency: 2\n",
          "sidecar.istio.io/proxyCPU": "200m",
          "sidecar.istio.io/proxyMemory": "256Mi",
          "sidecar.istio.io/logLevel": "debug",
          "traffic.sidecar.istio.io/excludeOutboundPorts": "3306",
          "prometheus.io/scrape": "true",
          "prometheus.io/port": "8080",
        },
      },
      {
        serviceAccountName: "app",
        securityContext: { fsGroup: 1000, runAsUser: 1000 },
        volumes: [{ name: "data", emptyDir: {} }],
        initContainers: [{ name: "prepare", image: "prepare" }],
        containers: [
          { name: "app", image: "app", volumeMounts: [{ name: "data", mountPath: "/data" }] },
          { name: "istio-proxy", image: "auto", resources: { limits: { cpu: "1" } } },
        ],
      },
    ),
  ],
];

function pod(metadata: JsonObject, spec: JsonObject): JsonObject {
  return { apiVersion: "v1", kind: "Pod", metadata, spec };
}
