import { typeOf } from "./kind.js";
import type { Run } from "./run.js";
import {
  GoScalar,
  GoStruct,
  GoValue,
  NilPointer,
  type ParameterType,
  TypedMap,
  TypedSlice,
  type Value,
} from "./value.js";

/** Turns a value into the argument that a parameter takes, or fails at the run's node. */
export type Convert = (run: Run, value: Value) => Value;

const nilable = /^(?:\*|\[\]|map\[|func)|^(?:any|interface \{\}|reflect|error)$/;

/** How a value becomes an argument of this type, as Go's validateType decides. */
export function converterTo(type: ParameterType): Convert {
  switch (type) {
    case "any":
    case "interface {}":
      return (_run, value) => (value === undefined ? null : value);
    case "reflect":
      return (_run, value) => value;
    case "string":
      return (run, value) => (typeof value === "string" ? value : convertOther(run, value, type));
    default:
      return (run, value) => convertOther(run, value, type);
  }
}

function convertOther(run: Run, value: Value, type: ParameterType): Value {
  if (value === undefined) {
    if (canBeNil(type)) return zeroOf(type);
    return run.fail(`invalid value; expected ${type}`);
  }
  if (value === null) return run.fail(`wrong type for value; expected ${type}; got interface {}`);
  const actual = typeOf(value);
  if (actual === type) return value;
  if (type === "error" && value instanceof GoValue && value.method("Error") !== undefined) return value;
  if (value instanceof NilPointer && actual === `*${type}`)
    return run.fail(`dereference of nil pointer of type ${actual}`);
  if (value instanceof GoStruct && (actual === `*${type}` || type === `*${actual}`)) return value;
  return run.fail(`wrong type for value; expected ${type}; got ${actual}`);
}

/** Whether a parameter of this type takes nil. */
export function canBeNil(type: ParameterType): boolean {
  return nilable.test(type);
}

/** The nil of a type that has one. */
export function zeroOf(type: ParameterType): Value {
  if (type === "reflect") return undefined;
  if (type === "[]interface {}") return [];
  if (type === "map[string]interface {}") return {};
  if (type.startsWith("[]")) return new TypedSlice(type, [], true);
  if (type.startsWith("map[")) return new TypedMap(type, {}, zeroOfElement(type), true);
  return type.startsWith("*") ? new NilPointer(type) : null;
}

function zeroOfElement(mapType: string): Value {
  const element = mapType.slice(mapType.indexOf("]") + 1);
  if (element === "string") return "";
  if (element === "bool") return false;
  return undefined;
}

/** What a type is to a constant in a template. Named types are known by their own names only. */
export function constantKind(type: ParameterType): "string" | "bool" | "int" | "uint" | "float" | "other" {
  if (type === "string") return "string";
  if (type === "bool") return "bool";
  if (/^int(?:8|16|32|64)?$/.test(type) || type === "time.Duration") return "int";
  if (/^uint(?:8|16|32|64)?$/.test(type)) return "uint";
  return type === "float32" || type === "float64" ? "float" : "other";
}

const sizedTypes = {
  int8: "int8",
  int16: "int16",
  int32: "int32",
  int64: "int64",
  uint: "uint",
  uint8: "uint8",
  uint16: "uint16",
  uint32: "uint32",
  uint64: "uint64",
} as const;

function isSized(type: string): type is keyof typeof sizedTypes {
  return Object.hasOwn(sizedTypes, type);
}

/** A number of a type, from a constant that fits it. */
export function numberOfType(type: ParameterType, value: bigint | number): Value {
  if (isSized(type)) return new GoScalar(sizedTypes[type], type, truncate(type, value));
  if (type === "float32") return new GoScalar("float32", type, Math.fround(Number(value)));
  return type === "time.Duration" ? new GoScalar("int64", type, value) : value;
}

// Go stores a constant in a smaller type without a look at its size: 300 becomes the uint8 44.
function truncate(type: string, value: bigint | number): bigint {
  const bits = Number(/^\D*(\d+)$/.exec(type)?.[1] ?? "64");
  return type.startsWith("u") ? BigInt.asUintN(bits, BigInt(value)) : BigInt.asIntN(bits, BigInt(value));
}
