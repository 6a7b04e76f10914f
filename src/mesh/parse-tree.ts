import { GoYamlError, yamlToJson } from "../goyaml/index.js";
import type { JsonValue } from "../json/index.js";
import { MeshError } from "./mesh-error.js";

/** The tree of a YAML or JSON text; a tree is returned as it is. Throws a {@link MeshError} with the position of a fault in the text. */
export function parseTree(input: JsonValue, source: string): JsonValue {
  if (typeof input !== "string") return input;
  try {
    return yamlToJson(input);
  } catch (cause) {
    if (!(cause instanceof GoYamlError)) throw cause;
    const { line, column } = cause;
    // What stands where an anchor's name should may be a password that begins with an asterisk.
    const detail = cause.message.replace(/anchor '[^']*' /, "anchor ");
    throw new MeshError("syntax", `Cannot read ${source}: ${detail}`, {
      source,
      line,
      column,
      detail,
      cause,
    });
  }
}
