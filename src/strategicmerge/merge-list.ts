import { isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { directive } from "./directive.js";
import { goPrint } from "./go-print.js";
import { firstPositions, keyOf, missingKey } from "./item-index.js";
import type { MergeField, MergeSchema } from "./merge-schema.js";
import { orderItems } from "./order-items.js";
import { StrategicMergeError } from "./strategic-merge-error.js";

/** Merges two maps; a schema of undefined knows no fields. */
export type MergeMap = (
  original: JsonObject,
  patch: JsonObject,
  schema: MergeSchema | undefined,
) => JsonObject;

/** Merges two lists that are merged by item: maps by their key, plain values as a set. */
export function mergeList(
  original: JsonValue[],
  patch: JsonValue[],
  { mergeKey = "", schema }: MergeField,
  mergeMap: MergeMap,
): JsonValue[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (areStrangers(original, patch, mergeKey)) return patch.concat(original);
  if (!checkItems(original, patch)) return mergeValues(original, patch);
  const { items, kept } = obeyItems(original, patch, mergeKey);
  const merged = mergeItems(kept, items, mergeKey, (a, b) => mergeMap(a, b, schema));
  return orderItems(merged, items, kept, mergeKey);
}

/**
 * Whether each item of both lists has a key of its own, and none is an order. Then nothing merges and nothing is
 * sorted: what is new stands before what was there. So it is with nearly every list of a pod and a sidecar.
 */
function areStrangers(original: JsonValue[], patch: JsonValue[], mergeKey: string): boolean {
  if (mergeKey === "") return false;
  const keys = new Set<JsonValue>();
  for (const list of [patch, original]) {
    for (const item of list) {
      const key = isObject(item) && Object.hasOwn(item, mergeKey) ? item[mergeKey] : undefined;
      if (typeof key !== "string" || keys.has(key) || hasOrder(item)) return false;
      keys.add(key);
    }
  }
  return true;
}

function hasOrder(item: JsonValue): boolean {
  return isObject(item) && Object.hasOwn(item, directive.patch);
}

/**
 * Takes values out of a list of plain values. Where both lists hold maps there are none to take out, and they merge by item.
 */
export function deleteFromList(
  original: JsonValue[],
  values: JsonValue[],
  field: MergeField,
  mergeMap: MergeMap,
): JsonValue[] {
  if (original.length === 0 && values.length === 0) return original;
  if (checkItems(original, values)) return mergeList(original, values, field, mergeMap);
  const gone = new Set(values);
  return original.filter((value) => !gone.has(value));
}

/** Checks that all items are of one type and no lists. Tells whether they are maps. */
function checkItems(original: JsonValue[], patch: JsonValue[]): boolean {
  const types = new Set<string>();
  for (const list of [original, patch]) for (const item of list) types.add(typeOf(item));
  if (types.size > 1 || types.has("nil")) {
    throw new StrategicMergeError(
      "list-items-differ",
      `list element types are not identical: ${goPrint([original, patch])}`,
    );
  }
  if (types.has("list"))
    throw new StrategicMergeError("list-items-differ", "lists of lists are not supported");
  return types.has("map");
}

function typeOf(item: JsonValue): string {
  if (Array.isArray(item)) return "list";
  if (isObject(item)) return "map";
  if (typeof item === "bigint" || Number.isInteger(item)) return "integer";
  return item === null ? "nil" : typeof item;
}

function mergeValues(original: JsonValue[], patch: JsonValue[]): JsonValue[] {
  return orderItems([...new Set([...original, ...patch])], patch, original, "");
}

interface Obeyed {
  /** The items of the patch that are no orders. */
  readonly items: JsonValue[];
  /** What the orders leave of the original. */
  readonly kept: JsonValue[];
}

/** Carries out the items with a `$patch`: they delete an item, or empty the whole list. */
function obeyItems(original: JsonValue[], patch: JsonValue[], mergeKey: string): Obeyed {
  const items: JsonValue[] = [];
  const gone = new Set<JsonValue>();
  let replace = false;
  for (const item of patch) {
    if (!isObject(item) || !hasOrder(item)) items.push(item);
    else if (item[directive.patch] === "delete") gone.add(keyOf(item, mergeKey));
    else if (item[directive.patch] === "replace") replace = true;
    else throw unknownOrder(item);
  }
  const kept = gone.size === 0 ? original : original.filter((item) => !gone.has(keyOf(item, mergeKey)));
  return replace ? { items: [], kept: items } : { items, kept };
}

function unknownOrder(item: JsonObject): StrategicMergeError {
  const order = item[directive.patch] ?? null;
  return new StrategicMergeError(
    "directive-invalid",
    order === "merge"
      ? "merging lists cannot yet be specified in the patch"
      : `unknown patch type: ${goPrint(order)} in map: ${goPrint(item)}`,
  );
}

/** Merges each item with the first of the same key, or appends it. */
function mergeItems(
  original: JsonValue[],
  items: readonly JsonValue[],
  mergeKey: string,
  merge: (original: JsonObject, patch: JsonObject) => JsonObject,
): JsonValue[] {
  const merged = original.slice();
  const positions = firstPositions(original, mergeKey);
  for (const item of items) {
    if (!isObject(item)) continue;
    if (!Object.hasOwn(item, mergeKey)) throw missingKey(item, mergeKey);
    const key = keyOf(item, mergeKey);
    const at = positions.get(key);
    const before = at === undefined ? undefined : merged[at];
    if (at !== undefined && isObject(before)) {
      merged[at] = merge(before, item);
    } else {
      positions.set(key, merged.length);
      merged.push(item);
    }
  }
  return merged;
}
