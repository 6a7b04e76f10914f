import { type JsonObject, objectOrEmpty, pick } from "../json/index.js";

/** The object without what the API server alone needs, so that it changes only when its content does. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = pick(objectOrEmpty(object, "metadata"), [
    "name",
    "namespace",
    "labels",
    "creationTimestamp",
  ]);
  const { status: _status, ...rest } = object;
  return { ...rest, metadata };
}

/** A Node's name and its kubelet's version: a Node's heartbeats are no change of the configuration. */
export function kubeletVersionOnly(node: JsonObject): JsonObject {
  const nodeInfo = pick(objectOrEmpty(node, "status", "nodeInfo"), ["kubeletVersion"]);
  return { metadata: pick(objectOrEmpty(node, "metadata"), ["name"]), status: { nodeInfo } };
}

/** A Namespace's name and the annotations by which OpenShift hands out user ids. */
export function annotationsOnly(namespace: JsonObject): JsonObject {
  const metadata = objectOrEmpty(namespace, "metadata");
  const annotations = pick(objectOrEmpty(metadata, "annotations"), [
    "openshift.io/sa.scc.uid-range",
    "openshift.io/sa.scc.supplemental-groups",
  ]);
  return { metadata: { ...pick(metadata, ["name"]), annotations } };
}

/** The object as it is: for kinds of which there are few, and that are written by their resourceVersion. */
export function unchanged(object: JsonObject): JsonObject {
  return object;
}
