import type { ManifestError } from "./manifest-error.js";
import type { ManifestText } from "./read-documents.js";
import { type ManifestPod, transformManifest } from "./transform-manifest.js";
import type { CustomKind } from "./workload/workload-kinds.js";

/** The pods of a manifest, and what is wrong with documents that cannot be read. */
export function readManifestPods(
  file: ManifestText,
  customKinds: readonly CustomKind[] = [],
): { readonly pods: readonly ManifestPod[]; readonly errors: readonly ManifestError[] } {
  const pods: ManifestPod[] = [];
  const { errors } = transformManifest(
    file,
    (pod) => {
      pods.push(pod);
      return pod.template.pod;
    },
    customKinds,
  );
  return { pods, errors };
}
