import { containerNames } from "../names.js";
import type { Container } from "../pod.js";
import type { WorkingPod } from "../working-pod.js";

/** Moves the container of this name; of several with one name the last one stays. The list itself where that changes nothing. */
function move(containers: readonly Container[], name: string, to: "front" | "end"): readonly Container[] {
  if (containers.length < 2) return containers;
  const moved = containers.findLast((container) => container.name === name);
  if (moved === undefined) return containers;
  const others = containers.filter((container) => container.name !== name);
  return to === "front" ? [moved, ...others] : [...others, moved];
}

type Moves = readonly (readonly [string, "front" | "end"])[];

const { proxy, init, validation, coreDump } = containerNames;

const nativeMoves: Moves = [
  [coreDump, "front"],
  [proxy, "front"],
  [validation, "front"],
  [init, "front"],
];

const moves: Moves = [
  [validation, "front"],
  [init, "end"],
  [coreDump, "end"],
];

/**
 * Brings the containers into the order in which they must start: 8.6. The proxy comes before the application if the
 * application must wait for it. With a native sidecar the rules come first, then the proxy; without, rules come last,
 * so that the pod's own init containers still reach the network.
 */
export function orderContainers(pod: WorkingPod, hold: boolean): void {
  pod.containers = move(pod.containers, proxy, hold ? "front" : "end");
  const native = pod.initContainers.some((container) => container.name === proxy);
  for (const [name, to] of native ? nativeMoves : moves)
    pod.initContainers = move(pod.initContainers, name, to);
}
