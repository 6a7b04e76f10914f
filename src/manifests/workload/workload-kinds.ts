/** Where a kind keeps its pod template. */
export interface WorkloadKind {
  /** The path of the object that holds the pod's `metadata` and `spec`; empty when the object is a pod itself. */
  readonly template: readonly string[];
}

const inSpec: WorkloadKind = { template: ["spec", "template"] };

/**
 * The kinds with a pod in them, by `apiVersion kind`: the very versions that Istio's offline injection knows.
 * Others pass through.
 */
export const workloadKinds: ReadonlyMap<string, WorkloadKind> = new Map([
  ["v1 Pod", { template: [] }],
  ["v1 ReplicationController", inSpec],
  ["apps/v1 Deployment", inSpec],
  ["apps/v1 DaemonSet", inSpec],
  ["apps/v1 ReplicaSet", inSpec],
  ["apps/v1 StatefulSet", inSpec],
  ["batch/v1 Job", inSpec],
  ["batch/v1 CronJob", { template: ["spec", "jobTemplate", "spec", "template"] }],
  ["apps.openshift.io/v1 DeploymentConfig", inSpec],
  // The version that it had before OpenShift had API groups.
  ["v1 DeploymentConfig", inSpec],
]);

/** A kind of the user's whose `spec.template` is a pod template, in any version of its group. */
export interface CustomKind {
  readonly group: string;
  readonly kind: string;
}

/** Reads `group/Kind`, such as `argoproj.io/Rollout`. Undefined when it is something else. */
export function parseCustomKind(text: string): CustomKind | undefined {
  const match = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)\/([A-Za-z][A-Za-z0-9]*)$/.exec(text);
  return match?.[1] === undefined || match[3] === undefined ? undefined : { group: match[1], kind: match[3] };
}

/** Where an object of this kind keeps its pod template; undefined when it has none that is known. */
export function workloadKind(
  apiVersion: string,
  kind: string,
  custom: readonly CustomKind[],
): WorkloadKind | undefined {
  const known = workloadKinds.get(`${apiVersion} ${kind}`);
  if (known !== undefined) return known;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return custom.some((one) => one.group === group && one.kind === kind) ? inSpec : undefined;
}
