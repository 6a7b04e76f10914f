// The pods that are injected. Each function makes the review of one of many workloads, so that nothing is measured on
// one review that comes again and again.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const fixtures = join(import.meta.dirname, "../../test/fixtures/admission-reviews");

/** The texts of the reviews that an API server sent, and of those in its form. */
export function recordedReviews() {
  const names = readdirSync(fixtures).filter((name) => name.endsWith(".json"));
  // Without white space, as they come over the wire.
  return names.map((name) => JSON.stringify(JSON.parse(readFileSync(join(fixtures, name), "utf8"))));
}

/** The smallest pod a Deployment makes. */
export function hello(index, { annotations, containers } = {}) {
  const name = `hello-${index}`;
  const hash = (7_000_000 + index * 7919).toString(36);
  return review(index, {
    metadata: {
      generateName: `${name}-${hash}-`,
      labels: { app: name, "pod-template-hash": hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `${name}-${hash}`,
          uid: `uid-${index}`,
          controller: true,
        },
      ],
    },
    spec: { containers: containers ?? [container(name, 80)] },
  });
}

/** Three containers with probes, resources and mounts, as pods of real workloads have them. */
export function threeContainers(index) {
  return hello(index, {
    containers: ["web", "cache", "metrics"].map((name, at) => ({
      ...container(`${name}-${index}`, 8080 + at),
      env: [
        { name: "LOG_LEVEL", value: "info" },
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      ],
      resources: { requests: { cpu: `${100 + (index % 50)}m`, memory: "64Mi" }, limits: { memory: "128Mi" } },
      readinessProbe: { httpGet: { path: "/ready", port: 8080 + at }, periodSeconds: 5 },
      livenessProbe: { httpGet: { path: `/alive/${index}`, port: "http" }, initialDelaySeconds: 10 },
      startupProbe: { tcpSocket: { port: 8080 + at }, failureThreshold: 30 },
      volumeMounts: [
        { name: "token", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
      ],
    })),
  });
}

/** The smallest pod with so many environment variables. */
export function variables(index, count) {
  const env = Array.from({ length: count }, (_, at) => ({
    name: `VARIABLE_${at}`,
    value: `value ${at} of ${index}`,
  }));
  return hello(index, { containers: [{ ...container(`hello-${index}`, 80), env }] });
}

function container(name, port) {
  return { name, image: `registry.example/shop/${name}:1`, ports: [{ name: "http", containerPort: port }] };
}

function review(index, pod) {
  return JSON.stringify({
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      uid: `0df28fbd-5f5f-11e8-bc74-${String(index).padStart(12, "0")}`,
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      namespace: `namespace-${index % 20}`,
      operation: "CREATE",
      object: { kind: "Pod", apiVersion: "v1", ...pod },
    },
  });
}
