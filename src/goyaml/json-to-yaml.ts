import yaml from "js-yaml";
import type { JsonValue } from "./json-value.js";

/** Prints YAML with sorted keys. */
export function jsonToYaml(value: JsonValue): string {
  return yaml.dump(value, { sortKeys: true, noRefs: true, lineWidth: -1 });
}
