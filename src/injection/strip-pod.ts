import type { JsonObject } from "../kube/index.js";
import { dropMergedAnnotations } from "./finish/prometheus.js";
import { readStatus } from "./finish/status.js";
import { names } from "./names.js";
import { podOf } from "./pod.js";
import type { RecordedOverrides } from "./recorded-overrides.js";
import { WorkingPod } from "./working-pod.js";

/**
 * The pod as it was before an earlier injection, as far as templates must not see that one: 7.8. Its containers are
 * gone, and those that a user had said something about are back, so that the names of the application's containers
 * come out the same. Only for template data: the merge starts from the whole pod.
 */
export function stripPod(tree: JsonObject, overrides: RecordedOverrides, agentPort: string): JsonObject {
  const annotations = podOf(tree).metadata?.annotations ?? {};
  const status = readStatus(annotations);
  const recorded = overrides.containers.length + overrides.initContainers.length > 0;
  if (status === undefined && !recorded) return tree;
  const pod = new WorkingPod(tree);
  if (status?.readable) {
    pod.containers = pod.containers.filter(({ name }) => !status.containers.includes(name));
    pod.initContainers = pod.initContainers.filter(({ name }) => !status.initContainers.includes(name));
    pod.annotations.delete(names.status);
    dropMergedAnnotations(pod.annotations, agentPort);
  }
  const missing = (own: readonly { name: string }[]) => (container: { name: string }) =>
    !own.some(({ name }) => name === container.name);
  pod.containers.push(...overrides.containers.filter(missing(pod.containers)));
  pod.initContainers.push(...overrides.initContainers.filter(missing(pod.initContainers)));
  return pod.toTree();
}
