import { InjectionError } from "./injection-error.js";
import { names } from "./names.js";
import { type Pod, treeOf } from "./pod.js";
import type { RecordedOverrides } from "./recorded-overrides.js";
import type { RequestBudget } from "./request-budget.js";
import type { RequestLimits } from "./request-limits.js";

/** The shortest member of an object, such as `"":1`, and the comma behind it. */
const shortestMember = 5;

/**
 * Rejects a pod that is too large to be injected in the time of one request, before anything is done that takes long for it.
 * Throws InjectionError `pod-too-large`, which names what there is too much of.
 */
export function checkSize(pod: Pod, { limits, size }: Pick<RequestBudget, "limits" | "size">): void {
  const { metadata = {}, spec = {} } = pod;
  const count = (spec.containers?.length ?? 0) + (spec.initContainers?.length ?? 0);
  tooMany(count, limits.containers, "containers", "spec");
  if (size <= Math.min(limits.keys * shortestMember, limits.annotationBytes)) return;
  const { annotations = {}, labels = {} } = metadata;
  checkKeys(annotations, limits, "annotations", "metadata");
  checkKeys(labels, limits, "labels", "metadata");
  const { metadata: metadataTree, spec: specTree } = treeOf(pod);
  checkKeys(metadataTree, limits, "fields", "metadata");
  checkKeys(specTree, limits, "fields", "spec");
  checkAnnotations(annotations, limits.annotationBytes);
}

/**
 * Rejects a pod of which the annotation `proxy.istio.io/overrides` remembers too many containers, since they stand beside its own
 * in what templates see. Throws InjectionError `pod-too-large`.
 */
export function checkRecorded(
  { containers, initContainers }: RecordedOverrides,
  limits: RequestLimits,
): void {
  const count = containers.length + initContainers.length;
  tooMany(count, limits.containers, "containers", `annotation ${names.overrides}`);
}

function checkKeys(map: unknown, { keys }: RequestLimits, what: string, place: string): void {
  if (typeof map !== "object" || map === null) return;
  tooMany(Object.keys(map).length, keys, what, place);
}

function tooMany(count: number, limit: number, what: string, place: string): void {
  if (count > limit)
    throw new InjectionError(
      "pod-too-large",
      `${place} has ${count} ${what}; injection takes ${limit} at most`,
    );
}

/** Kubernetes counts bytes. A UTF-16 unit is three of them at most, so that most pods need no exact count. */
function checkAnnotations(annotations: Readonly<Record<string, string>>, limit: number): void {
  let units = 0;
  for (const name in annotations) units += name.length + (annotations[name] ?? "").length;
  if (units * 3 <= limit) return;
  let bytes = 0;
  for (const name in annotations)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(annotations[name] ?? "");
  if (bytes > limit)
    throw new InjectionError(
      "pod-too-large",
      `metadata.annotations has ${bytes} bytes of names and values; Kubernetes takes ${limit} at most`,
    );
}
