import type { ListStep } from "../../jsonpatch/index.js";
import type { SourceMap, SourcePair, SourceSlot } from "../source/source-node.js";

/** An element that comes into a list. */
export type Addition = Extract<ListStep, { kind: "insert" | "move" }>;

/** What is added to a collection: before all entries, and behind entries that stay. */
export interface Additions<T> {
  readonly first: readonly T[];
  readonly after: ReadonlyMap<SourceSlot, readonly T[]>;
}

/** The pairs that count: of equal keys the last one, as goyaml reads it. */
export function lastOfEachKey(node: SourceMap): { pairs: SourcePair[]; shadowed: Set<SourcePair> } {
  const last = new Map<string, SourcePair>();
  for (const pair of node.entries) if (!pair.merge) last.set(pair.key, pair);
  const counts = (pair: SourcePair): boolean => pair.merge || last.get(pair.key) === pair;
  return {
    pairs: node.entries.filter(counts),
    shadowed: new Set(node.entries.filter((pair) => !counts(pair))),
  };
}

/** New keys go behind the key that the wanted order puts before them. */
export function groupByPredecessor(
  order: readonly string[],
  added: readonly string[],
  keptKeys: ReadonlySet<string>,
  staying: readonly SourcePair[],
): Additions<string> {
  const isNew = new Set(added);
  const byKey = new Map(staying.map((pair) => [pair.key, pair]));
  const first: string[] = [];
  const after = new Map<SourceSlot, string[]>();
  let previous: SourceSlot | undefined;
  for (const key of order) {
    if (keptKeys.has(key)) previous = byKey.get(key) ?? previous;
    if (!isNew.has(key)) continue;
    if (previous === undefined) first.push(key);
    else push(after, previous, key);
  }
  return { first, after };
}

/** New elements go behind the element that stays before them. */
export function groupSteps(steps: readonly ListStep[], entries: readonly SourceSlot[]): Additions<Addition> {
  const first: Addition[] = [];
  const after = new Map<SourceSlot, Addition[]>();
  let previous: SourceSlot | undefined;
  for (const step of steps) {
    if (step.kind === "keep") previous = entries[step.from];
    if (step.kind !== "insert" && step.kind !== "move") continue;
    if (previous === undefined) first.push(step);
    else push(after, previous, step);
  }
  return { first, after };
}

function push<T>(map: Map<SourceSlot, T[]>, slot: SourceSlot, item: T): void {
  const list = map.get(slot);
  if (list === undefined) map.set(slot, [item]);
  else list.push(item);
}
