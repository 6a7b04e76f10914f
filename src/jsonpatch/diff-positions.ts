import type { JsonValue } from "../json/index.js";
import type { DiffValue } from "./diff-keyed-list.js";
import { fingerprint } from "./fingerprint.js";
import type { PatchDraft } from "./patch-draft.js";
import { childPointer } from "./pointer.js";
import { same } from "./same.js";

/**
 * The largest table of item pairs that is filled to find the fewest edits: 200 items against 200, well under a millisecond.
 * Longer lists are compared pair by pair from the front.
 */
const largestTable = 40_000;

/** Diffs two lists by position: what is equal at both ends stays, and the middle is edited as little as possible. */
export function diffPositions(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  path: string,
  draft: PatchDraft,
  diffValue: DiffValue,
): void {
  const shorter = Math.min(before.length, after.length);
  const start = commonLength(before, after, (list, i) => list[i] ?? null, shorter);
  const end = commonLength(before, after, (list, i) => list[list.length - 1 - i] ?? null, shorter - start);
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  // An entry of the table takes some nanoseconds.
  draft.spend((Math.min(old.length * now.length, largestTable) >> 6) + 1);
  const table = old.length * now.length <= largestTable ? commonTable(old, now) : noneInCommon;
  let at = start;
  for (const run of changedRuns(old, now, table)) {
    at += run.kept;
    at = replaceRun(run, at, path, draft, diffValue);
  }
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

/** What two lists have in common. */
interface Common {
  readonly equal: (i: number, j: number) => boolean;
  /** The length of the longest list that is in both the first from i and the second from j. */
  readonly length: (i: number, j: number) => number;
}

const noneInCommon: Common = { equal: () => false, length: () => 0 };

function commonTable(old: readonly JsonValue[], now: readonly JsonValue[]): Common {
  const ids = new Map<string, number>();
  const identify = (item: JsonValue) => {
    const text = fingerprint(item);
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return id;
  };
  const oldIds = old.map(identify);
  const nowIds = now.map(identify);
  const equal = (i: number, j: number) => i < old.length && j < now.length && oldIds[i] === nowIds[j];
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const length = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      lengths[i * width + j] = equal(i, j)
        ? length(i + 1, j + 1) + 1
        : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  return { equal, length };
}

/** Items that stay, then items that are gone and items that stand in their place. */
interface Run {
  readonly kept: number;
  readonly gone: readonly JsonValue[];
  readonly added: readonly JsonValue[];
}

function changedRuns(old: readonly JsonValue[], now: readonly JsonValue[], common: Common): Run[] {
  const runs: Run[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const [firstOld, firstNow] = [i, j];
    while (common.equal(i, j)) {
      i++;
      j++;
    }
    const kept = i - firstOld;
    while ((i < old.length || j < now.length) && !common.equal(i, j)) {
      const dropOld =
        j >= now.length || (i < old.length && common.length(i + 1, j) >= common.length(i, j + 1));
      if (dropOld) i++;
      else j++;
    }
    runs.push({ kept, gone: old.slice(firstOld + kept, i), added: now.slice(firstNow + kept, j) });
  }
  return runs;
}

/** Pairs what is gone with what stands in its place; what is over is removed or added. Gives the position after the run. */
function replaceRun(
  { gone, added }: Run,
  start: number,
  path: string,
  draft: PatchDraft,
  diffValue: DiffValue,
): number {
  let at = start;
  const pairs = Math.min(gone.length, added.length);
  for (let pair = 0; pair < pairs; pair++, at++)
    diffValue(gone[pair] ?? null, added[pair] ?? null, childPointer(path, at), draft);
  for (let index = pairs; index < gone.length; index++)
    draft.operations.push({ op: "remove", path: childPointer(path, at) });
  for (const value of added.slice(pairs)) {
    draft.operations.push({ op: "add", path: childPointer(path, at), value });
    at++;
  }
  return at;
}
