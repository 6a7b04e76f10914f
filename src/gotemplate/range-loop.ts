import { sortedKeys } from "../go/index.js";
import { excerpt } from "../text/index.js";
import { pointee } from "./pointee.js";
import { goPrint } from "./print.js";
import { breakSignal, type Eval, type Run, type Statement } from "./run.js";
import { isLooseList, isLooseMap } from "./shape.js";
import { GoScalar, type LooseMap, TypedMap, TypedSlice, type Value, type ValueList } from "./value.js";

/** A compiled range. Slots are undefined where the range has no such variable. */
export interface RangeParts {
  readonly evaluate: Eval;
  readonly body: Statement;
  readonly otherwise: Statement;
  readonly keySlot: number | undefined;
  readonly elementSlot: number | undefined;
  /** The slot that tells whether the elements are of interface {}. */
  readonly looseSlot: number;
}

/** Compiles a range over lists, maps in the order of their keys, integers and nothing at all. */
export function compileRange(parts: RangeParts): Statement {
  const loop = new RangeLoop(parts);
  return (run, dot) => {
    run.variables[parts.looseSlot] = false;
    const found = parts.evaluate(run, dot);
    const value = run.course === undefined ? found : run.course.elements(found);
    return loop.over(run, value) ? 0 : parts.otherwise(run, dot);
  };
}

class RangeLoop {
  constructor(private readonly parts: RangeParts) {}

  /** Runs the body for every element; false when there was none. */
  over(run: Run, value: Value): boolean {
    if (value === undefined || value === null) return false;
    if (isLooseList(value)) return this.items(run, value, true);
    if (isLooseMap(value)) return this.entries(run, value, true);
    if (value instanceof TypedSlice) return this.items(run, value.items, isOfInterface(value.type));
    if (value instanceof TypedMap) return this.entries(run, value.entries, isOfInterface(value.type));
    if (typeof value === "bigint") return this.integers(run, value, value);
    if (value instanceof GoScalar && typeof value.value === "bigint")
      return this.integers(run, value.value, value);
    return run.fail(`range can't iterate over ${excerpt(goPrint(pointee(value)))}`);
  }

  private items(run: Run, items: ValueList, isLoose: boolean): boolean {
    const { keySlot } = this.parts;
    for (let index = 0; index < items.length; index++) {
      const key = keySlot === undefined ? undefined : BigInt(index);
      if (this.iteration(run, key, items[index], isLoose)) break;
    }
    return items.length > 0;
  }

  private entries(run: Run, entries: LooseMap, isLoose: boolean): boolean {
    const keys = sortedKeys(entries);
    for (const key of keys) if (this.iteration(run, key, entries[key], isLoose)) break;
    return keys.length > 0;
  }

  private integers(run: Run, end: bigint, like: Value): boolean {
    if (this.parts.keySlot !== undefined)
      run.fail(`can't use ${excerpt(goPrint(like))} to iterate over more than one variable`);
    for (let number = 0n; number < end; number++) {
      const element = like instanceof GoScalar ? new GoScalar(like.kind, like.type, number) : number;
      if (this.iteration(run, undefined, element, false)) break;
    }
    return end > 0n;
  }

  /** Runs the body once; true when it asked to stop. */
  private iteration(run: Run, key: Value, element: Value, isLoose: boolean): boolean {
    const { keySlot, elementSlot, looseSlot, body } = this.parts;
    if (keySlot !== undefined) run.variables[keySlot] = key;
    if (elementSlot !== undefined) run.variables[elementSlot] = element;
    run.variables[looseSlot] = isLoose;
    run.context.charge(1);
    return body(run, element) === breakSignal;
  }
}

function isOfInterface(type: string): boolean {
  return type.endsWith("interface {}");
}
