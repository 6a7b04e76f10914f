import { yamlToJson } from "../goyaml/index.js";
import type { JsonValue } from "../kube/index.js";
import { MeshError } from "./mesh-error.js";

/** The tree of a YAML or JSON text; a tree is returned as it is. Throws a {@link MeshError} with the position of a fault in the text. */
export function parseTree(input: JsonValue, source: string): JsonValue {
  if (typeof input !== "string") return input;
  try {
    return yamlToJson(input, { source });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const place = { source, line: position(cause, "line"), column: position(cause, "column"), detail, cause };
    throw new MeshError("syntax", `Cannot read ${source}: ${detail}`, place);
  }
}

function position(error: unknown, key: "line" | "column"): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, key);
  return typeof value === "number" ? value : undefined;
}
