import { isObject, type JsonValue } from "../json/index.js";
import { directive } from "./directive.js";
import { firstPositions, keyOf } from "./item-index.js";

function isToDelete(item: JsonValue): boolean {
  return isObject(item) && Object.hasOwn(item, directive.patch) && item[directive.patch] === "delete";
}

/** Sorts items by their place in an order that names them all; items marked for deletion go last. */
function sortBy(
  items: JsonValue[],
  positions: ReadonlyMap<JsonValue, number>,
  mergeKey: string,
): JsonValue[] {
  const place = (item: JsonValue) => positions.get(keyOf(item, mergeKey)) ?? 0;
  const kept = mergeKey === "" ? items : items.filter((item) => !isToDelete(item));
  const sorted = kept.sort((a, b) => place(a) - place(b));
  return kept === items ? sorted : [...sorted, ...items.filter(isToDelete)];
}

/**
 * Puts merged items in order: those that `wanted` names in its order, the others in that of the original.
 * The two runs are woven: an item of the second goes first only where both heads were in the original and it was before the
 * other. So what is new stands before what was there, and what was there keeps its place.
 */
export function orderItems(
  merged: readonly JsonValue[],
  wanted: readonly JsonValue[],
  original: readonly JsonValue[],
  mergeKey: string,
): JsonValue[] {
  const wantedAt = firstPositions(wanted, mergeKey);
  const originalAt = firstPositions(original, mergeKey);
  const named: JsonValue[] = [];
  const others: JsonValue[] = [];
  for (const item of merged) (wantedAt.has(keyOf(item, mergeKey)) ? named : others).push(item);
  return weave(sortBy(others, originalAt, mergeKey), sortBy(named, wantedAt, mergeKey), originalAt, mergeKey);
}

function weave(
  others: readonly JsonValue[],
  named: readonly JsonValue[],
  originalAt: ReadonlyMap<JsonValue, number>,
  mergeKey: string,
): JsonValue[] {
  const place = (item: JsonValue) => originalAt.get(keyOf(item, mergeKey));
  const woven: JsonValue[] = [];
  let next = 0;
  for (const item of named) {
    const limit = place(item);
    for (; limit !== undefined && next < others.length; next++) {
      const other = others[next] ?? null;
      const position = place(other);
      if (position === undefined || position >= limit) break;
      woven.push(other);
    }
    woven.push(item);
  }
  return [...woven, ...others.slice(next)];
}
