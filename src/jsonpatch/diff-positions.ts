import type { DiffValue } from "./diff-keyed-list.js";
import type { JsonValue } from "./json-value.js";
import type { Operation } from "./operation.js";
import { childPointer } from "./pointer.js";
import { same } from "./same.js";

/**
 * The largest table of item pairs that is compared to find the fewest edits: 200 items against 200, well under a millisecond.
 * Longer lists are compared pair by pair from the front.
 */
const largestTable = 40_000;

/** Diffs two lists by position: what is equal at both ends stays, and the middle is edited as little as possible. */
export function diffPositions(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  path: string,
  operations: Operation[],
  diffValue: DiffValue,
): void {
  const start = commonLength(
    before,
    after,
    (list, i) => list[i] ?? null,
    Math.min(before.length, after.length),
  );
  const rest = Math.min(before.length, after.length) - start;
  const end = commonLength(before, after, (list, i) => list[list.length - 1 - i] ?? null, rest);
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const table = old.length * now.length <= largestTable ? commonTable(old, now) : undefined;
  edit(old, now, table, start, path, operations, diffValue);
}

function commonLength(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  item: (list: readonly JsonValue[], index: number) => JsonValue,
  limit: number,
): number {
  let length = 0;
  while (length < limit && same(item(before, length), item(after, length))) length++;
  return length;
}

/** At [i][j] the length of the longest list that is in both old from i and now from j, as one flat array. */
interface CommonTable {
  readonly lengthAt: (i: number, j: number) => number;
  readonly equalAt: (i: number, j: number) => boolean;
}

function commonTable(old: readonly JsonValue[], now: readonly JsonValue[]): CommonTable {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const equal = new Uint8Array(old.length * now.length);
  const lengthAt = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const match = same(old[i] ?? null, now[j] ?? null);
      equal[i * now.length + j] = match ? 1 : 0;
      lengths[i * width + j] = match
        ? lengthAt(i + 1, j + 1) + 1
        : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  return { lengthAt, equalAt: (i, j) => equal[i * now.length + j] === 1 };
}

/** Runs of old items that are gone and new ones in their place are paired: a pair is diffed, what is over is removed or added. */
function edit(
  old: readonly JsonValue[],
  now: readonly JsonValue[],
  table: CommonTable | undefined,
  start: number,
  path: string,
  operations: Operation[],
  diffValue: DiffValue,
): void {
  let i = 0;
  let j = 0;
  let at = start;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && table?.equalAt(i, j)) {
      i++;
      j++;
      at++;
      continue;
    }
    const gone = i;
    const added = j;
    while (
      (i < old.length || j < now.length) &&
      !(i < old.length && j < now.length && table?.equalAt(i, j))
    ) {
      const skipOld =
        j >= now.length ||
        (i < old.length && (table?.lengthAt(i + 1, j) ?? 0) >= (table?.lengthAt(i, j + 1) ?? 0));
      if (skipOld) i++;
      else j++;
    }
    const pairs = Math.min(i - gone, j - added);
    for (let pair = 0; pair < pairs; pair++, at++)
      diffValue(old[gone + pair] ?? null, now[added + pair] ?? null, childPointer(path, at), operations);
    for (let index = gone + pairs; index < i; index++)
      operations.push({ op: "remove", path: childPointer(path, at) });
    for (let index = added + pairs; index < j; index++, at++)
      operations.push({ op: "add", path: childPointer(path, at), value: now[index] ?? null });
  }
}
