import { type JsonObject, type JsonValue, textAt, textOrEmpty, textsAt } from "../json/index.js";
import { type ProxyConfigResource, parseProxyConfigResource } from "../mesh/index.js";
import { ConfigError } from "./config-error.js";

/** Annotations or labels. */
export type TextMap = Readonly<Record<string, string>>;

/** What a Namespace says. */
export interface NamespaceItem {
  readonly kind: "Namespace";
  readonly name: string;
  readonly annotations: TextMap;
  readonly labels: TextMap;
}

/** What a Node says; the kubelet's version is empty where it has told none. */
export interface NodeItem {
  readonly kind: "Node";
  readonly name: string;
  readonly version: string;
}

/** What an object of the cluster says. */
export type ClusterItem =
  | NamespaceItem
  | NodeItem
  | { readonly kind: "ProxyConfig"; readonly resource: ProxyConfigResource }
  | { readonly kind: "List"; readonly objects: readonly JsonValue[] }
  | { readonly kind: "other" };

/** Reads an object of the cluster. Throws ConfigError `resource-invalid` for one that injection looks at and that cannot be read. */
export function readClusterItem(object: JsonObject): ClusterItem {
  const { items } = object;
  if (String(object.kind).endsWith("List") && Array.isArray(items)) return { kind: "List", objects: items };
  const kind = `${String(object.apiVersion)} ${String(object.kind)}`;
  if (kind === "v1 Namespace") {
    return {
      kind: "Namespace",
      name: nameOf(object),
      annotations: textsAt(object, "metadata", "annotations"),
      labels: textsAt(object, "metadata", "labels"),
    };
  }
  if (kind === "v1 Node") {
    const version = textOrEmpty(object, "status", "nodeInfo", "kubeletVersion");
    return { kind: "Node", name: nameOf(object), version };
  }
  return /^networking\.istio\.io\/\S+ ProxyConfig$/.test(kind)
    ? { kind: "ProxyConfig", resource: readProxyConfig(object) }
    : { kind: "other" };
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

function nameOf(object: JsonObject): string {
  const name = textAt(object, "metadata", "name");
  if (name === undefined || name === "")
    throw new ConfigError("resource-invalid", `Cannot use a ${String(object.kind)} without metadata.name`, {
      key: "metadata.name",
    });
  return name;
}
