import { getOwn, isObject, type JsonValue } from "../json/index.js";
import { fingerprint } from "./fingerprint.js";
import { risingPairs } from "./rising-pairs.js";

/**
 * The member that tells the items of a list apart, by the name of the field that holds the list: `name` for `containers`.
 * Undefined for a list whose items only their content tells apart.
 */
export type ListKey = (field: string) => string | undefined;

/** One step from a list to another, in the order of the other one. A step with `from` and `to` may change the item inside. */
export type ListStep =
  | { readonly kind: "keep"; readonly from: number; readonly to: number }
  | { readonly kind: "remove"; readonly from: number }
  | { readonly kind: "insert"; readonly to: number }
  | { readonly kind: "move"; readonly from: number; readonly to: number };

/** What an item goes by: its key, or all that is in it. */
interface Identity {
  readonly text: string;
  readonly keyed: boolean;
}

/**
 * Tells how a list becomes another: which items stay, go, come or move, as few of them as possible. Items are the same that
 * have the same key; those without one when they are equal, or take each other's place (ADR 0010).
 *
 * @param key the member that tells the items apart, as a {@link ListKey} gives it
 * @param spend counts what is compared; what it throws is thrown on
 */
export function alignLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  key: string | undefined,
  spend: (steps: number) => void = () => {},
): ListStep[] {
  const old = before.map((item) => identityOf(item, key));
  const now = after.map((item) => identityOf(item, key));
  const steps: ListStep[] = [];
  let [from, to] = [0, 0];
  for (const pair of risingPairs(old.map(textOf), now.map(textOf), spend)) {
    addGap(steps, old, now, { from, fromEnd: pair.from, to, toEnd: pair.to });
    steps.push({ kind: "keep", ...pair });
    [from, to] = [pair.from + 1, pair.to + 1];
  }
  addGap(steps, old, now, { from, fromEnd: old.length, to, toEnd: now.length });
  return withMoves(steps, old, now);
}

function textOf({ text }: Identity): string {
  return text;
}

function identityOf(item: JsonValue, key: string | undefined): Identity {
  const value = key === undefined || !isObject(item) ? undefined : getOwn(item, key);
  const keyed = typeof value === "string" || typeof value === "number" || typeof value === "bigint";
  return keyed
    ? { text: `${typeof value === "string" ? "text" : "number"} ${value}`, keyed }
    : { text: fingerprint(item), keyed };
}

/** What lies between two items that stay, on both sides. */
interface Gap {
  readonly from: number;
  readonly fromEnd: number;
  readonly to: number;
  readonly toEnd: number;
}

/** Items without a key take each other's place, others go and come. */
function addGap(steps: ListStep[], old: readonly Identity[], now: readonly Identity[], gap: Gap): void {
  let { from, to } = gap;
  while (from < gap.fromEnd && to < gap.toEnd && !old[from]?.keyed && !now[to]?.keyed)
    steps.push({ kind: "keep", from: from++, to: to++ });
  while (from < gap.fromEnd) steps.push({ kind: "remove", from: from++ });
  while (to < gap.toEnd) steps.push({ kind: "insert", to: to++ });
}

/** An item that goes here and comes there has moved. */
function withMoves(steps: ListStep[], old: readonly Identity[], now: readonly Identity[]): ListStep[] {
  const removed = new Map<string, number>();
  for (const step of steps) if (step.kind === "remove") removed.set(old[step.from]?.text ?? "", step.from);
  if (removed.size === 0) return steps;
  const moved = new Set<number>();
  const result = steps.map((step): ListStep => {
    if (step.kind !== "insert") return step;
    const text = now[step.to]?.text ?? "";
    const from = removed.get(text);
    if (from === undefined) return step;
    removed.delete(text);
    moved.add(from);
    return { kind: "move", from, to: step.to };
  });
  return result.filter((step) => step.kind !== "remove" || !moved.has(step.from));
}
