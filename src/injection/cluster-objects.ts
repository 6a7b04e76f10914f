import { isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { messagesEqual, type ProxyConfigResource } from "../mesh/index.js";
import {
  type ClusterItem,
  type NamespaceItem,
  type NodeItem,
  readClusterItem,
  type TextMap,
} from "./cluster-item.js";
import { kubeletIsNative } from "./kubelet-version.js";

/** What a snapshot knows of the cluster: the objects that injection may look at, and nothing per pod. */
export interface ClusterObjects {
  /** The annotations of each Namespace by its name. */
  readonly namespaceAnnotations: ReadonlyMap<string, TextMap>;
  /** The labels of each Namespace by its name. */
  readonly namespaceLabels: ReadonlyMap<string, TextMap>;
  /** The kubelet's version of each Node by its name; empty where it has told none. */
  readonly kubeletVersions: ReadonlyMap<string, string>;
  readonly allKubeletsNative: boolean;
  readonly proxyConfigs: readonly ProxyConfigResource[];
}

/**
 * Sorts objects that stand in for the cluster: Namespaces, Nodes and ProxyConfigs. Others are not looked at.
 * Throws ConfigError `resource-invalid` for one that cannot be read.
 */
export function readClusterObjects(objects: readonly JsonValue[]): ClusterObjects {
  return new ClusterReader().read(objects);
}

/**
 * Reads the objects of a cluster again and again, as they change (ADR 0504). An object that was read before is not read
 * again, so it must not be changed in place. What a ProxyConfig lays over others stays one Message for as long as it says
 * the same, since recordings go by it.
 */
export class ClusterReader {
  private readonly known = new WeakMap<JsonObject, ClusterItem>();
  private readonly namespaces = new OfLastList(readNamespaces);
  private readonly nodes = new OfLastList(readNodes);
  private readonly proxyConfigs = new OfLastList((list: readonly ProxyConfigResource[]) => list);

  /** As {@link readClusterObjects}. @param before what was read last */
  read(objects: readonly JsonValue[], before?: ClusterObjects): ClusterObjects {
    const namespaces: NamespaceItem[] = [];
    const nodes: NodeItem[] = [];
    const proxyConfigs: ProxyConfigResource[] = [];
    const sort = (list: readonly JsonValue[]): void => {
      for (const object of list) {
        if (!isObject(object)) continue;
        const item = this.item(object, before);
        if (item.kind === "Namespace") namespaces.push(item);
        else if (item.kind === "Node") nodes.push(item);
        else if (item.kind === "ProxyConfig") proxyConfigs.push(item.resource);
        else if (item.kind === "List") sort(item.objects);
      }
    };
    sort(objects);
    return {
      ...this.namespaces.make(namespaces),
      ...this.nodes.make(nodes),
      proxyConfigs: this.proxyConfigs.make(proxyConfigs),
    };
  }

  private item(object: JsonObject, before: ClusterObjects | undefined): ClusterItem {
    const known = this.known.get(object);
    if (known !== undefined) return known;
    const read = readClusterItem(object);
    const item = read.kind === "ProxyConfig" ? { ...read, resource: asBefore(read.resource, before) } : read;
    this.known.set(object, item);
    return item;
  }
}

/** What a list was made into last: of a list with the same items it is made once. */
class OfLastList<T, R> {
  private last: { readonly list: readonly T[]; readonly result: R } | undefined;

  constructor(private readonly read: (list: readonly T[]) => R) {}

  make(list: readonly T[]): R {
    if (this.last === undefined || !sameItems(this.last.list, list))
      this.last = { list, result: this.read(list) };
    return this.last.result;
  }
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function readNamespaces(list: readonly NamespaceItem[]) {
  return {
    namespaceAnnotations: new Map(list.map(({ name, annotations }) => [name, annotations])),
    namespaceLabels: new Map(list.map(({ name, labels }) => [name, labels])),
  };
}

function readNodes(list: readonly NodeItem[]) {
  const kubeletVersions = new Map(list.map(({ name, version }) => [name, version]));
  return { kubeletVersions, allKubeletsNative: [...kubeletVersions.values()].every(kubeletIsNative) };
}

/** The resource with the overlay that it had before, where that says the same. */
function asBefore(resource: ProxyConfigResource, before: ClusterObjects | undefined): ProxyConfigResource {
  const { namespace, name, overlay } = resource;
  const earlier = before?.proxyConfigs.find((one) => one.namespace === namespace && one.name === name);
  if (earlier === undefined || !messagesEqual(earlier.overlay, overlay)) return resource;
  return { ...resource, overlay: earlier.overlay };
}
