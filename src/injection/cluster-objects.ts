import { isObject, type JsonObject, type JsonValue } from "../kube/index.js";
import { type ProxyConfigResource, parseProxyConfigResource } from "../mesh/index.js";
import { ConfigError } from "./config-error.js";
import { kubeletIsNative } from "./native-sidecars.js";

/** What a snapshot knows of the cluster: the objects that injection may look at, and nothing per pod. */
export interface ClusterObjects {
  /** The annotations of each Namespace by its name. */
  readonly namespaceAnnotations: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The labels of each Namespace by its name. */
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The kubelet's version of each Node by its name; empty where it has told none. */
  readonly kubeletVersions: ReadonlyMap<string, string>;
  readonly allKubeletsNative: boolean;
  readonly proxyConfigs: readonly ProxyConfigResource[];
}

function textMap(value: JsonValue | undefined): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function child(tree: JsonObject, key: string): JsonObject {
  const value = tree[key];
  return isObject(value) ? value : {};
}

function nameOf(object: JsonObject): string {
  const name = child(object, "metadata").name;
  if (typeof name !== "string" || name === "")
    throw new ConfigError("resource-invalid", `Cannot use a ${String(object.kind)} without metadata.name`, {
      key: "metadata.name",
    });
  return name;
}

/** Objects of Lists too, flat. */
function* flatten(objects: readonly JsonValue[]): Generator<JsonObject> {
  for (const object of objects) {
    if (!isObject(object)) continue;
    const items = object.items;
    if (String(object.kind).endsWith("List") && Array.isArray(items)) yield* flatten(items);
    else yield object;
  }
}

/**
 * Sorts objects that stand in for the cluster: Namespaces, Nodes and ProxyConfigs. Others are not looked at.
 * Throws ConfigError `resource-invalid` for one that cannot be read.
 */
export function readClusterObjects(objects: readonly JsonValue[]): ClusterObjects {
  const namespaceAnnotations = new Map<string, Readonly<Record<string, string>>>();
  const namespaceLabels = new Map<string, Readonly<Record<string, string>>>();
  const kubeletVersions = new Map<string, string>();
  const proxyConfigs: ProxyConfigResource[] = [];
  for (const object of flatten(objects)) {
    const metadata = child(object, "metadata");
    const kind = `${String(object.apiVersion)} ${String(object.kind)}`;
    if (kind === "v1 Namespace") {
      namespaceAnnotations.set(nameOf(object), textMap(metadata.annotations));
      namespaceLabels.set(nameOf(object), textMap(metadata.labels));
    } else if (kind === "v1 Node") {
      const version = child(child(object, "status"), "nodeInfo").kubeletVersion;
      kubeletVersions.set(nameOf(object), typeof version === "string" ? version : "");
    } else if (/^networking\.istio\.io\/\S+ ProxyConfig$/.test(kind)) {
      proxyConfigs.push(readProxyConfig(object));
    }
  }
  return {
    namespaceAnnotations,
    namespaceLabels,
    kubeletVersions,
    allKubeletsNative: [...kubeletVersions.values()].every(kubeletIsNative),
    proxyConfigs,
  };
}

function readProxyConfig(object: JsonObject): ProxyConfigResource {
  try {
    return parseProxyConfigResource(object);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      "resource-invalid",
      `Cannot read ProxyConfig ${nameOf(object)}: ${why}`,
      {},
      { cause },
    );
  }
}
