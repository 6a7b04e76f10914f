import type { JsonValue } from "../json/index.js";
import type { GoType } from "./struct-schema.js";

/** The zero value of a Go type, as its encoder writes it. */
export function zeroOf(type: GoType): JsonValue {
  switch (type.kind) {
    case "string":
      return "";
    case "quantity":
      return "0";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "int-or-string":
      return 0;
    case "struct":
      return {};
    default:
      return null;
  }
}

/** The value of an absent field: that of a nil pointer, list or map, or of a scalar that nobody set. */
export function nilOf(type: GoType): JsonValue {
  return type.pointer || type.kind === "struct" ? null : zeroOf(type);
}
