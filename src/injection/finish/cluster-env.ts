import { containerNames, names } from "../names.js";
import type { Texts, WorkingPod } from "../working-pod.js";
import { appendEnv, dropEnv } from "./append-env.js";

/** Where cluster and network come from beside the pod. */
export interface ClusterSettings {
  /** Overrides from the URL path. */
  readonly pathVariables: ReadonlyMap<string, string>;
  /** `global.multiCluster.clusterName` of the values. */
  readonly clusterName: string;
  /** `global.network` of the values. */
  readonly network: string;
}

/**
 * The variables that outrank what a template says of cluster and network, by name: 8.1.
 * A network label that exists hides the network of the values even when it is empty.
 */
export function clusterOverrides(
  labels: Pick<Texts, "get">,
  { pathVariables, clusterName, network: usual }: ClusterSettings,
): ReadonlyMap<string, string> {
  const cluster = pathVariables.get("ISTIO_META_CLUSTER_ID") ?? clusterName;
  const network = labels.get(names.network) ?? pathVariables.get("ISTIO_META_NETWORK") ?? usual;
  if (cluster === "" && network === "") return pathVariables;
  const overrides = new Map(pathVariables);
  if (cluster !== "") overrides.set("ISTIO_META_CLUSTER_ID", cluster);
  if (network !== "") overrides.set("ISTIO_META_NETWORK", network);
  return overrides;
}

/** Puts the overrides into the sidecar, behind everything else and in the order of their names. */
export function applyClusterOverrides(pod: WorkingPod, overrides: ReadonlyMap<string, string>): void {
  if (overrides.size === 0) return;
  const sidecar = pod.find(containerNames.proxy);
  if (sidecar === undefined) return;
  const added = [...overrides].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ name, value }));
  pod.replace(sidecar, appendEnv(dropEnv(sidecar, new Set(overrides.keys())), added));
}
