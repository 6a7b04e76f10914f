import { sortedKeys } from "../../go/index.js";
import { parameterType } from "../call-function.js";
import { callWithoutArguments } from "../compile-pipeline.js";
import { type Convert, converterTo } from "../convert-argument.js";
import { isTrue } from "../is-true.js";
import { type FieldCall, type MissingKey, missing, readField } from "../read-field.js";
import type { Run } from "../run.js";
import { entriesOf, isLooseMap, itemsOf } from "../shape.js";
import { type GoFunction, GoStruct, GoValue, type LooseMap, noField, type Value } from "../value.js";

/** The state of one replay. */
export interface Frame {
  readonly run: Run;
  /** The dot of the template. */
  readonly data: Value;
  /** The values of the operations that were computed, by their indexes. */
  readonly values: Value[];
}

/** Computes a value; those of the operands are in the frame. Throws where the template would fail. */
type Compute = (frame: Frame) => Value;

/**
 * Something that a template computes from its data: a node of a graph whose root is dot.
 * There is one class for all of them, as a replay reads them one after the other: V8 looks up fields by class.
 */
export class Operation {
  constructor(
    /** The place in the frame. Operations of one path are numbered in the order in which they were met. */
    readonly index: number,
    /** The operations whose values it is computed from. */
    readonly operands: readonly Operation[],
    readonly compute: Compute,
    /** Whether it gives no value in the place of nil, as a command hands it on. */
    readonly isResult = false,
  ) {}
}

/** Dot itself. */
export function rootOperation(index: number): Operation {
  return new Operation(index, [], ({ data }) => data);
}

/** A field, a map entry or a method without arguments. */
export function fieldOperation(
  index: number,
  receiver: Operation,
  name: string,
  missingKey: MissingKey,
): Operation {
  const from = receiver.index;
  return new Operation(index, [receiver], ({ run, values }) => fieldOf(run, values[from], name, missingKey));
}

/** The entries of what a function looks up keys in; undefined for a value in which absence has another meaning. */
export type Lookup = (container: Value) => LooseMap | undefined;

const plainField: FieldCall = { call: callWithoutArguments, hasArguments: false };

/** Reads a field without arguments, as a compiled path does. */
export function fieldOf(run: Run, receiver: Value, name: string, missingKey: MissingKey): Value {
  if (receiver instanceof GoStruct && receiver.method(name) === undefined) {
    const value = receiver.field(name);
    if (value !== noField) return value;
  }
  if (!isLooseMap(receiver)) return readField(run, receiver, name, missingKey, false, plainField);
  const entry: Value = Object.hasOwn(receiver, name) ? receiver[name] : undefined;
  return entry === undefined ? missing(run, name, missingKey, null) : entry;
}

/** What a command hands on of a value that was there before: nil becomes no value. */
export function resultOperation(index: number, result: Operation): Operation {
  const from = result.index;
  return new Operation(index, [result], ({ values }) => values[from] ?? undefined, true);
}

/** An argument of a call: known already, or still of another type than the parameter. */
export type Argument =
  | { readonly operation: undefined; readonly value: Value }
  | { readonly operation: Operation; readonly parameter: number };

/** An argument that depends on the data. */
interface Operand {
  readonly index: number;
  readonly parameter: number;
  readonly convert: Convert;
}

/** Stands for a value that is not kept, and equals none. */
const unkept = Symbol("unkept");

/** A value as it is kept, or what recognizes it. */
type Kept = Value | typeof unkept | ((value: Value) => boolean);

/** A call of a function that gives the same for the same arguments. */
export function callOperation(
  index: number,
  target: GoFunction,
  args: readonly Argument[],
  isResult: boolean,
): Operation {
  const call = new Call(target, args, isResult);
  const operands = args.flatMap(({ operation }) => operation ?? []);
  return new Operation(index, operands, (frame) => call.compute(frame), isResult);
}

