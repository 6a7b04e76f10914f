export { GoYamlError, type GoYamlErrorCode, type GoYamlPlace } from "./go-yaml-error.js";
export { jsonParse } from "./json-parse.js";
export { jsonToYaml } from "./json-to-yaml.js";
export type { ScalarPattern } from "./scalar-pattern.js";
export { splitDocuments, type YamlDocument } from "./split-documents.js";
export { structuralDifference } from "./structural-difference.js";
export { type YamlOptions, yamlToJson } from "./yaml-to-json.js";
export { type MarkedScalar, type YamlWithSlots, yamlWithSlots } from "./yaml-with-slots.js";
