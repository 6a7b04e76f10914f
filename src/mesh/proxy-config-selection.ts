import { compareBytes } from "../go/index.js";
import type { ProxyConfigResource } from "./proxy-config-resource.js";

type ByNamespace = ReadonlyMap<string, readonly ProxyConfigResource[]>;

/** The resources of a list by namespace, oldest first. Lists are not changed, so the work is done once for each. */
const indexes = new WeakMap<readonly ProxyConfigResource[], ByNamespace>();

function index(resources: readonly ProxyConfigResource[]): ByNamespace {
  let result = indexes.get(resources);
  if (result === undefined) {
    const map = new Map<string, ProxyConfigResource[]>();
    for (const resource of [...resources].sort(byAge)) {
      const list = map.get(resource.namespace);
      if (list === undefined) map.set(resource.namespace, [resource]);
      else list.push(resource);
    }
    result = map;
    indexes.set(resources, result);
  }
  return result;
}

function byAge(left: ProxyConfigResource, right: ProxyConfigResource): number {
  return (
    left.created - right.created ||
    compareBytes(left.name, right.name) ||
    compareBytes(left.namespace, right.namespace)
  );
}

/** A resource with a revision label is seen by that control plane only. */
function visible(resource: ProxyConfigResource, revision: string): boolean {
  return resource.revision === undefined || resource.revision === revision;
}

/** The oldest resource for a whole namespace; younger ones do not count. */
export function namespaceProxyConfig(
  resources: readonly ProxyConfigResource[],
  namespace: string,
  revision: string,
): ProxyConfigResource | undefined {
  return index(resources)
    .get(namespace)
    ?.find((resource) => resource.matchLabels === undefined && visible(resource, revision));
}

/** The oldest resource of the pod's namespace whose labels the pod has all. A selector without labels selects nothing. */
export function workloadProxyConfig(
  resources: readonly ProxyConfigResource[],
  namespace: string,
  podLabels: Readonly<Record<string, string>>,
  revision: string,
): ProxyConfigResource | undefined {
  return index(resources)
    .get(namespace)
    ?.find((resource) => visible(resource, revision) && selects(resource, podLabels));
}

function selects({ matchLabels }: ProxyConfigResource, podLabels: Readonly<Record<string, string>>): boolean {
  if (matchLabels === undefined || matchLabels.size === 0) return false;
  for (const [key, value] of matchLabels) {
    if (!Object.hasOwn(podLabels, key) || podLabels[key] !== value) return false;
  }
  return true;
}