/** A call of a function. It keeps the last one where that is small, as most pods have much in common. */
class Call {
  /** The arguments, with a gap for each that depends on the data. */
  private readonly known: readonly Value[];
  private readonly gaps: readonly Operand[];
  private readonly lastOperands: Kept[];
  private lastResult: Value | typeof unkept = unkept;

  constructor(
    private readonly target: GoFunction,
    args: readonly Argument[],
    private readonly isResult: boolean,
  ) {
    this.known = args.map((argument) => (argument.operation === undefined ? argument.value : undefined));
    this.gaps = args.flatMap((argument) =>
      argument.operation === undefined
        ? []
        : {
            index: argument.operation.index,
            parameter: argument.parameter,
            convert: converterTo(parameterType(target, argument.parameter)),
          },
    );
    this.lastOperands = this.gaps.map(() => unkept);
  }

  compute({ run, values }: Frame): Value {
    const { gaps, lastResult } = this;
    if (!this.replaceOperands(values) && lastResult !== unkept) return lastResult;
    this.lastResult = unkept;
    const args = this.known.slice();
    for (let at = 0; at < gaps.length; at++) {
      const gap = gaps[at];
      if (gap !== undefined) args[gap.parameter] = gap.convert(run, values[gap.index]);
    }
    const called = this.target.call(args, run.context);
    const result = called === null && this.isResult ? undefined : called;
    if (isSmall(result)) this.lastResult = result;
    return result;
  }

  /** Notes what the operands are. True where they are not all what they were. */
  private replaceOperands(values: readonly Value[]): boolean {
    const { gaps, lastOperands } = this;
    let changed = false;
    for (let at = 0; at < gaps.length; at++) {
      const value = values[gaps[at]?.index ?? 0];
      const last = lastOperands[at];
      if (value === last || (typeof last === "function" && last(value))) continue;
      changed = true;
      lastOperands[at] = keptOf(value);
    }
    return changed;
  }
}

const longestKept = 256;
const mostKept = 16;

function keptOf(value: Value): Kept {
  if (isSmall(value)) return value;
  return (value instanceof GoValue ? value.recognizer() : undefined) ?? unkept;
}

/** Whether a value takes little memory, and computes the same as all that it equals by `===`. */
function isSmall(value: Value): boolean {
  switch (typeof value) {
    case "string":
      return value.length <= longestKept;
    case "number":
      return false;
    case "object":
      if (value === null) return true;
      return Array.isArray(value) && value.length <= mostKept && value.every(isSmallText);
    default:
      return true;
  }
}

function isSmallText(value: Value): boolean {
  return typeof value === "string" && value.length <= longestKept;
}

/** Entries without a key, of which each question after a key has the same answer. */
export const noEntries: LooseMap = Object.freeze({});

/** What a function looks up keys in; no value where absence has another meaning. */
export function entriesOperation(index: number, container: Operation, lookup: Lookup): Operation {
  const from = container.index;
  return new Operation(index, [container], ({ values }) => {
    const entries = lookup(values[from]);
    return entries === undefined || isTrue(entries) ? entries : noEntries;
  });
}

/** A value as `dict` stores it: no value is nil. */
export function memberOperation(index: number, member: Operation): Operation {
  const from = member.index;
  return new Operation(index, [member], ({ values }) => values[from] ?? null);
}

/** An item of a list. */
export function itemOperation(index: number, list: Operation, at: number): Operation {
  const from = list.index;
  return new Operation(index, [list], ({ values }) => itemsOf(values[from])?.[at]);
}

/** The keys of a map in the order in which range walks them. */
export function keysOperation(index: number, map: Operation): Operation {
  const from = map.index;
  return new Operation(index, [map], ({ values }) => sortedKeys(entriesOf(values[from]) ?? {}));
}

/** The entry of a map that range meets under a key. */
export function entryOperation(index: number, map: Operation, key: Operation): Operation {
  return new Operation(
    index,
    [map, key],
    ({ values }) => entriesOf(values[map.index])?.[String(values[key.index])],
  );
}
