import type { JsonObject } from "../json/index.js";
import { dropMergedAnnotations } from "./finish/prometheus.js";
import type { ReadStatus } from "./finish/status.js";
import { containerNames, names } from "./names.js";
import type { Container } from "./pod.js";
import type { RecordedOverrides } from "./recorded-overrides.js";
import { WorkingPod } from "./working-pod.js";

/** What is known of an earlier injection of a pod. */
export interface EarlierInjection {
  readonly overrides: RecordedOverrides;
  readonly status: ReadStatus | undefined;
  readonly agentPort: string;
}

/**
 * The pod as it was before an earlier injection, as far as templates must not see that one: 7.8. Its containers are
 * gone, and those that a user had said something about are back, so that the names of the application's containers
 * come out the same. Only for template data: the merge starts from the whole pod.
 */
export function stripPod(tree: JsonObject, { overrides, status, agentPort }: EarlierInjection): JsonObject {
  const recorded = overrides.containers.length + overrides.initContainers.length > 0;
  if (status === undefined && !recorded) return tree;
  const pod = new WorkingPod(tree);
  if (status?.readable) {
    const containers = new Set(status.containers);
    const initContainers = new Set(status.initContainers);
    pod.containers = pod.containers.filter(({ name }) => !containers.has(name));
    pod.initContainers = pod.initContainers.filter(({ name }) => !initContainers.has(name));
    pod.annotations.delete(names.status);
    dropMergedAnnotations(pod.annotations, agentPort);
  }
  const missing = (own: readonly Container[]) => {
    const known = new Set(own.map(({ name }) => name));
    return (container: Container) => !known.has(container.name);
  };
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
