import type { JsonObject } from "../json/index.js";
import { dropMergedAnnotations } from "./finish/prometheus.js";
import { readStatus } from "./finish/status.js";
import { containerNames, names } from "./names.js";
import { type Container, podOf } from "./pod.js";
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
  const regular = overrides.initContainers.filter(wasRegular);
  const added = [...overrides.containers, ...regular].filter(missing(pod.containers));
  pod.containers = [...pod.containers, ...added];
  const init = overrides.initContainers.filter((container) => !wasRegular(container));
  pod.initContainers = [...pod.initContainers, ...init.filter(missing(pod.initContainers))];
  return pod.toTree();
}

/**
 * What a user says of a native sidecar is recorded among the init containers wherever it was written. Only a proxy
 * that says `restartPolicy` was written there; any other was a regular container, and templates saw its ports.
 */
function wasRegular(container: Container): boolean {
  return container.name === containerNames.proxy && container.restartPolicy === undefined;
}
