export { alignLists, type ListKey, type ListStep } from "./align-lists.js";
export { apply } from "./apply.js";
export { diff } from "./diff.js";
export { JsonPatchError, type JsonPatchErrorCode } from "./json-patch-error.js";
export type { Operation } from "./operation.js";
