import { compareBytes } from "../go/index.js";
import { type Basic, basicOf } from "./basic-kind.js";
import { kindOf, typeOf } from "./kind.js";
import { goPrint } from "./print.js";
import { goSprintf } from "./sprintf.js";
import { GoStruct, NilPointer, noField, TypedMap, TypedSlice, type Value } from "./value.js";

const badType = "invalid type for comparison";

/** `eq`: whether the first value equals one of the others. Throws an Error with Go's words when they do not compare. */
export function equal(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new Error("missing argument for comparison");
  return others.some((other) => equalTwo(first, other));
}

/** `ne`. Throws as `equal`. */
export function notEqual(a: Value, b: Value): boolean {
  return !equal(a, [b]);
}

/** `lt`. Throws an Error with Go's words for what has no order. */
export function less(a: Value, b: Value): boolean {
  const left = basicOf(a);
  const right = basicOf(b);
  if (left === undefined || right === undefined) throw new Error(badType);
  if (left.kind !== right.kind && !(isInteger(left) && isInteger(right))) throw incompatible(a, b);
  if (left.kind === "bool") throw new Error(badType);
  return isLess(left.value, right.value);
}

/** `le`. Throws as `less`. */
export function lessOrEqual(a: Value, b: Value): boolean {
  return less(a, b) || equal(a, [b]);
}

/** `gt`. As in Go this is not `le`, so NaN is greater than everything. Throws as `less`. */
export function greater(a: Value, b: Value): boolean {
  return !lessOrEqual(a, b);
}

/** `ge`. As in Go this is not `lt`. Throws as `less`. */
export function greaterOrEqual(a: Value, b: Value): boolean {
  return !less(a, b);
}

function isInteger({ kind }: Basic): boolean {
  return kind === "int" || kind === "uint";
}

function equalTwo(a: Value, b: Value): boolean {
  const left = basicOf(a);
  const right = basicOf(b);
  if (left === undefined && right === undefined) return equalOthers(a, b);
  if (
    left !== undefined &&
    right !== undefined &&
    (left.kind === right.kind || (isInteger(left) && isInteger(right)))
  )
    return left.value === right.value;
  if (isNothing(a) || isNothing(b)) return false;
  throw incompatible(a, b);
}

function incompatible(a: Value, b: Value): Error {
  return new Error(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`);
}

function isNothing(value: Value): value is null | undefined {
  return value === null || value === undefined;
}

function isNil(value: Value): boolean {
  if (isNothing(value) || value instanceof NilPointer) return true;
  return (value instanceof TypedMap || value instanceof TypedSlice) && value.isNil;
}

function equalOthers(a: Value, b: Value): boolean {
  if (isNothing(a) || isNothing(b)) return isNil(a) && isNil(b);
  if (kindOf(a) !== kindOf(b)) {
    const start = goSprintf("non-comparable types %s: %s, %s: ", [a, typeOf(a), typeOf(b)]);
    throw new Error(start + goPrint(b));
  }
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b);
  if (!isComparable(b)) throw new Error(goSprintf("non-comparable type %s: %s", [b, typeOf(b)]));
  if (a instanceof GoStruct && b instanceof GoStruct && b.kind === "struct")
    return a.type === b.type && equalFields(a, b);
  return a === b;
}

function isComparable(value: Value): boolean {
  const kind = kindOf(value);
  if (value instanceof GoStruct && kind === "struct") return fieldsOf(value).every(isComparable);
  return kind !== "map" && kind !== "slice" && kind !== "func";
}

function fieldsOf(struct: GoStruct): Value[] {
  return struct.fieldNames().map((name) => {
    const value = struct.field(name);
    return value === noField ? undefined : value;
  });
}

function equalFields(a: GoStruct, b: GoStruct): boolean {
  const others = fieldsOf(b);
  return fieldsOf(a).every((field, index) => field === others[index] || equalTwo(field, others[index]));
}

function isLess(a: Basic["value"], b: Basic["value"]): boolean {
  return typeof a === "string" && typeof b === "string" ? compareBytes(a, b) < 0 : a < b;
}
