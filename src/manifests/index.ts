export { rewriteDocument } from "./edit/rewrite-document.js";
export {
  type InjectedManifest,
  injectManifest,
  injectPod,
  type ManifestInjectOptions,
  type PodOutcome,
} from "./inject-manifest.js";
export { ManifestError, type ManifestErrorCode, type ManifestPlace } from "./manifest-error.js";
export { type ManifestDocument, type ManifestText, readDocuments } from "./read-documents.js";
export { readManifestPods } from "./read-manifest-pods.js";
export { functionConfig, type ResourceListResult, transformResourceList } from "./resource-list.js";
export { locate } from "./source/locate.js";
export { injectManifestStrictly, type StrictManifest } from "./strict/strict-manifest.js";
export {
  type ManifestPod,
  type PodChange,
  type TransformedManifest,
  transformManifest,
} from "./transform-manifest.js";
export {
  type ManifestUninjectOptions,
  type UninjectedManifest,
  uninjectManifest,
} from "./uninject-manifest.js";
export { type FoundTemplates, findPodTemplates, type PodTemplate } from "./workload/pod-template.js";
export { type CustomKind, parseCustomKind } from "./workload/workload-kinds.js";
