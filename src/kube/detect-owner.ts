import { getOwn, isObject, type JsonObject, type JsonValue, textOrEmpty } from "../json/index.js";

/** What a pod belongs to, as templates see it in DeploymentMeta and TypeMeta. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A name without `-<hash>` at its end; undefined when there is no hash or the name does not end in it. */
function withoutHash(name: string, hash: string): string | undefined {
  if (hash === "" || !name.endsWith(hash)) return undefined;
  return name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : name;
}

/** The names that the CronJob controller gives end in minutes or seconds since the epoch. */
const scheduledJob = /^(.+)-[0-9]{8,10}$/;

function climb(reference: JsonObject, labels: JsonObject): Omit<Owner, "namespace"> {
  const label = (key: string) => textOrEmpty(getOwn(labels, key));
  const apiVersion = textOrEmpty(reference.apiVersion);
  const kind = textOrEmpty(reference.kind);
  const name = textOrEmpty(reference.name);
  if (kind === "ReplicaSet") {
    const deployment = withoutHash(name, label("pod-template-hash"));
    if (deployment !== undefined) return { apiVersion, kind: "Deployment", name: deployment };
    const rollout = withoutHash(name, label("rollouts-pod-template-hash"));
    if (rollout !== undefined) return { apiVersion: "v1alpha1", kind: "Rollout", name: rollout };
  }
  if (kind === "ReplicationController") {
    const config = label("deploymentconfig");
    if (config !== "") return { apiVersion, kind: "DeploymentConfig", name: config };
  }
  if (kind === "Job") {
    const schedule = scheduledJob.exec(name)?.[1];
    if (schedule !== undefined) return { apiVersion: "batch/v1", kind: "CronJob", name: schedule };
  }
  return { apiVersion, kind, name };
}

function controls(reference: JsonValue): reference is JsonObject {
  return isObject(reference) && reference.controller === true;
}

/**
 * The workload behind a pod, from the pod's metadata alone, as istiod finds it.
 * A pod without generateName or without a controlling owner stands for itself. Values of a wrong type count as absent.
 */
export function detectOwner(metadata: JsonObject): Owner {
  const own = { apiVersion: "v1", kind: "Pod", name: textOrEmpty(metadata.name) };
  const namespace = textOrEmpty(metadata.namespace);
  if (textOrEmpty(metadata.generateName) === "") return { ...own, namespace };
  const { ownerReferences: references, labels } = metadata;
  const controller = Array.isArray(references) ? references.find(controls) : undefined;
  if (controller === undefined) return { ...own, namespace };
  const { apiVersion, kind, name } = climb(controller, isObject(labels) ? labels : {});
  return { apiVersion, kind, name: name === "" ? own.name : name, namespace };
}
