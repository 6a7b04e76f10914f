import type { Template } from "../../gotemplate/index.js";
import type { Snapshot } from "../snapshot.js";
import { TemplateTraces } from "./template-traces.js";
import { TraceBudget } from "./trace-budget.js";

type TracesByTemplate = ReadonlyMap<Template, TemplateTraces>;

const none: TracesByTemplate = new Map();

/**
 * What pods have shown of the templates of a snapshot. It is kept beside the snapshot and not in it: a copy in which
 * something else is said, such as `explain` makes, has seen no pod.
 */
const known = new WeakMap<Snapshot, TracesByTemplate>();

/** From now on, pods of this snapshot that take the same path through a template share the work. */
export function beginTraces(snapshot: Snapshot): void {
  const { templates, strictOffline, platform } = snapshot;
  // A MeshConfig of its own a pod has only offline, and ids of its own a namespace has only on OpenShift.
  const fixed = [
    ...(strictOffline ? [] : ["MeshConfig", "InboundTrafficPolicyMode"]),
    ...(platform === "openshift" ? [] : ["ProxyUID", "ProxyGID"]),
  ];
  const budget = new TraceBudget();
  known.set(
    snapshot,
    new Map([...templates.values()].map((one) => [one, new TemplateTraces(one, fixed, budget)])),
  );
}

/**
 * What pods have shown of a snapshot counts for this one too, which may differ from it in `cluster` alone. Recordings hold for
 * it: of the cluster templates see the pod's settings of the proxy and whether sidecars are native, which
 * recordings are kept by, and ids of the namespace, which are read for each pod where there are any.
 */
export function continueTraces(from: Snapshot, to: Snapshot): void {
  const traces = known.get(from);
  if (traces !== undefined) known.set(to, traces);
}

/** The recordings of a snapshot's templates; empty where none were begun. */
export function tracesOf(snapshot: Snapshot): TracesByTemplate {
  return known.get(snapshot) ?? none;
}
