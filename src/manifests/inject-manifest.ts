import { InjectionError, type InjectionResult, inject, type Snapshot } from "../injection/index.js";
import { ManifestError } from "./manifest-error.js";
import type { ManifestText } from "./read-documents.js";
import { type ManifestPod, type TransformedManifest, transformManifest } from "./transform-manifest.js";
import type { CustomKind } from "./workload/workload-kinds.js";

export interface ManifestInjectOptions {
  readonly snapshot: Snapshot;
  /** The namespace of objects that name none. */
  readonly namespace?: string;
  readonly customKinds?: readonly CustomKind[];
}

/** What became of one pod of a manifest. */
export interface PodOutcome extends ManifestPod {
  readonly result: InjectionResult;
}

export interface InjectedManifest extends TransformedManifest {
  /** Every pod that was decided about, in the order of the text. */
  readonly outcomes: readonly PodOutcome[];
}

/**
 * Injects every pod of a manifest: workloads, Pods, and Lists of them. The owner that templates see is the workload, as
 * it will be once its controller makes the pod. Everything that injection does not change stays byte for byte.
 */
export function injectManifest(file: ManifestText, options: ManifestInjectOptions): InjectedManifest {
  const outcomes: PodOutcome[] = [];
  const change = (pod: ManifestPod) => {
    const result = injectPod(pod, options);
    outcomes.push({ ...pod, result });
    return result.pod;
  };
  return { ...transformManifest(file, change, options.customKinds), outcomes };
}

/** Injects one pod of a manifest. Throws ManifestError `injection-failed` with the InjectionError as its cause. */
export function injectPod(
  pod: ManifestPod,
  { snapshot, namespace = "" }: ManifestInjectOptions,
): InjectionResult {
  const { template, object, source, line } = pod;
  const podNamespace = template.namespace || namespace;
  const owner = template.owner === undefined ? undefined : { ...template.owner, namespace: podNamespace };
  try {
    return inject(
      template.pod,
      { namespace: podNamespace, ...(owner === undefined ? {} : { owner }) },
      snapshot,
    );
  } catch (cause) {
    if (!(cause instanceof InjectionError)) throw cause;
    throw new ManifestError("injection-failed", cause.message, { source, line, object }, { cause });
  }
}
