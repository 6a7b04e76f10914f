import { compareBytes } from "../go/index.js";
import { deepEqual, type GoFunction, TypedSlice, type Value, type ValueList } from "../gotemplate/index.js";
import { toInt64 } from "./cast.js";
import { isEmpty } from "./empty.js";
import { defineAll, type Invocation } from "./invocation.js";
import { itemsOrUndefined, listItems, nilList } from "./list-items.js";
import { textOf } from "./print.js";
import { SprigError } from "./sprig-error.js";
import { texts } from "./strings.js";

/**
 * The `lists` family. None changes its argument: a list that grows is a new one. In Go `first` panics where
 * `mustFirst` returns an error; a template fails either way, so both names have one body here.
 */
export const listFunctions: readonly GoFunction[] = [
  ...defineAll(["list", "tuple"], "pure", ["...any"], (call) => {
    call.charge(call.count);
    return call.rest(0);
  }),
  ...defineAll(["append", "mustAppend", "push", "mustPush"], "pure", ["any", "any"], (call) => [
    ...listItems(call, call.any(0), "Cannot push on type"),
    call.any(1),
  ]),
  ...defineAll(["prepend", "mustPrepend"], "pure", ["any", "any"], (call) => [
    call.any(1),
    ...listItems(call, call.any(0), "Cannot prepend on type"),
  ]),
  ...defineAll(["first", "mustFirst"], "pure", ["any"], (call) => {
    return listItems(call, call.any(0), "Cannot find first on type")[0] ?? null;
  }),
  ...defineAll(["last", "mustLast"], "pure", ["any"], (call) => {
    return listItems(call, call.any(0), "Cannot find last on type").at(-1) ?? null;
  }),
  ...defineAll(["rest", "mustRest"], "pure", ["any"], (call) => {
    const items = listItems(call, call.any(0), "Cannot find rest on type");
    return items.length === 0 ? nilList() : items.slice(1);
  }),
  ...defineAll(["initial", "mustInitial"], "pure", ["any"], (call) => {
    const items = listItems(call, call.any(0), "Cannot find initial on type");
    return items.length === 0 ? nilList() : items.slice(0, -1);
  }),
  ...defineAll(["reverse", "mustReverse"], "pure", ["any"], (call) => {
    return [...listItems(call, call.any(0), "Cannot find reverse on type")].reverse();
  }),
  ...defineAll(["compact", "mustCompact"], "pure", ["any"], (call) => {
    return listItems(call, call.any(0), "Cannot compact on type").filter((item) => !isEmpty(item));
  }),
  ...defineAll(["uniq", "mustUniq"], "pure", ["any"], (call) => {
    return distinct(call, listItems(call, call.any(0), "Cannot find uniq on type"));
  }),
  ...defineAll(["without", "mustWithout"], "pure", ["any", "...any"], (call) => {
    const omitted = call.rest(1);
    const items = listItems(call, call.any(0), "Cannot find without on type");
    return items.filter((item) => !holds(call, omitted, item));
  }),
  ...defineAll(["has", "mustHas"], "pure", ["any", "any"], (call) => {
    const list = call.any(1);
    return list !== null && holds(call, listItems(call, list, "Cannot find has on type"), call.any(0));
  }),
  ...defineAll(["slice", "mustSlice"], "pure", ["any", "...any"], (call) => sliced(call)),
  ...defineAll(["chunk", "mustChunk"], "pure", ["int", "any"], (call) => {
    const items = listItems(call, call.any(1), "Cannot chunk type");
    return new TypedSlice("[][]interface {}", chunks(call, items, Number(call.int(0))));
  }),
  ...defineAll(["concat"], "pure", ["...any"], (call) => concatenated(call)),
  ...defineAll(["sortAlpha"], "pure", ["any"], (call) => sorted(call, call.any(0))),
];

/** Each comparison is paid for: the work grows with the square of the length. */
function holds(call: Invocation, items: ValueList, wanted: Value): boolean {
  return items.some((item) => {
    call.charge(1);
    return deepEqual(wanted, item);
  });
}

function distinct(call: Invocation, items: ValueList): Value[] {
  const kept: Value[] = [];
  for (const item of items) if (!holds(call, kept, item)) kept.push(item);
  return kept;
}

/** The result has the type of the list. Positions are anything `int` takes; an empty list gives nil. */
function sliced(call: Invocation): Value {
  const list = call.any(0);
  const items = listItems(call, list, "list should be type of slice or array but");
  if (items.length === 0) return null;
  const start = call.count > 1 ? toInt64(call.any(1)) : 0n;
  const end = call.count > 2 ? toInt64(call.any(2)) : BigInt(items.length);
  if (start < 0n || end < start || end > BigInt(items.length)) {
    throw new SprigError("bounds", "reflect.Value.Slice: slice index out of bounds");
  }
  const part = items.slice(Number(start), Number(end));
  return list instanceof TypedSlice ? new TypedSlice(list.type, part) : part;
}

/**
 * Lists of this size; the last may be shorter. Sizes below 1 give what Go's floating-point count gives:
 * mostly a panic, sometimes an empty list.
 */
function chunks(call: Invocation, items: ValueList, size: number): Value[][] {
  const count = Math.floor((items.length - 1) / size) + 1;
  if (!(count >= 0 && count < Number.MAX_SAFE_INTEGER)) {
    throw new SprigError("bounds", "runtime error: makeslice: len out of range");
  }
  call.charge(count);
  return Array.from({ length: count }, (_, index) => {
    const length = index === count - 1 ? items.length % size || size : size;
    if (length < 0) throw new SprigError("bounds", "runtime error: makeslice: len out of range");
    const start = index * size;
    if (start < 0 || start + length > items.length) {
      throw new SprigError("bounds", "reflect: slice index out of range");
    }
    return items.slice(start, start + length);
  });
}

function concatenated(call: Invocation): Value {
  const lists = call.rest(0).map((list) => listItems(call, list, "Cannot concat type", " as list"));
  const all = lists.flat();
  return all.length === 0 ? nilList() : all;
}

function sorted(call: Invocation, value: Value): TypedSlice {
  const items = itemsOrUndefined(value);
  if (items === undefined) return new TypedSlice("[]string", [textOf(value)]);
  call.charge(items.length * Math.log2(items.length + 1));
  return new TypedSlice("[]string", texts(call, value).sort(compareBytes));
}
