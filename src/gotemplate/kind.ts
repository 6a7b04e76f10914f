import { GoValue, type Kind, type Value } from "./value.js";

/** The kind of a value, as reflect.Kind names it; `invalid` for no value and for nil. */
export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case "string":
      return "string";
    case "bigint":
      return "int";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "undefined":
      return "invalid";
    default:
      if (value === null) return "invalid";
      if (value instanceof GoValue) return value.kind;
      return Array.isArray(value) ? "slice" : "map";
  }
}

/** The type of a value as `%T` prints it, such as `map[string]interface {}`; `<nil>` for no value and for nil. */
export function typeOf(value: Value): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "bigint":
      return "int";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "undefined":
      return "<nil>";
    default:
      if (value === null) return "<nil>";
      if (value instanceof GoValue) return value.type;
      return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
  }
}
