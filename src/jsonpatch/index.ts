export { apply } from "./apply.js";
export { diff } from "./diff.js";
export { JsonPatchError, type JsonPatchErrorCode } from "./json-patch-error.js";
export type { Operation } from "./operation.js";
