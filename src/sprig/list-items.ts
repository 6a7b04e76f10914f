import { kindOf, TypedSlice, type Value, type ValueList } from "../gotemplate/index.js";
import type { Invocation } from "./invocation.js";
import { nilDereference, SprigError } from "./sprig-error.js";

/** The elements of a value whose kind is slice; undefined for any other. */
export function itemsOrUndefined(value: Value): ValueList | undefined {
  if (isPlainList(value)) return value;
  return value instanceof TypedSlice ? value.items : undefined;
}

/** Tells whether a value is Go's []interface {}. (Array.isArray does not see readonly arrays.) */
export function isPlainList(value: Value): value is ValueList {
  return Array.isArray(value);
}

/** What takes a list makes a copy of it, and so many elements are copied in the time of a step. */
const itemsPerStep = 16;

/** The elements of a list argument, paid for. Go's message has the kind of what is no list: `Cannot push on type map`. */
export function listItems(call: Invocation, value: Value, complaint: string, rest = ""): ValueList {
  if (value === null || value === undefined) throw nilDereference();
  const items = itemsOrUndefined(value);
  if (items === undefined) throw new SprigError("argument", `${complaint} ${kindOf(value)}${rest}`);
  call.charge(items.length / itemsPerStep);
  return items;
}

/** Go's nil []interface {}: it prints and ranges as an empty list but is null in JSON. */
export function nilList(): TypedSlice {
  return new TypedSlice("[]interface {}", [], true);
}
