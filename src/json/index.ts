export { deepClone } from "./deep-clone.js";
export { deepEqual } from "./deep-equal.js";
export { deepFreeze, isDeepFrozen } from "./deep-freeze.js";
export { jsonStringify } from "./json-stringify.js";
export { jsonText } from "./json-text.js";
export { isObject, type JsonObject, type JsonValue } from "./json-value.js";
export { getOwn, joined, setOwn } from "./own-key.js";
export {
  memberOf,
  objectAt,
  objectOrEmpty,
  objectsAt,
  textAt,
  textListAt,
  textOrEmpty,
  textsAt,
  valueAt,
} from "./tree.js";
export { pick, withKey, withKeyReplaced } from "./with-key.js";
