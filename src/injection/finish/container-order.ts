import { containerNames } from "../names.js";
import type { Container } from "../pod.js";
import type { WorkingPod } from "../working-pod.js";

/** Moves the container of this name; of several with one name the last one stays. */
function move(containers: readonly Container[], name: string, to: "front" | "end"): Container[] {
  const moved = containers.findLast((container) => container.name === name);
  if (moved === undefined) return [...containers];
  const others = containers.filter((container) => container.name !== name);
  return to === "front" ? [moved, ...others] : [...others, moved];
}

/**
 * Brings the containers into the order in which they must start: 8.6. The proxy comes before the application if the
 * application must wait for it. With a native sidecar the rules come first, then the proxy; without, rules come last,
 * so that the pod's own init containers still reach the network.
 */
export function orderContainers(pod: WorkingPod, hold: boolean): void {
  const { proxy, init, validation, coreDump } = containerNames;
  pod.containers = move(pod.containers, proxy, hold ? "front" : "end");
  const native = pod.initContainers.some((container) => container.name === proxy);
  const moves: readonly (readonly [string, "front" | "end"])[] = native
    ? [
        [coreDump, "front"],
        [proxy, "front"],
        [validation, "front"],
        [init, "front"],
      ]
    : [
        [validation, "front"],
        [init, "end"],
        [coreDump, "end"],
      ];
  pod.initContainers = moves.reduce((list, [name, to]) => move(list, name, to), pod.initContainers);
}
