import { isLooseMap, type LooseMap, TypedMap, TypedSlice, type Value } from "../gotemplate/index.js";
import { setOwn } from "../json/index.js";
import type { Invocation } from "./invocation.js";
import { itemsOrUndefined } from "./list-items.js";
import { SprigError } from "./sprig-error.js";

/** Only a value that holds itself is deeper. */
const deepest = 1000;

/** A copy that shares no map and no list with the value. Values that cannot change are shared. */
export function copyDeep(call: Invocation, value: Value): Value {
  if (value === null || value === undefined) {
    throw new SprigError("nil", "reflect: call of reflect.Value.Type on zero Value");
  }
  return copied(call, value, 0);
}

function copied(call: Invocation, value: Value, depth: number): Value {
  if (depth > deepest) throw new SprigError("depth", `cannot copy a value below ${deepest} levels`);
  if (value instanceof TypedMap) {
    return new TypedMap(value.type, copiedMap(call, value.entries, depth), value.zero, value.isNil);
  }
  if (isLooseMap(value)) return copiedMap(call, value, depth);
  const items = itemsOrUndefined(value);
  if (items === undefined) return value;
  call.charge(items.length);
  const copies = items.map((item) => copied(call, item, depth + 1));
  return value instanceof TypedSlice ? new TypedSlice(value.type, copies, value.isNil) : copies;
}

function copiedMap(call: Invocation, map: LooseMap, depth: number): LooseMap {
  const entries: Record<string, Value> = {};
  const keys = Object.keys(map);
  call.charge(keys.length);
  for (const key of keys) setOwn(entries, key, copied(call, map[key], depth + 1));
  return entries;
}
