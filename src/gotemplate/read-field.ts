import { quoteExcerpt } from "../go/index.js";
import { typeOf } from "./kind.js";
import type { Run } from "./run.js";
import { isLooseMap } from "./shape.js";
import { GoStruct, GoValue, NilPointer, noField, TypedMap, type Value } from "./value.js";

/** What a map gives for a key it does not have: no value, the zero of its elements, or an error. */
export type MissingKey = "default" | "zero" | "error";

/** What to do where a field is a method, or where arguments are given to what is none. */
export interface FieldCall {
  /** The function that `method` found, called with the arguments. */
  readonly call: (run: Run, method: ReturnType<GoValue["method"]> & object, name: string) => Value;
  readonly hasArguments: boolean;
}

/**
 * Reads a field, a map entry or the result of a method, in Go's order of trying.
 * `isInterface` tells whether Go knows the receiver as interface {}: its messages then say so.
 */
export function readField(
  run: Run,
  receiver: Value,
  name: string,
  missingKey: MissingKey,
  isInterface: boolean,
  field: FieldCall,
): Value {
  if (receiver === undefined) {
    if (missingKey === "error") run.fail(`nil data; no entry for key ${quoteExcerpt(name)}`);
    return undefined;
  }
  if (receiver === null) return run.fail(`nil pointer evaluating interface {}.${name}`);
  if (receiver instanceof GoValue) {
    const method = receiver.method(name);
    if (method !== undefined) return field.call(run, method, name);
    if (receiver instanceof GoStruct) return readStruct(run, receiver, name, isInterface, field);
    if (receiver instanceof NilPointer && receiver.hasField(name))
      return run.fail(`nil pointer evaluating ${isInterface ? "interface {}" : receiver.type}.${name}`);
    if (!(receiver instanceof TypedMap)) return noSuchField(run, receiver, name, isInterface);
    if (field.hasArguments) run.fail(`${name} is not a method but has arguments`);
    const value = Object.hasOwn(receiver.entries, name) ? receiver.entries[name] : undefined;
    return value === undefined ? missing(run, name, missingKey, receiver.zero) : value;
  }
  if (!isLooseMap(receiver)) return noSuchField(run, receiver, name, isInterface);
  if (field.hasArguments) run.fail(`${name} is not a method but has arguments`);
  const value = Object.hasOwn(receiver, name) ? receiver[name] : undefined;
  return value === undefined ? missing(run, name, missingKey, null) : value;
}

function readStruct(
  run: Run,
  receiver: GoStruct,
  name: string,
  isInterface: boolean,
  field: FieldCall,
): Value {
  const value = receiver.field(name);
  if (value === noField) return noSuchField(run, receiver, name, isInterface);
  if (field.hasArguments) run.fail(`${name} has arguments but cannot be invoked as function`);
  return value;
}

function noSuchField(run: Run, receiver: Value, name: string, isInterface: boolean): never {
  return run.fail(`can't evaluate field ${name} in type ${isInterface ? "interface {}" : typeOf(receiver)}`);
}

/** What an absent key of a map with elements of interface {} or of another type gives. */
export function missing(run: Run, name: string, missingKey: MissingKey, zero: Value): Value {
  if (missingKey === "error") run.fail(`map has no entry for key ${quoteExcerpt(name)}`);
  return missingKey === "zero" ? zero : undefined;
}
