import { longestRising } from "./longest-rising.js";

/** Two places at which two lists have the same. */
export interface Pair {
  readonly from: number;
  readonly to: number;
}

/**
 * The largest table of pairs of items that is filled to find the longest common part of lists in which items repeat: 200 items
 * against 200, well under a millisecond. Longer ones are paired in order, which may find fewer pairs.
 */
const largestTable = 40_000;

/** Pairs of equal texts, rising on both sides: as many as there can be, but for long lists in which texts repeat. */
export function risingPairs(
  before: readonly string[],
  after: readonly string[],
  spend: (steps: number) => void,
): Pair[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const pairs: Pair[] = [];
  for (let at = 0; at < head; at++) pairs.push({ from: at, to: at });
  const middle = pairsBetween(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
    spend,
  );
  for (const { from, to } of middle) pairs.push({ from: from + head, to: to + head });
  for (let at = tail; at > 0; at--) pairs.push({ from: before.length - at, to: after.length - at });
  return pairs;
}

function pairsBetween(
  before: readonly string[],
  after: readonly string[],
  spend: (steps: number) => void,
): Pair[] {
  if (before.length === 0 || after.length === 0) return [];
  const places = new Map(before.map((text, place) => [text, place]));
  if (places.size === before.length && new Set(after).size === after.length)
    return pairsOfUnique(places, after);
  if (before.length * after.length > largestTable) return pairsInOrder(before, after);
  // An entry of the table takes some nanoseconds.
  spend(((before.length * after.length) >> 6) + 1);
  return pairsByTable(before, after);
}

/**
 * Where no text repeats the longest common part is a longest rising run of places. It is sought from the end, so that of two items
 * that changed places the one that comes first now stays, as the table has it.
 */
function pairsOfUnique(places: ReadonlyMap<string, number>, after: readonly string[]): Pair[] {
  const common = after.flatMap((text, to) => {
    const from = places.get(text);
    return from === undefined ? [] : [{ from, to }];
  });
  common.reverse();
  const run = longestRising(common.map(({ from }) => -from));
  return common.filter((_, position) => run.has(position)).reverse();
}

function pairsByTable(before: readonly string[], after: readonly string[]): Pair[] {
  const width = after.length + 1;
  /** The length of the longest common part of what begins at each pair of places. */
  const lengths = new Uint32Array((before.length + 1) * width);
  const length = (from: number, to: number): number => lengths[from * width + to] ?? 0;
  for (let from = before.length - 1; from >= 0; from--) {
    for (let to = after.length - 1; to >= 0; to--) {
      lengths[from * width + to] =
        before[from] === after[to]
          ? length(from + 1, to + 1) + 1
          : Math.max(length(from + 1, to), length(from, to + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let from = 0, to = 0; from < before.length && to < after.length; ) {
    if (before[from] === after[to]) pairs.push({ from: from++, to: to++ });
    else if (length(from + 1, to) >= length(from, to + 1)) from++;
    else to++;
  }
  return pairs;
}

function pairsInOrder(before: readonly string[], after: readonly string[]): Pair[] {
  const places = new Map(after.map((text, place) => [text, place]));
  const pairs: Pair[] = [];
  let last = -1;
  for (const [from, text] of before.entries()) {
    const to = places.get(text);
    if (to === undefined || to <= last) continue;
    pairs.push({ from, to });
    last = to;
  }
  return pairs;
}
