import { groupText, restart } from "./check-pods.js";
import { type Finding, fault, fine, notKnown, unread } from "./finding.js";
import type { PodGroup, PodTally } from "./pod-tally.js";
import type { Reading } from "./reading.js";

/** One pod of a group, and what the current configuration would make otherwise in it. */
export interface SidecarSample {
  readonly group: PodGroup;
  /** Absent: the pod went away meanwhile. */
  readonly differences: Reading<readonly string[]>;
}

/** What was looked at of sidecars that may be old. */
export interface SidecarReadings {
  readonly tally: Reading<PodTally>;
  /** Undefined: the configuration is not known, so nothing can be compared. */
  readonly samples: readonly SidecarSample[] | undefined;
  /** Groups that may be old and were not looked at, as there are too many. */
  readonly left: number;
}

/** Are there sidecars that another revision, or an older configuration, has injected? */
export function checkSidecars(
  revision: string,
  { tally, samples, left }: SidecarReadings,
): readonly Finding[] {
  if (tally.kind !== "read") return [unread("sidecars", "Pods", tally)];
  const object = `revision ${revision}`;
  const others = ofOtherRevisions(object, tally.value);
  if (samples === undefined)
    return [
      ...others,
      notKnown("sidecars", {
        object,
        message: "Whether sidecars are up to date is not known without the injector's configuration.",
      }),
    ];
  const denied = samples.find(({ differences }) => differences.kind === "forbidden")?.differences;
  const found = [
    ...others,
    ...outdated(object, samples),
    ...(denied !== undefined && denied.kind !== "read" ? [unread("sidecars", object, denied)] : []),
  ];
  if (left > 0)
    found.push(
      notKnown("sidecars", {
        object,
        message: `${left} workloads are older than the configuration and were not compared; ${samples.length} were.`,
        remedy: "Compare the others namespace by namespace, with --namespace.",
      }),
    );
  if (found.length > 0) return found;
  const count = tally.value.injected.reduce((sum, group) => sum + group.count, 0);
  return [fine("sidecars", { object, message: `${count} sidecars are what the configuration makes now.` })];
}

function ofOtherRevisions(object: string, { ofOthers }: PodTally): readonly Finding[] {
  const [first] = ofOthers;
  if (first === undefined) return [];
  const groups = ofOthers.map(([, group]) => group);
  const revisions = [...new Set(ofOthers.map(([name]) => name))].sort();
  return [
    fault("sidecar-of-other-revision", {
      object,
      message: `${countOf(groups)} pods of this revision have a sidecar that revision ${revisions.join(", ")} injected.`,
      remedy: restart(first[1]),
      items: ofOthers.map(([name, group]) => `${groupText(group)}: ${name}`),
    }),
  ];
}

function outdated(object: string, samples: readonly SidecarSample[]): readonly Finding[] {
  const old = samples.flatMap(({ group, differences }) =>
    differences.kind === "read" && differences.value.length > 0
      ? [{ group, differences: differences.value }]
      : [],
  );
  const [first] = old;
  if (first === undefined) return [];
  return [
    fault("sidecar-outdated", {
      object,
      message: `Sidecars of ${old.length} ${old.length === 1 ? "workload" : "workloads"} (up to ${countOf(old.map(({ group }) => group))} pods) are not what the configuration makes now.`,
      remedy: restart(first.group),
      items: old.map(({ group, differences }) => `${groupText(group)}: ${differences.join("; ")}`),
    }),
  ];
}

function countOf(groups: readonly PodGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}
