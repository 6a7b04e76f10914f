import { type JsonObject, type JsonValue, setOwn } from "../../src/json/index.js";
import type { PodDraft } from "./pod-draft.js";

/** Something that a pod can have many of. */
export interface Crowd {
  readonly name: string;
  /** Writes about so many bytes of it. */
  readonly write: (draft: PodDraft, size: number) => void;
}

/** So many items as the size has room for, at about so many bytes each. */
function items<T>(size: number, bytes: number, item: (index: number) => T): T[] {
  return Array.from({ length: Math.ceil(size / bytes) }, (_, index) => item(index));
}

function entries(target: JsonObject, size: number, key: (index: number) => string, value: JsonValue): void {
  for (const name of items(size, key(1).length + 8, key)) setOwn(target, name, value);
}

/** As push with many arguments, of which a call takes only so many. */
function add(target: JsonValue[], more: readonly JsonValue[]): void {
  for (const item of more) target.push(item);
}

function annotations(name: string, key: (index: number) => string, value = "x"): Crowd {
  return { name, write: (draft, size) => entries(draft.annotations, size, key, value) };
}

function inSpec(key: string, name: string, item: (index: number) => JsonValue): Crowd {
  const bytes = JSON.stringify(item(1)).length + 1;
  return { name, write: ({ spec }, size) => setOwn(spec, key, items(size, bytes, item)) };
}

function inContainer(key: string, name: string, item: (index: number) => JsonValue): Crowd {
  const bytes = JSON.stringify(item(1)).length + 1;
  return { name, write: ({ container }, size) => setOwn(container, key, items(size, bytes, item)) };
}

function json(annotation: string, name: string, value: (size: number) => JsonValue): Crowd {
  return { name, write: (draft, size) => setOwn(draft.annotations, annotation, JSON.stringify(value(size))) };
}

const probed = (index: number): JsonObject => ({
  name: `c${index}`,
  image: "a",
  livenessProbe: { httpGet: { path: "/", port: "http" } },
  ports: [{ name: "http", containerPort: 80 }],
});

const keysOf = (size: number): JsonObject =>
  Object.fromEntries(items(size, 14, (index) => [`K${index}`, "x"]));

