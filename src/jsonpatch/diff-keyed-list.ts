import type { JsonValue } from "../json/index.js";
import type { ItemKeys } from "./item-keys.js";
import { longestRising } from "./longest-rising.js";
import type { Operation } from "./operation.js";
import { childPointer } from "./pointer.js";

/** Adds to a patch what turns one value at a path into another. */
export type DiffValue = (before: JsonValue, after: JsonValue, path: string, operations: Operation[]) => void;

/** Adds to a patch what turns one list whose items have keys into another. */
type DiffKeyedList = (
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  keys: ItemKeys,
  path: string,
  operations: Operation[],
  diffValue: DiffValue,
) => void;

/**
 * Diffs two lists whose items have keys: what is gone is removed, as few items as possible move, what is new is added in its
 * place, and what is in both is diffed itself.
 */
export const diffKeyedList: DiffKeyedList = (before, after, keys, path, operations, diffValue) => {
  const way = isGrown(keys) ? diffGrown : rearrange;
  way(before, after, keys, path, operations, diffValue);
};

/** Whether all that was there is still there, in its order: so it is where a sidecar came to a pod's own. */
function isGrown({ before, after }: ItemKeys): boolean {
  let found = 0;
  for (const key of after) if (found < before.length && key === before[found]) found++;
  return found === before.length;
}

/** `diffKeyedList` for lists of which `isGrown` is true. */
const diffGrown: DiffKeyedList = (before, after, keys, path, operations, diffValue) => {
  let position = 0;
  for (let index = 0; index < after.length; index++) {
    const value = after[index] ?? null;
    if (position === before.length || keys.after[index] !== keys.before[position]) {
      operations.push({ op: "add", path: childPointer(path, index), value });
      continue;
    }
    const old = before[position++] ?? null;
    // Most items of a large list are the very same object; they need no path.
    if (!Object.is(old, value)) diffValue(old, value, childPointer(path, index), operations);
  }
};

/** `diffKeyedList` for any two lists. */
const rearrange: DiffKeyedList = (before, after, keys, path, operations, diffValue) => {
  const current = removeGone(keys, path, operations);
  const positions = new Map(keys.before.map((key, position) => [key, position]));
  const staying = stayingKeys(keys, positions);
  /** Items before the cursor that have come to their place. Movers that wait for their turn may stand among them. */
  let cursor = 0;
  for (const [index, key] of keys.after.entries()) {
    const value = after[index] ?? null;
    const position = positions.get(key);
    if (position === undefined) {
      operations.push({ op: "add", path: childPointer(path, cursor), value });
      current.splice(cursor, 0, key);
      cursor++;
      continue;
    }
    const at = current.indexOf(key, staying.has(key) ? cursor : 0);
    const place = staying.has(key) ? at : moveTo(current, at, cursor, path, operations);
    cursor = place + 1;
    const old = before[position] ?? null;
    if (!Object.is(old, value)) diffValue(old, value, childPointer(path, place), operations);
  }
};

/** Removes what is gone, from the end so that positions stay right. Gives the keys that are left. */
function removeGone(keys: ItemKeys, path: string, operations: Operation[]): (string | number)[] {
  const wanted = new Set(keys.after);
  const gone = keys.before.flatMap((key, position) => (wanted.has(key) ? [] : [position]));
  for (const position of gone.reverse())
    operations.push({ op: "remove", path: childPointer(path, position) });
  return keys.before.filter((key) => wanted.has(key));
}

function stayingKeys(keys: ItemKeys, positions: ReadonlyMap<string | number, number>): Set<string | number> {
  const common = keys.after.filter((key) => positions.has(key));
  const run = longestRising(common.map((key) => positions.get(key) ?? 0));
  return new Set(common.filter((_, position) => run.has(position)));
}

/** Moves the item at a position to the cursor. Gives the position it has then. */
function moveTo(
  current: (string | number)[],
  at: number,
  cursor: number,
  path: string,
  operations: Operation[],
): number {
  const [key] = current.splice(at, 1);
  const place = at < cursor ? cursor - 1 : cursor;
  if (key !== undefined) current.splice(place, 0, key);
  if (place !== at)
    operations.push({ op: "move", from: childPointer(path, at), path: childPointer(path, place) });
  return place;
}
