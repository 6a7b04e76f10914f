import { isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { diffKeyedList } from "./diff-keyed-list.js";
import { diffPositions } from "./diff-positions.js";
import { findItemKeys } from "./item-keys.js";
import type { Operation } from "./operation.js";
import { childPointer } from "./pointer.js";

/**
 * The operations that turn one tree into another.
 * Lists of objects are matched by a member that tells items apart (`name`, `mountPath`, …), so that a container put first is one
 * `add`; other lists by position. Values in the operations are shared with `after`. Neither tree is changed.
 */
export function diff(before: JsonValue, after: JsonValue): Operation[] {
  const operations: Operation[] = [];
  diffValue(before, after, "", operations);
  return operations;
}

/** Adds to `operations` what turns `before`, which stands at `path`, into `after`. */
export function diffValue(before: JsonValue, after: JsonValue, path: string, operations: Operation[]): void {
  if (Object.is(before, after)) return;
  if (isObject(before) && isObject(after)) diffObject(before, after, path, operations);
  else if (Array.isArray(before) && Array.isArray(after)) diffList(before, after, path, operations);
  else operations.push({ op: "replace", path, value: after });
}

function diffObject(before: JsonObject, after: JsonObject, path: string, operations: Operation[]): void {
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) operations.push({ op: "remove", path: childPointer(path, key) });
  }
  for (const key of Object.keys(after)) {
    const value = after[key] ?? null;
    if (Object.hasOwn(before, key)) {
      const old = before[key] ?? null;
      if (!Object.is(old, value)) diffValue(old, value, childPointer(path, key), operations);
    } else operations.push({ op: "add", path: childPointer(path, key), value });
  }
}

function diffList(before: JsonValue[], after: JsonValue[], path: string, operations: Operation[]): void {
  const keys = before.length + after.length === 0 ? undefined : findItemKeys(before, after);
  if (keys === undefined) diffPositions(before, after, path, operations, diffValue);
  else diffKeyedList(before, after, keys, path, operations, diffValue);
}