/** Everything that a pod can have many of. */
export const crowds: readonly Crowd[] = [
  annotations("unknown annotations of the sidecar", (index) => `sidecar.istio.io/unknown${index}`),
  annotations("annotations almost spelled right", (index) => `sidecar.istio.io/proxyCPU${index}`),
  annotations("annotations of strangers", (index) => `example.com/a${index}`),
  annotations("annotations in families like Istio's", (index) => `a${index}.istio.io/inject`),
  annotations("annotations like those of prometheus", (index) => `prometheus.io/a${index}`),
  {
    name: "labels",
    write: ({ labels }, size) => entries(labels, size, (index) => `example.com/l${index}`, "x"),
  },
  {
    name: "labels of the sidecar",
    write: ({ labels }, size) => entries(labels, size, (index) => `sidecar.istio.io/l${index}`, "x"),
  },
  {
    name: "containers",
    write: ({ containers }, size) => add(containers, items(size, 120, probed)),
  },
  {
    name: "containers of one name",
    write: ({ containers }, size) =>
      add(
        containers,
        items(size, 25, () => ({ name: "c", image: "a" })),
      ),
  },
  {
    name: "init containers",
    write: ({ initContainers }, size) =>
      add(
        initContainers,
        items(size, 30, (index) => ({ name: `i${index}`, image: "a" })),
      ),
  },
  {
    name: "volumes",
    write: ({ volumes }, size) =>
      add(
        volumes,
        items(size, 30, (index) => ({ name: `v${index}`, emptyDir: {} })),
      ),
  },
  {
    name: "volumes of one name",
    write: ({ volumes }, size) =>
      add(
        volumes,
        items(size, 28, () => ({ name: "v", emptyDir: {} })),
      ),
  },
  inSpec("tolerations", "empty tolerations", () => ({})),
  inSpec("tolerations", "tolerations", (index) => ({ key: `t${index}`, operator: "Exists" })),
  inSpec("imagePullSecrets", "imagePullSecrets", (index) => ({ name: `s${index}` })),
  inSpec("hostAliases", "hostAliases", (index) => ({ ip: `10.0.${index >> 8}.${index % 256}` })),
  inSpec("readinessGates", "readinessGates", (index) => ({ conditionType: `c${index}` })),
  { name: "nodeSelector", write: ({ spec }, size) => setOwn(spec, "nodeSelector", keysOf(size)) },
  { name: "unknown fields", write: ({ spec }, size) => setOwn(spec, "nobodyKnows", keysOf(size)) },
  { name: "unknown fields of the pod's spec", write: ({ spec }, size) => Object.assign(spec, keysOf(size)) },
  {
    name: "fields that differ in letter case",
    write: ({ spec }, size) => Object.assign(spec, foldedKeys(size)),
  },
  inContainer("env", "env", (index) => ({ name: `E${index}`, value: "x" })),
  inContainer("env", "env of one name", () => ({ name: "E", value: "x" })),
  inContainer("env", "env that name each other", (index) => ({
    name: `E${index}`,
    value: `$(E${index - 1})`,
  })),
  inContainer("ports", "ports", (index) => ({ name: `p${index}`, containerPort: index % 65536 })),
  inContainer("ports", "ports of one number", () => ({ containerPort: 80 })),
  inContainer("volumeMounts", "volumeMounts", (index) => ({ name: `v${index}`, mountPath: `/m${index}` })),
  inContainer("args", "args", (index) => `--a=${index}`),
  {
    name: "limits",
    write: ({ container }, size) =>
      setOwn(container, "resources", {
        limits: Object.fromEntries(items(size, 22, (index) => [`example.com/r${index}`, "1"])),
      }),
  },
  {
    name: "env of the sidecar",
    write: ({ proxy }, size) =>
      setOwn(
        proxy,
        "env",
        items(size, 28, (index) => ({ name: `E${index}`, value: "x" })),
      ),
  },
  {
    name: "volumeMounts of the sidecar",
    write: ({ proxy }, size) =>
      setOwn(
        proxy,
        "volumeMounts",
        items(size, 34, (index) => ({ name: `v${index}`, mountPath: `/m${index}` })),
      ),
  },
  {
    name: "owners",
    write: ({ metadata }, size) =>
      setOwn(
        metadata,
        "ownerReferences",
        items(size, 60, (index) => ({ kind: "Job", name: `j${index}` })),
      ),
  },
  {
    name: "finalizers",
    write: ({ metadata }, size) =>
      setOwn(
        metadata,
        "finalizers",
        items(size, 10, (index) => `f.io/${index}`),
      ),
  },
  {
    name: "managedFields",
    write: ({ metadata }, size) =>
      setOwn(metadata, "managedFields", [{ fieldsV1: { "f:spec": keysOf(size) } }]),
  },
  {
    name: "a status that names many containers, and as many containers",
    write: (draft, size) => {
      const containers = items(size / 2, 30, (index) => ({ name: `c${index}`, image: "a" }));
      add(draft.containers, containers);
      const status = { containers: containers.map(({ name }) => name) };
      setOwn(draft.annotations, "sidecar.istio.io/status", JSON.stringify(status));
    },
  },
  json("sidecar.istio.io/status", "a status that names many volumes", (size) => ({
    volumes: items(size, 9, (index) => `v${index}`),
  })),
  json("proxy.istio.io/config", "proxyMetadata", (size) => ({ proxyMetadata: keysOf(size) })),
  json("proxy.istio.io/config", "runtimeValues", (size) => ({ runtimeValues: keysOf(size) })),
  json("proxy.istio.io/config", "unknown fields of a proxy config", keysOf),
  json("proxy.istio.io/config", "faulty tags", (size) => ({
    tracing: {
      customTags: Object.fromEntries(items(size, 32, (index) => [`t${index}`, { header: { name: "" } }])),
    },
  })),
  json("proxy.istio.io/config", "extraStatTags", (size) => ({
    extraStatTags: items(size, 9, (index) => `t${index}`),
  })),
  json("proxy.istio.io/overrides", "overrides of many containers", (size) => ({
    containers: items(size, 30, (index) => ({ name: `c${index}`, image: "a" })),
  })),
  json("sidecar.istio.io/userVolume", "user volumes", (size) =>
    Object.fromEntries(items(size, 22, (index) => [`v${index}`, { emptyDir: {} }])),
  ),
  json("sidecar.istio.io/userVolumeMount", "user volume mounts", (size) =>
    Object.fromEntries(items(size, 28, (index) => [`v${index}`, { mountPath: "/a" }])),
  ),
  json("k8s.v1.cni.cncf.io/networks", "networks", (size) =>
    items(size, 14, (index) => ({ name: `n${index}` })),
  ),
];

/** Spellings of one key: Go takes a field's name in any letter case. */
function foldedKeys(size: number): JsonObject {
  const letters = [..."automountserviceaccounttoken"];
  const spelled = (index: number) =>
    letters.map((letter, at) => ((index >> at) & 1 ? letter.toUpperCase() : letter)).join("");
  return Object.fromEntries(items(size, 35, (index) => [spelled(index + 1), true]));
}
