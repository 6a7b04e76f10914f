import { type JsonObject, objectAt, textAt, withKey } from "../../json/index.js";
import { detectOwner } from "../../kube/index.js";
import { inject } from "../inject.js";
import type { InjectionContext } from "../injection-context.js";
import { InjectionError } from "../injection-error.js";
import type { Snapshot } from "../snapshot.js";
import { type Written, writtenMetadata } from "./undo-metadata.js";

/** What tells which labels and annotations are the injection's. */
export interface MetadataEvidence {
  /** The configuration that injected the pod, where it is known. */
  readonly snapshot?: Snapshot;
  readonly context?: InjectionContext;
  /** Whether the pod was injected for the CNI plugin. */
  readonly cni: boolean;
}

/**
 * Removes the labels and annotations that injection wrote, and keeps those that it would not have written. With a
 * configuration it asks injection itself: what comes back when the pod is injected without them was the injection's.
 *
 * @param pod the pod that came in
 * @param bare the pod without everything else that injection added
 */
export function settleMetadata(
  pod: JsonObject,
  bare: JsonObject,
  evidence: MetadataEvidence,
  warn: (message: string) => unknown,
): JsonObject {
  const { snapshot, context, cni } = evidence;
  const ownerName = context?.owner?.name ?? detectOwner(objectAt(pod, "metadata") ?? {}).name;
  const written = writtenMetadata(bare, cni || snapshot !== undefined, ownerName);
  const candidate = mapMetadata(bare, (map, kind) => without(map, [...written[kind].keys()]));
  const again = reinject(candidate, evidence);
  return mapMetadata(bare, (map, kind) => {
    let result = map;
    for (const [key, entry] of written[kind]) {
      const value = textAt(map, key);
      if (value === undefined) continue;
      const expected =
        again === undefined ? entry.usual : textAt(objectAt(objectAt(again, "metadata"), kind), key);
      if (value === expected) result = withKey(result, key, undefined);
      else if (isExtended(candidate, kind, key, value, evidence))
        result = withKey(result, key, withoutLast(value));
      else if (expected === undefined && entry.configured && (cni || !entry.cni))
        warn(`${key}: kept, because this configuration does not add it`);
    }
    return result;
  });
}

/** Injection adds the agent's port to the list of ports that a pod excludes. */
function isExtended(
  candidate: JsonObject,
  kind: "labels" | "annotations",
  key: string,
  value: string,
  evidence: MetadataEvidence,
): boolean {
  if (key !== "traffic.sidecar.istio.io/excludeInboundPorts" || !value.includes(",")) return false;
  const metadata = objectAt(candidate, "metadata") ?? {};
  const map = objectAt(metadata, kind) ?? {};
  const shorter = { ...candidate, metadata: { ...metadata, [kind]: { ...map, [key]: withoutLast(value) } } };
  return textAt(objectAt(objectAt(reinject(shorter, evidence), "metadata"), kind), key) === value;
}

function withoutLast(list: string): string {
  return list.slice(0, list.lastIndexOf(","));
}

function without(map: JsonObject, keys: readonly string[]): JsonObject {
  return keys.reduce((result, key) => withKey(result, key, undefined), map);
}

/** The pod with other labels and annotations. A map that has lost everything goes. */
function mapMetadata(
  pod: JsonObject,
  change: (map: JsonObject, kind: keyof Written) => JsonObject,
): JsonObject {
  let metadata = objectAt(pod, "metadata") ?? {};
  for (const kind of ["labels", "annotations"] as const) {
    const map = objectAt(metadata, kind);
    if (map === undefined) continue;
    const changed = change(map, kind);
    metadata = withKey(metadata, kind, Object.keys(changed).length === 0 ? undefined : changed);
  }
  return withKey(pod, "metadata", Object.keys(metadata).length === 0 ? undefined : metadata);
}

/** What the given configuration makes of the pod; undefined where it makes nothing of it. */
function reinject(pod: JsonObject, { snapshot, context }: MetadataEvidence): JsonObject | undefined {
  if (snapshot === undefined) return undefined;
  try {
    const result = inject(pod, context ?? {}, snapshot);
    return result.decision === "inject" ? result.pod : undefined;
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    return undefined;
  }
}
