import { getOwn, isObject, type JsonObject } from "../json/index.js";

function child(object: JsonObject, key: string): JsonObject {
  const value = getOwn(object, key);
  return isObject(value) ? value : {};
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => (Object.hasOwn(object, key) ? [[key, object[key] ?? null]] : [])),
  );
}

/** The object without what the API server alone needs, so that it changes only when its content does. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = pick(child(object, "metadata"), ["name", "namespace", "labels", "creationTimestamp"]);
  const { status: _status, ...rest } = object;
  return { ...rest, metadata };
}

/** A Node's name and its kubelet's version: a Node's heartbeats are no change of the configuration. */
export function kubeletVersionOnly(node: JsonObject): JsonObject {
  const nodeInfo = pick(child(child(node, "status"), "nodeInfo"), ["kubeletVersion"]);
  return { metadata: pick(child(node, "metadata"), ["name"]), status: { nodeInfo } };
}

/** A Namespace's name and the annotations by which OpenShift hands out user ids. */
export function annotationsOnly(namespace: JsonObject): JsonObject {
  const metadata = child(namespace, "metadata");
  const annotations = pick(child(metadata, "annotations"), [
    "openshift.io/sa.scc.uid-range",
    "openshift.io/sa.scc.supplemental-groups",
  ]);
  return { metadata: { ...pick(metadata, ["name"]), annotations } };
}

/** The object as it is: for kinds of which there are few, and that are written by their resourceVersion. */
export function unchanged(object: JsonObject): JsonObject {
  return object;
}
