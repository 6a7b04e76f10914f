import { LimitExceeded } from "./limit-exceeded.js";
import { isLooseList } from "./shape.js";
import {
  type ExecutionContext,
  GoScalar,
  GoStruct,
  GoValue,
  type LooseMap,
  NilPointer,
  noField,
  TypedMap,
  TypedSlice,
  type Value,
  type ValueList,
} from "./value.js";

// Lists that hold one another many times can be exponentially larger than the memory they take.
const maxComparisons = 1_000_000;

/**
 * Whether two values are equal as reflect.DeepEqual says: same type, same content, an empty map or slice
 * differs from a nil one, int 1 differs from float64 1. A value equals itself without a look inside.
 * With a context the comparisons are charged as steps.
 * Throws LimitExceeded for values that take more than a million comparisons.
 */
export function deepEqual(a: Value, b: Value, context?: Pick<ExecutionContext, "charge">): boolean {
  const comparison = new Comparison();
  const result = comparison.equal(a, b);
  context?.charge(comparison.count());
  return result;
}

class Comparison {
  private left = maxComparisons;

  count(): number {
    return maxComparisons - this.left;
  }

  equal(a: Value, b: Value): boolean {
    if (a === b) return true;
    if (--this.left < 0) throw new LimitExceeded("values are too large to compare");
    if (a === undefined || a === null) return b === undefined || b === null;
    if (typeof a !== "object" || typeof b !== "object" || b === undefined || b === null) return false;
    if (isLooseList(a)) return isLooseList(b) && this.equalItems(a, b);
    if (a instanceof GoValue) return b instanceof GoValue && a.type === b.type && this.equalGoValues(a, b);
    if (isLooseList(b) || b instanceof GoValue) return false;
    return this.equalEntries(a, b);
  }

  private equalItems(a: ValueList, b: ValueList): boolean {
    return a.length === b.length && a.every((item, index) => this.equal(item, b[index]));
  }

  private equalEntries(a: LooseMap, b: LooseMap): boolean {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every((key) => Object.hasOwn(b, key) && this.equal(a[key], b[key]));
  }

  private equalGoValues(a: GoValue, b: GoValue): boolean {
    if (a instanceof GoScalar) return b instanceof GoScalar && a.value === b.value;
    if (a instanceof TypedSlice && b instanceof TypedSlice)
      return a.isNil === b.isNil && this.equalItems(a.items, b.items);
    if (a instanceof TypedMap && b instanceof TypedMap)
      return a.isNil === b.isNil && this.equalEntries(a.entries, b.entries);
    if (a instanceof GoStruct && b instanceof GoStruct) return this.equalFields(a, b);
    return a instanceof NilPointer && b instanceof NilPointer;
  }

  private equalFields(a: GoStruct, b: GoStruct): boolean {
    if (a.kind !== b.kind) return false;
    return a.fieldNames().every((name) => {
      const left = a.field(name);
      const right = b.field(name);
      return left !== noField && right !== noField && this.equal(left, right);
    });
  }
}
