import type { JsonValue } from "../json/index.js";
import type { ItemKeys } from "./item-keys.js";
import { longestRising } from "./longest-rising.js";
import { OccupiedSlots } from "./occupied-slots.js";
import type { PatchDraft } from "./patch-draft.js";
import { childPointer } from "./pointer.js";

/** Adds to a patch what turns one value at a path into another. */
export type DiffValue = (before: JsonValue, after: JsonValue, path: string, draft: PatchDraft) => void;

/** Adds to a patch what turns one list whose items have keys into another. */
type DiffKeyedList = (
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  keys: ItemKeys,
  path: string,
  draft: PatchDraft,
  diffValue: DiffValue,
) => void;

/**
 * Diffs two lists whose items have keys: what is gone is removed, as few items as possible move, what is new is added in its
 * place, and what is in both is diffed itself.
 */
export const diffKeyedList: DiffKeyedList = (before, after, keys, path, draft, diffValue) => {
  const way = isGrown(keys) ? diffGrown : rearrange;
  way(before, after, keys, path, draft, diffValue);
};

/** Whether all that was there is still there, in its order: so it is where a sidecar came to a pod's own. */
function isGrown({ before, after }: ItemKeys): boolean {
  let found = 0;
  for (const key of after) if (found < before.length && key === before[found]) found++;
  return found === before.length;
}

/** `diffKeyedList` for lists of which `isGrown` is true. */
const diffGrown: DiffKeyedList = (before, after, keys, path, draft, diffValue) => {
  let position = 0;
  for (let index = 0; index < after.length; index++) {
    const value = after[index] ?? null;
    if (position === before.length || keys.after[index] !== keys.before[position]) {
      draft.operations.push({ op: "add", path: childPointer(path, index), value });
      continue;
    }
    const old = before[position++] ?? null;
    // Most items of a large list are the very same object; they need no path.
    if (!Object.is(old, value)) diffValue(old, value, childPointer(path, index), draft);
  }
};

/** `diffKeyedList` for any two lists. */
const rearrange: DiffKeyedList = (before, after, keys, path, draft, diffValue) => {
  const positions = new Map(keys.before.map((key, position) => [key, position]));
  removeGone(keys, path, draft);
  const staying = stayingKeys(keys, positions);
  const row = new Row(keys, staying);
  for (const [index, key] of keys.after.entries()) {
    const value = after[index] ?? null;
    const position = positions.get(key);
    if (position === undefined) {
      draft.operations.push({ op: "add", path: childPointer(path, row.add(key)), value });
      continue;
    }
    const at = row.indexOf(key);
    const place = staying.has(key) ? at : row.move(key);
    if (place !== at)
      draft.operations.push({ op: "move", from: childPointer(path, at), path: childPointer(path, place) });
    const old = before[position] ?? null;
    if (!Object.is(old, value)) diffValue(old, value, childPointer(path, place), draft);
  }
};

/**
 * The items of a list while it is brought into another order. What is added or moved comes behind the items that have come to
 * their place, and before the next one that stays; items that wait to be moved may stand among them. So each item that is kept
 * has two slots at most, where it stood and where it comes to, and all slots have an order that is known from the beginning.
 */
class Row {
  readonly #slots: OccupiedSlots;
  /** Where each item of the old list stands that is kept. */
  readonly #old = new Map<string | number, number>();
  /** Where each item comes to that is new or moves. */
  readonly #new = new Map<string | number, number>();

  constructor({ before, after }: ItemKeys, staying: ReadonlySet<string | number>) {
    const wanted = new Set(after);
    const kept = before.filter((key) => wanted.has(key));
    this.#slots = new OccupiedSlots(kept.length + after.length);
    let slot = 0;
    let next = 0;
    for (const key of after) {
      if (!staying.has(key)) {
        this.#new.set(key, slot++);
        continue;
      }
      // Up to the one that stays, the old list goes on as it is.
      for (let passed: string | number | undefined; passed !== key; ) {
        passed = kept[next++];
        if (passed !== undefined) this.#old.set(passed, slot++);
      }
    }
    for (const key of kept.slice(next)) this.#old.set(key, slot++);
    for (const old of this.#old.values()) this.#slots.occupy(old);
  }

  /** The index of an item of the old list that did not move yet. */
  indexOf(key: string | number): number {
    return this.#slots.before(this.#old.get(key) ?? 0);
  }

  /** Adds a new item. Gives its index. */
  add(key: string | number): number {
    const slot = this.#new.get(key) ?? 0;
    this.#slots.occupy(slot);
    return this.#slots.before(slot);
  }

  /** Moves an item of the old list to its place. Gives the index it has then. */
  move(key: string | number): number {
    this.#slots.free(this.#old.get(key) ?? 0);
    return this.add(key);
  }
}

/** Removes what is gone, from the end so that positions stay right. */
function removeGone(keys: ItemKeys, path: string, draft: PatchDraft): void {
  const wanted = new Set(keys.after);
  for (let position = keys.before.length - 1; position >= 0; position--) {
    const key = keys.before[position];
    if (key !== undefined && !wanted.has(key))
      draft.operations.push({ op: "remove", path: childPointer(path, position) });
  }
}

function stayingKeys(keys: ItemKeys, positions: ReadonlyMap<string | number, number>): Set<string | number> {
  const common = keys.after.filter((key) => positions.has(key));
  const run = longestRising(common.map((key) => positions.get(key) ?? 0));
  return new Set(common.filter((_, position) => run.has(position)));
}
