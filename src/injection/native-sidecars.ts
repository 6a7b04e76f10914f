import type { ClusterObjects } from "./cluster-objects.js";
import { kubeletIsNative } from "./kubelet-version.js";
import { names } from "./names.js";
import type { Pod } from "./pod.js";

/** `true` and `false` are the operator's word, `auto` asks the nodes. */
export type NativeSidecarsMode = "auto" | "true" | "false";

/**
 * Whether the cluster runs native sidecars for this pod: its own node if that is known, else every node.
 * Without any known node the answer is no, since nothing says that a native sidecar would start (Istio says yes here).
 *
 * Decided in ADR 0001.
 */
export function detectNativeSidecars(mode: NativeSidecarsMode, pod: Pod, cluster: ClusterObjects): boolean {
  if (mode !== "auto") return mode === "true";
  const own = cluster.kubeletVersions.get(pod.spec?.nodeName ?? "");
  if (own !== undefined) return kubeletIsNative(own);
  return nativeByDefault(mode, cluster);
}

/** The same for a pod whose node is not known. */
export function nativeByDefault(mode: NativeSidecarsMode, cluster: ClusterObjects): boolean {
  if (mode !== "auto") return mode === "true";
  return cluster.kubeletVersions.size > 0 && cluster.allKubeletsNative;
}

/** The pod's own word on its sidecar where it is exactly `true` or `false`, else the cluster's. */
export function wantsNativeSidecar(
  annotations: Readonly<Record<string, string>>,
  detected: boolean,
): boolean {
  const said = annotations[names.nativeSidecar];
  return said === "true" || (said !== "false" && detected);
}
