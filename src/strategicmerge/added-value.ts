import { isObject, type JsonObject, type JsonValue, setOwn } from "../json/index.js";
import { directive } from "./directive.js";

/**
 * What a patch's value becomes where the original has nothing to merge with: every map with a `$patch` is gone, and so are the
 * nulls in its maps unless they are kept. Undefined when nothing is left to add.
 * Parts that need no change are shared with the patch.
 */
export function addedValue(value: JsonValue, nulls: "drop" | "keep" = "drop"): JsonValue | undefined {
  if (Array.isArray(value)) return addedList(value, nulls);
  return isObject(value) ? addedMap(value, nulls) : value;
}

/** `addedValue` of a list. */
export function addedList(list: JsonValue[], nulls: "drop" | "keep"): JsonValue[] {
  let copy: JsonValue[] | undefined;
  for (const [index, item] of list.entries()) {
    const added = addedValue(item, nulls);
    if (copy === undefined && added === item) continue;
    copy ??= list.slice(0, index);
    if (added !== undefined) copy.push(added);
  }
  return copy ?? list;
}

function addedMap(map: JsonObject, nulls: "drop" | "keep"): JsonObject | undefined {
  if (Object.hasOwn(map, directive.patch)) return undefined;
  let copy: JsonObject | undefined;
  for (const key of Object.keys(map)) {
    const value = map[key] ?? null;
    const added = value === null && nulls === "drop" ? undefined : addedValue(value, nulls);
    if (added === value) continue;
    copy ??= { ...map };
    if (added === undefined) delete copy[key];
    else setOwn(copy, key, added);
  }
  return copy ?? map;
}
