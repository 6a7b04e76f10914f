import { getOwn, isObject, type JsonValue } from "../../json/index.js";

/** One step from an old list to a wanted one, in the order of the wanted list. */
export type ListStep =
  | { readonly kind: "keep"; readonly from: number; readonly to: number }
  | { readonly kind: "remove"; readonly from: number }
  | { readonly kind: "insert"; readonly to: number }
  | { readonly kind: "move"; readonly from: number; readonly to: number };

/** The fields that tell the elements of Kubernetes' lists apart, the most telling first. */
const identities = [
  "mountPath",
  "devicePath",
  "containerPort",
  "name",
  "topologyKey",
  "ip",
  "uid",
  "key",
] as const;

function identity(item: JsonValue): { text: string; named: boolean } {
  if (isObject(item)) {
    for (const field of identities) {
      const value = getOwn(item, field);
      if (typeof value === "string" || typeof value === "number")
        return { text: `${field}=${value}`, named: true };
    }
  }
  return { text: write(item), named: false };
}

function write(item: JsonValue): string {
  return JSON.stringify(item, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}

/** Above this many cells the longest common part is not worth its time; elements are then matched in order. */
const maxCells = 4_000_000;

/**
 * Tells how a list becomes another: which elements stay (and may change inside), which go, come or move. Elements are
 * the same when they have the same name, or whatever their list goes by.
 */
export function alignLists(old: readonly JsonValue[], wanted: readonly JsonValue[]): ListStep[] {
  const a = old.map(identity);
  const b = wanted.map(identity);
  const pairs = commonPairs(
    a.map(({ text }) => text),
    b.map(({ text }) => text),
  );
  const steps: ListStep[] = [];
  let i = 0;
  let j = 0;
  for (const [from, to] of [...pairs, [old.length, wanted.length] as const]) {
    steps.push(...gap(a, b, i, from, j, to));
    if (from < old.length) steps.push({ kind: "keep", from, to });
    i = from + 1;
    j = to + 1;
  }
  return withMoves(steps, a, b);
}

/** What lies between two kept elements: elements without a name take each other's place, others go and come. */
function gap(
  a: readonly { named: boolean }[],
  b: readonly { named: boolean }[],
  i: number,
  from: number,
  j: number,
  to: number,
): ListStep[] {
  const steps: ListStep[] = [];
  let left = i;
  let right = j;
  while (left < from && right < to && a[left]?.named === false && b[right]?.named === false) {
    steps.push({ kind: "keep", from: left++, to: right++ });
  }
  while (left < from) steps.push({ kind: "remove", from: left++ });
  while (right < to) steps.push({ kind: "insert", to: right++ });
  return steps;
}

/** An element that goes here and comes there has moved. */
function withMoves(
  steps: readonly ListStep[],
  a: readonly { text: string }[],
  b: readonly { text: string }[],
): ListStep[] {
  const removed = new Map<string, number>();
  for (const step of steps) if (step.kind === "remove") removed.set(a[step.from]?.text ?? "", step.from);
  if (removed.size === 0) return [...steps];
  const moved = new Set<number>();
  const result = steps.map((step): ListStep => {
    if (step.kind !== "insert") return step;
    const text = b[step.to]?.text ?? "";
    const from = removed.get(text);
    if (from === undefined) return step;
    removed.delete(text);
    moved.add(from);
    return { kind: "move", from, to: step.to };
  });
  return result
    .filter((step) => !(step.kind === "remove" && moved.has(step.from)))
    .concat([...moved].map((from): ListStep => ({ kind: "remove", from })));
}

/** Pairs of equal elements, rising on both sides: the longest such chain where the lists are not too long for it. */
function commonPairs(a: readonly string[], b: readonly string[]): [number, number][] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  const middle = left.length * right.length > maxCells ? inOrder(left, right) : longest(left, right);
  const range = (count: number, shift: (k: number) => [number, number]): [number, number][] =>
    Array.from({ length: count }, (_, k) => shift(k));
  return [
    ...range(head, (k) => [k, k]),
    ...middle.map(([i, j]): [number, number] => [i + head, j + head]),
    ...range(tail, (k) => [a.length - tail + k, b.length - tail + k]),
  ];
}

function inOrder(a: readonly string[], b: readonly string[]): [number, number][] {
  const places = new Map(b.map((text, index) => [text, index]));
  const pairs: [number, number][] = [];
  let last = -1;
  for (const [index, text] of a.entries()) {
    const place = places.get(text);
    if (place === undefined || place <= last) continue;
    pairs.push([index, place]);
    last = place;
  }
  return pairs;
}

function longest(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const cell = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] =
        a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (cell(i + 1, j) >= cell(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
