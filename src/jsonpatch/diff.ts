import { isObject, type JsonObject, type JsonValue } from "../json/index.js";
import type { ListKey } from "./align-lists.js";
import { diffList } from "./diff-list.js";
import type { Operation } from "./operation.js";
import type { PatchDraft } from "./patch-draft.js";
import { childPointer } from "./pointer.js";

/**
 * The operations that turn one tree into another.
 * The items of lists are matched by the member that tells them apart, so that a container put first is one `add`; those of other
 * lists by what is in them. Values in the operations are shared with `after`. Neither tree is changed.
 *
 * @param spend counts the items and members that are compared; what it throws is thrown on
 */
export function diff(
  before: JsonValue,
  after: JsonValue,
  listKey: ListKey,
  spend: (steps: number) => void = () => {},
): Operation[] {
  const operations: Operation[] = [];
  new Differ(listKey, { operations, spend }).value(before, after, "", "");
  return operations;
}

/**
 * From so many operations in one list on, and where it has fewer than twice as many items, the list is replaced as a whole. An
 * operation is some 70 characters longer than its value, so without this a patch can be many times as long as what it makes.
 */
const mostEdits = 10_000;

class Differ {
  constructor(
    private readonly listKey: ListKey,
    private readonly draft: PatchDraft,
  ) {}

  /** Adds what turns `before`, which is at `path` and in the field of this name, into `after`. */
  value(before: JsonValue, after: JsonValue, path: string, field: string): void {
    if (Object.is(before, after)) return;
    if (isObject(before) && isObject(after)) this.#object(before, after, path);
    else if (Array.isArray(before) && Array.isArray(after)) this.#list(before, after, path, field);
    else this.draft.operations.push({ op: "replace", path, value: after });
  }

  #object(before: JsonObject, after: JsonObject, path: string): void {
    const { operations, spend } = this.draft;
    const keys = Object.keys(after);
    for (const key of Object.keys(before)) {
      if (!Object.hasOwn(after, key)) operations.push({ op: "remove", path: childPointer(path, key) });
    }
    for (const key of keys) {
      const value = after[key] ?? null;
      if (Object.hasOwn(before, key)) {
        const old = before[key] ?? null;
        if (!Object.is(old, value)) this.value(old, value, childPointer(path, key), key);
      } else operations.push({ op: "add", path: childPointer(path, key), value });
    }
    spend(keys.length);
  }

  #list(before: JsonValue[], after: JsonValue[], path: string, field: string): void {
    const { operations, spend } = this.draft;
    const { length } = operations;
    spend(before.length + after.length);
    diffList(before, after, this.listKey(field), path, this.draft, this.#item);
    const edits = operations.length - length;
    if (edits < mostEdits || edits * 2 < after.length) return;
    operations.length = length;
    operations.push({ op: "replace", path, value: after });
  }

  readonly #item = (before: JsonValue, after: JsonValue, path: string): void =>
    this.value(before, after, path, "");
}
