import type { JsonObject, JsonValue } from "../../src/json/index.js";

/** The parts of a pod into which hostile things are written, each of them the one that ends in the pod. */
export interface PodDraft {
  readonly metadata: JsonObject;
  readonly annotations: JsonObject;
  readonly labels: JsonObject;
  readonly spec: JsonObject;
  /** The one container of the application, which has a port, probes and environment. */
  readonly container: JsonObject;
  /** What the author says of the sidecar: a container of its name. */
  readonly proxy: JsonObject;
  readonly volumes: JsonValue[];
  /** More containers, beside these two. */
  readonly containers: JsonValue[];
  readonly initContainers: JsonValue[];
}

function emptyDraft(): PodDraft {
  const container: JsonObject = {
    name: "app",
    image: "registry.example/app:1",
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/", port: 8080 } },
    env: [{ name: "A", value: "b" }],
  };
  return {
    metadata: { name: "web", namespace: "shop" },
    annotations: {},
    labels: { app: "web" },
    spec: {},
    container,
    proxy: {},
    volumes: [],
    containers: [],
    initContainers: [],
  };
}

/** The pod that `write` makes of a small ordinary one. */
export function draftPod(write: (draft: PodDraft) => void): JsonObject {
  const draft = emptyDraft();
  write(draft);
  const { metadata, annotations, labels, spec, container, proxy, volumes, containers, initContainers } =
    draft;
  const sidecar = Object.keys(proxy).length === 0 ? [] : [{ name: "istio-proxy", image: "auto", ...proxy }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, labels, annotations },
    spec: { ...spec, containers: [container, ...sidecar, ...containers], initContainers, volumes },
  };
}
