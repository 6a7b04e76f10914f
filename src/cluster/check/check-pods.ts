import { command, type Finding, fault, fine, unread } from "./finding.js";
import type { PodGroup, PodTally } from "./pod-tally.js";
import type { Reading } from "./reading.js";

/** Have the pods that should have a sidecar got one? */
export function checkPods(revision: string, tally: Reading<PodTally>): readonly Finding[] {
  if (tally.kind !== "read") return [unread("pods", "Pods", tally)];
  const { total, wanted, missing } = tally.value;
  if (missing.length === 0)
    return [
      fine("pods", {
        object: `revision ${revision}`,
        message: `Every pod that should have a sidecar has one: ${wanted} of ${total} pods.`,
      }),
    ];
  const count = missing.reduce((sum, group) => sum + group.count, 0);
  const [first] = missing;
  return [
    fault("sidecar-missing", {
      object: `revision ${revision}`,
      message: `${count} of ${wanted} pods that should have a sidecar run without one: they were made before their namespace was labelled, or while the injector did not answer.`,
      remedy: first === undefined ? "" : restart(first),
      items: missing.map(groupText),
    }),
  ];
}

/** How the pods of a group are made anew. A pod without a controller has to be made by whoever made it. */
export function restart({ namespace, workload }: PodGroup): string {
  const [kind = "", name = ""] = workload.split("/");
  return ["deployment", "statefulset", "daemonset"].includes(kind)
    ? `Make them anew: ${command(`kubectl -n ${namespace} rollout restart ${workload}`)}.`
    : `Make them anew: delete pod ${kind === "pod" ? name : `of ${workload}`} in namespace ${namespace}, and create it again.`;
}

/** A group in a list. */
export function groupText({ namespace, workload, count }: PodGroup): string {
  return `${namespace} ${workload} (${count})`;
}
