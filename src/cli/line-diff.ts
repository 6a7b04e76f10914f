/** A line of a comparison. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** A longer search costs more than a shorter answer is worth; the rest is then given as removed and added. */
const maxSteps = 4_000;

/** Compares two lists of lines: the fewest lines removed and added, as Myers' algorithm finds them. */
export function diffLines(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: "same", text }));
  return [
    ...same(a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = a.map((text): DiffLine => ({ kind: "removed", text }));
  const added = b.map((text): DiffLine => ({ kind: "added", text }));
  if (a.length === 0 || b.length === 0) return [...removed, ...added];
  const trace = search(a, b);
  return trace === undefined ? [...removed, ...added] : walkBack(a, b, trace);
}

/** For each number of steps the furthest point on every diagonal. Undefined when it takes too many. */
function search(a: readonly string[], b: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let best = new Map<number, number>([[1, 0]]);
  for (let steps = 0; steps <= Math.min(a.length + b.length, maxSteps); steps++) {
    trace.push(new Map(best));
    const next = new Map(best);
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      const [left, right] = [next.get(diagonal - 1) ?? -1, next.get(diagonal + 1) ?? -1];
      let x = diagonal === -steps || (diagonal !== steps && left < right) ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
    best = next;
  }
  return undefined;
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  trace: readonly Map<number, number>[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let steps = trace.length - 1; steps >= 0; steps--) {
    const best = trace[steps] ?? new Map<number, number>();
    const diagonal = x - y;
    const [left, right] = [best.get(diagonal - 1) ?? -1, best.get(diagonal + 1) ?? -1];
    const down = diagonal === -steps || (diagonal !== steps && left < right);
    const fromX = steps === 0 ? 0 : down ? right : left;
    const fromY = steps === 0 ? 0 : fromX - (diagonal + (down ? 1 : -1));
    while (x > fromX && y > fromY) {
      lines.push({ kind: "same", text: a[--x] ?? "" });
      y--;
    }
    if (steps === 0) break;
    if (down) lines.push({ kind: "added", text: b[--y] ?? "" });
    else lines.push({ kind: "removed", text: a[--x] ?? "" });
  }
  return lines.reverse();
}
