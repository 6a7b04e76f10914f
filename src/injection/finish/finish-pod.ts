import type { JsonObject } from "../../json/index.js";
import { normalize, normalizeDecoded } from "../../kube/index.js";
import { applyAnnotationOffline, type Message } from "../../mesh/index.js";
import type { InjectionContext } from "../injection-context.js";
import { names } from "../names.js";
import { containerOf, containersByName, podOf, treeOf } from "../pod.js";
import type { PartialPod } from "../render.js";
import type { Snapshot } from "../snapshot.js";
import type { WorkingPod } from "../working-pod.js";
import { applyClusterOverrides, clusterOverrides } from "./cluster-env.js";
import { orderContainers } from "./container-order.js";
import { rewriteAppProbes } from "./probe-rewrite.js";
import { announceSecurePort, mergePrometheus } from "./prometheus.js";
import { statusText } from "./status.js";

/** What the last steps need beside the pod. */
export interface FinishSettings {
  readonly snapshot: Snapshot;
  readonly mesh: Message;
  readonly agentPort: number;
  readonly context: InjectionContext;
  /** The annotations of the pod that came in. */
  readonly original: Readonly<Record<string, string>>;
  readonly templatePod: JsonObject;
  /** What the only template made, where there is one and its output is plain. */
  readonly only: PartialPod | undefined;
  /** Whether the pod is in the form that decoding gives; the user's words that are laid over it again may not be. */
  readonly decoded: boolean;
  /** The names of containers that are the user's own, even where a template adds to them. */
  readonly usersContainers: ReadonlySet<string>;
}

const noVariables: ReadonlyMap<string, string> = new Map();

/** What follows the merge, in Istio's order (docs/behaviour.md#after-the-merge). */
export function finishPod(pod: WorkingPod, settings: FinishSettings): void {
  const { snapshot, mesh, agentPort, context, templatePod } = settings;
  const values = snapshot.values.typed;
  const overrides = clusterOverrides(pod.labels, {
    pathVariables: context.pathVariables ?? noVariables,
    clusterName: values.clusterName,
    network: values.network,
  });
  applyClusterOverrides(pod, overrides);
  const merge = mesh.wrapped("enablePrometheusMerge");
  mergePrometheus(pod, {
    agentPort: String(agentPort),
    meshMerge: typeof merge === "boolean" ? merge : undefined,
  });
  announceSecurePort(pod);
  rewriteAppProbes(pod, { agentPort, rewrite: values.rewriteAppHTTPProbe });
  const network = overrides.get("ISTIO_META_NETWORK");
  if (network !== undefined) pod.labels.set(names.network, network);
  pod.annotations.set(names.status, statusText(templatePod, snapshot.revision));
  for (const [name, value] of snapshot.injectedAnnotations) pod.annotations.set(name, value);
  orderContainers(pod, holdsApplication(settings));
  dropZeros(pod, settings);
}

/** Whether the application waits for the proxy. The values' word cannot be undone by an annotation, as in Istio. */
function holdsApplication({ snapshot, mesh, original }: FinishSettings): boolean {
  if (snapshot.values.typed.holdApplicationUntilProxyStarts) return true;
  const said = Object.hasOwn(original, names.proxyConfig) ? original[names.proxyConfig] : undefined;
  const own = said === undefined || snapshot.strictOffline ? mesh : applyAnnotationOffline(mesh, said);
  return own.message("defaultConfig")?.wrapped("holdApplicationUntilProxyStarts") === true;
}

/**
 * What a template sets to its zero, and nulls, are not there in what Istio sends. The user's own containers keep the form in
 * which they were written, even where a template adds to them.
 */
function dropZeros(pod: WorkingPod, { templatePod, only, decoded, usersContainers }: FinishSettings): void {
  const made = containersByName(podOf(templatePod).spec ?? {});
  const normal = decoded ? normalizeDecoded : normalize;
  pod.mapContainers((container) =>
    made(container.name) === undefined || usersContainers.has(container.name)
      ? container
      : containerOf(only?.normal?.(treeOf(container)) ?? normal("Container", treeOf(container))),
  );
}
