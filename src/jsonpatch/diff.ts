import { isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { diffKeyedList } from "./diff-keyed-list.js";
import { diffPositions } from "./diff-positions.js";
import { findItemKeys } from "./item-keys.js";
import type { Operation } from "./operation.js";
import type { PatchDraft } from "./patch-draft.js";
import { childPointer } from "./pointer.js";

/**
 * The operations that turn one tree into another.
 * Lists of objects are matched by a member that tells items apart (`name`, `mountPath`, …), so that a container put first is one
 * `add`; other lists by position. Values in the operations are shared with `after`. Neither tree is changed.
 *
 * @param spend counts the items and members that are compared; what it throws is thrown on
 */
export function diff(
  before: JsonValue,
  after: JsonValue,
  spend: (steps: number) => void = () => {},
): Operation[] {
  const operations: Operation[] = [];
  diffValue(before, after, "", { operations, spend });
  return operations;
}

/** Adds to a patch what turns `before`, which stands at `path`, into `after`. */
export function diffValue(before: JsonValue, after: JsonValue, path: string, draft: PatchDraft): void {
  if (Object.is(before, after)) return;
  if (isObject(before) && isObject(after)) diffObject(before, after, path, draft);
  else if (Array.isArray(before) && Array.isArray(after)) diffList(before, after, path, draft);
  else draft.operations.push({ op: "replace", path, value: after });
}

function diffObject(before: JsonObject, after: JsonObject, path: string, draft: PatchDraft): void {
  const { operations, spend } = draft;
  const keys = Object.keys(after);
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) operations.push({ op: "remove", path: childPointer(path, key) });
  }
  for (const key of keys) {
    const value = after[key] ?? null;
    if (Object.hasOwn(before, key)) {
      const old = before[key] ?? null;
      if (!Object.is(old, value)) diffValue(old, value, childPointer(path, key), draft);
    } else operations.push({ op: "add", path: childPointer(path, key), value });
  }
  spend(keys.length);
}

/**
 * From so many operations in one list on, and where it has fewer than twice as many items, the list is replaced as a whole. An
 * operation is some 70 characters longer than its value, so without this a patch can be many times as long as what it makes.
 */
const mostEdits = 10_000;

function diffList(before: JsonValue[], after: JsonValue[], path: string, draft: PatchDraft): void {
  const { operations, spend } = draft;
  const { length } = operations;
  spend(before.length + after.length);
  const keys = before.length + after.length === 0 ? undefined : findItemKeys(before, after);
  if (keys === undefined) diffPositions(before, after, path, draft, diffValue);
  else diffKeyedList(before, after, keys, path, draft, diffValue);
  const edits = operations.length - length;
  if (edits < mostEdits || edits * 2 < after.length) return;
  operations.length = length;
  operations.push({ op: "replace", path, value: after });
}
