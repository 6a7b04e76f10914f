import { GoScalar, type Value } from "./value.js";

/** What the comparison functions tell apart: the integer and the float types count as one each. */
export type BasicKind = "bool" | "int" | "uint" | "float" | "string";

/** A value that can be compared: its kind and its plain JavaScript twin. */
export interface Basic {
  readonly kind: BasicKind;
  readonly value: boolean | bigint | number | string;
}

/** The basic kind of a value, undefined for nil, no value, lists, maps, structs, pointers and functions. */
export function basicKind(value: Value): BasicKind | undefined {
  return basicOf(value)?.kind;
}

/** The kind and the plain value of a scalar, undefined for anything else. */
export function basicOf(value: Value): Basic | undefined {
  switch (typeof value) {
    case "string":
      return { kind: "string", value };
    case "bigint":
      return { kind: "int", value };
    case "number":
      return { kind: "float", value };
    case "boolean":
      return { kind: "bool", value };
    default:
      return value instanceof GoScalar ? { kind: scalarKind(value), value: value.value } : undefined;
  }
}

function scalarKind(scalar: GoScalar): BasicKind {
  const { kind } = scalar;
  if (kind === "bool" || kind === "string") return kind;
  if (kind === "float32" || kind === "float64") return "float";
  return kind.startsWith("uint") ? "uint" : "int";
}
