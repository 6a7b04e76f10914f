import { type InjectionWarning, type Snapshot, uninject } from "../injection/index.js";
import type { ManifestText } from "./read-documents.js";
import { type ManifestPod, type TransformedManifest, transformManifest } from "./transform-manifest.js";
import type { CustomKind } from "./workload/workload-kinds.js";

export interface ManifestUninjectOptions {
  /** The configuration that injected the manifest. */
  readonly snapshot?: Snapshot;
  readonly namespace?: string;
  readonly customKinds?: readonly CustomKind[];
}

export interface UninjectedManifest extends TransformedManifest {
  /** What could not be restored for sure, with the pod that it is about. */
  readonly warnings: readonly (InjectionWarning & { readonly object: string })[];
}

/** Takes injection back from every pod of a manifest. What was not injected stays byte for byte. */
export function uninjectManifest(
  file: ManifestText,
  options: ManifestUninjectOptions = {},
): UninjectedManifest {
  const warnings: (InjectionWarning & { object: string })[] = [];
  const change = ({ template, object }: ManifestPod) => {
    const namespace = template.namespace || (options.namespace ?? "");
    const owner = template.owner === undefined ? {} : { owner: { ...template.owner, namespace } };
    const snapshot = options.snapshot === undefined ? {} : { snapshot: options.snapshot };
    const result = uninject(template.pod, { ...snapshot, context: { namespace, ...owner } });
    warnings.push(...result.warnings.map((warning) => ({ ...warning, object })));
    return result.pod;
  };
  return { ...transformManifest(file, change, options.customKinds), warnings };
}
