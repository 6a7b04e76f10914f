import { getOwn, isObject, type JsonValue } from "../json/index.js";
import { alignLists, type ListStep } from "./align-lists.js";
import type { PatchDraft } from "./patch-draft.js";
import { childPointer } from "./pointer.js";
import { Row } from "./row.js";

/** Adds to a patch what turns one value at a path into another. */
export type DiffItem = (before: JsonValue, after: JsonValue, path: string) => void;

/**
 * Adds to a patch what turns one list into another: what is gone is removed, as few items as possible move, what is new is added
 * in its place, and what is in both is diffed itself.
 *
 * @param key the member that tells the items apart
 */
export function diffList(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  key: string | undefined,
  path: string,
  draft: PatchDraft,
  diffItem: DiffItem,
): void {
  if (key !== undefined && isGrown(before, after, key)) {
    diffGrown(before, after, key, path, draft, diffItem);
    return;
  }
  const steps = alignLists(before, after, key, draft.spend);
  removeGone(steps, path, draft);
  const row = new Row(before.length, steps);
  for (const step of steps) {
    if (step.kind === "remove") continue;
    const value = after[step.to] ?? null;
    if (step.kind === "insert") {
      draft.operations.push({ op: "add", path: childPointer(path, row.add(step.to)), value });
      continue;
    }
    const at = row.indexOf(step.from);
    const place = step.kind === "keep" ? at : row.move(step.from, step.to);
    if (place !== at)
      draft.operations.push({ op: "move", from: childPointer(path, at), path: childPointer(path, place) });
    const old = before[step.from] ?? null;
    if (!Object.is(old, value)) diffItem(old, value, childPointer(path, place));
  }
}

/** Removes what is gone, from the end so that positions stay right. */
function removeGone(steps: readonly ListStep[], path: string, draft: PatchDraft): void {
  const gone = steps.flatMap((step) => (step.kind === "remove" ? [step.from] : []));
  for (const place of gone.sort((a, b) => b - a))
    draft.operations.push({ op: "remove", path: childPointer(path, place) });
}

/**
 * Whether all items have keys, no two before the same, and all that was there is still there, in its order: so it is where a
 * sidecar came to a pod's own. What `alignLists` would say is then plain.
 */
function isGrown(before: readonly JsonValue[], after: readonly JsonValue[], key: string): boolean {
  const seen = new Set<JsonValue>();
  let found = 0;
  for (const item of after) {
    const value = keyOf(item, key);
    if (value === undefined || seen.has(value)) return false;
    seen.add(value);
    if (found < before.length && value === keyOf(before[found] ?? null, key)) found++;
  }
  return found === before.length;
}

function keyOf(item: JsonValue, key: string): string | number | undefined {
  const value = isObject(item) ? getOwn(item, key) : undefined;
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** `diffList` for lists of which `isGrown` is true. */
function diffGrown(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  key: string,
  path: string,
  draft: PatchDraft,
  diffItem: DiffItem,
): void {
  let position = 0;
  for (let index = 0; index < after.length; index++) {
    const value = after[index] ?? null;
    const old = before[position] ?? null;
    if (position === before.length || keyOf(value, key) !== keyOf(old, key)) {
      draft.operations.push({ op: "add", path: childPointer(path, index), value });
      continue;
    }
    position++;
    // Most items of a large list are the very same object; they need no path.
    if (!Object.is(old, value)) diffItem(old, value, childPointer(path, index));
  }
}
