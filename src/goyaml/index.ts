export { goJson } from "./go-json.js";
export { GoYamlError, type GoYamlErrorCode, type GoYamlPlace } from "./go-yaml-error.js";
export { jsonParse } from "./json-parse.js";
export { jsonStringify } from "./json-stringify.js";
export { jsonToYaml } from "./json-to-yaml.js";
export type { JsonObject, JsonValue } from "./json-value.js";
export { splitDocuments, type YamlDocument } from "./split-documents.js";
export { type YamlOptions, yamlToJson } from "./yaml-to-json.js";
