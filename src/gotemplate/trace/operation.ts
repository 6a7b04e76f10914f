import { parameterType } from "../call-function.js";
import { callWithoutArguments } from "../compile-pipeline.js";
import { converterTo } from "../convert-argument.js";
import type { Node } from "../nodes.js";
import { printedText } from "../printed-text.js";
import { type MissingKey, missing, readField } from "../read-field.js";
import type { Run } from "../run.js";
import { entriesOf, isLooseMap, itemsOf } from "../shape.js";
import { sortedKeys } from "../sorted-keys.js";
import type { GoFunction, Value } from "../value.js";

/** What an operation has not computed yet. */
const pending = Symbol("pending");

/** The state of one replay: the values of its operations, each computed once. */
export class Frame {
  private readonly values: (Value | typeof pending)[];

  constructor(
    readonly run: Run,
    /** The dot of the template. */
    readonly data: Value,
    operations: number,
  ) {
    this.values = new Array<Value | typeof pending>(operations).fill(pending);
  }

  value(operation: Operation): Value {
    const known = this.values[operation.index];
    if (known !== pending) return known;
    const value = operation.compute(this);
    this.values[operation.index] = value;
    return value;
  }
}

/** Something that a template computes from its data: a node of a graph whose root is dot. */
export abstract class Operation {
  constructor(
    /** The place in the frame. Operations of one path are numbered in the order in which they were met. */
    readonly index: number,
    /** Whether it gives no value in the place of nil, as a command hands it on. */
    readonly isResult = false,
  ) {}

  /** Computes the value. Throws where the template would fail. */
  abstract compute(frame: Frame): Value;
}

/** Dot itself. */
export class RootOperation extends Operation {
  override compute({ data }: Frame): Value {
    return data;
  }
}

/** A field, a map entry or a method without arguments. */
export class FieldOperation extends Operation {
  constructor(
    index: number,
    private readonly receiver: Operation,
    private readonly name: string,
    private readonly missingKey: MissingKey,
    isResult: boolean,
  ) {
    super(index, isResult);
  }

  override compute(frame: Frame): Value {
    const value = fieldOf(frame.run, frame.value(this.receiver), this.name, this.missingKey);
    return value === null && this.isResult ? undefined : value;
  }
}

/** Reads a field without arguments, as a compiled path does. */
export function fieldOf(run: Run, receiver: Value, name: string, missingKey: MissingKey): Value {
  if (!isLooseMap(receiver))
    return readField(run, receiver, name, missingKey, false, {
      call: callWithoutArguments,
      hasArguments: false,
    });
  const entry: Value = Object.hasOwn(receiver, name) ? receiver[name] : undefined;
  return entry === undefined ? missing(run, name, missingKey, null) : entry;
}

/** What a command hands on of a value that was there before: nil becomes no value. */
export class ResultOperation extends Operation {
  constructor(
    index: number,
    private readonly result: Operation,
  ) {
    super(index, true);
  }

  override compute(frame: Frame): Value {
    return frame.value(this.result) ?? undefined;
  }
}

/** An argument of a call: known already, or still of another type than the parameter. */
export type Argument =
  | { readonly operation: undefined; readonly value: Value }
  | { readonly operation: Operation; readonly parameter: number };

/** A call of a function. */
export class CallOperation extends Operation {
  private readonly converters;

  constructor(
    index: number,
    private readonly target: GoFunction,
    private readonly args: readonly Argument[],
    isResult: boolean,
  ) {
    super(index, isResult);
    this.converters = args.map((_, at) => converterTo(parameterType(target, at)));
  }

  override compute(frame: Frame): Value {
    const { args, converters } = this;
    const values: Value[] = [];
    for (let at = 0; at < args.length; at++) {
      const argument = args[at];
      if (argument === undefined) continue;
      if (argument.operation === undefined) values.push(argument.value);
      else {
        const value = frame.value(argument.operation);
        values.push(converters[at]?.(frame.run, value));
      }
    }
    const result = this.target.call(values, frame.run.context);
    return result === null && this.isResult ? undefined : result;
  }
}

/** Whether a key is absent where a function looks for it. */
export class AbsenceOperation extends Operation {
  constructor(
    index: number,
    private readonly container: Operation,
    private readonly entries: (container: Value) => object | undefined,
    private readonly key: string,
  ) {
    super(index);
  }

  override compute(frame: Frame): boolean {
    const entries = this.entries(frame.value(this.container));
    return entries !== undefined && !Object.hasOwn(entries, this.key);
  }
}

/** A value as `dict` stores it: no value is nil. */
export class MemberOperation extends Operation {
  constructor(
    index: number,
    private readonly member: Operation,
  ) {
    super(index);
  }

  override compute(frame: Frame): Value {
    return frame.value(this.member) ?? null;
  }
}

/** An item of a list. */
export class ItemOperation extends Operation {
  constructor(
    index: number,
    private readonly list: Operation,
    private readonly at: number,
  ) {
    super(index);
  }

  override compute(frame: Frame): Value {
    return itemsOf(frame.value(this.list))?.[this.at];
  }
}

/** The keys of a map in the order in which range walks them. */
export class KeysOperation extends Operation {
  constructor(
    index: number,
    private readonly map: Operation,
  ) {
    super(index);
  }

  override compute(frame: Frame): Value {
    return sortedKeys(entriesOf(frame.value(this.map)) ?? {});
  }
}

/** The entry of a map that range meets under a key. */
export class EntryOperation extends Operation {
  constructor(
    index: number,
    private readonly map: Operation,
    private readonly key: Operation,
  ) {
    super(index);
  }

  override compute(frame: Frame): Value {
    return entriesOf(frame.value(this.map))?.[String(frame.value(this.key))];
  }
}

/** What an action writes. */
export class PrintOperation extends Operation {
  constructor(
    index: number,
    private readonly printed: Operation,
    private readonly node: Node,
  ) {
    super(index);
  }

  override compute(frame: Frame): string {
    const value = frame.value(this.printed);
    return typeof value === "string" ? value : printedText(frame.run, this.node, value);
  }
}
