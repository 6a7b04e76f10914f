import yaml from "js-yaml";
import { GoYamlError } from "./go-yaml-error.js";
import type { JsonValue } from "./json-value.js";

/** How a text is read. */
export interface YamlOptions {
  /** What the text is, for messages. */
  readonly source?: string;
}

export function yamlToJson(text: string, options: YamlOptions = {}): JsonValue {
  try {
    const all = yaml.loadAll(text, null, { json: true }) as JsonValue[];
    return all[0] ?? null;
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    throw new GoYamlError("syntax", error.reason, {
      line: error.mark.line + 1,
      column: error.mark.column + 1,
      sourceLine: text.split("\n")[error.mark.line] ?? "",
      source: options.source ?? "",
    });
  }
}
