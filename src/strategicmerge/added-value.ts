import { isObject, type JsonObject, type JsonValue, setOwn } from "../kube/index.js";
import { directive } from "./directive.js";

/**
 * What a patch's value becomes where the original has nothing to merge with: nulls are gone from its maps, and so is every map
 * with a `$patch`. Undefined when nothing is left to add. Parts that need no change are shared with the patch.
 */
export function addedValue(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) return addedList(value);
  return isObject(value) ? addedMap(value) : value;
}

function addedList(list: JsonValue[]): JsonValue[] {
  let copy: JsonValue[] | undefined;
  for (const [index, item] of list.entries()) {
    const added = addedValue(item);
    if (copy === undefined && added === item) continue;
    copy ??= list.slice(0, index);
    if (added !== undefined) copy.push(added);
  }
  return copy ?? list;
}

function addedMap(map: JsonObject): JsonObject | undefined {
  if (Object.hasOwn(map, directive.patch)) return undefined;
  let copy: JsonObject | undefined;
  for (const key of Object.keys(map)) {
    const value = map[key] ?? null;
    const added = value === null ? undefined : addedValue(value);
    if (added === value) continue;
    copy ??= { ...map };
    if (added === undefined) delete copy[key];
    else setOwn(copy, key, added);
  }
  return copy ?? map;
}
