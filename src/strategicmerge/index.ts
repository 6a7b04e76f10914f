export { isPlain } from "./is-plain.js";
export type { MergeField, MergeSchema } from "./merge-schema.js";
export { podMergeSchema } from "./pod-merge-schema.js";
export { strategicMerge } from "./strategic-merge.js";
export { StrategicMergeError, type StrategicMergeErrorCode } from "./strategic-merge-error.js";
export { tolerant } from "./tolerant-schema.js";
