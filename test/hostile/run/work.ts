/** Processor time of this process in microseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** What a piece of work costs in microseconds of processor time, and what it gives. */
export function measured<T>(work: () => T): { readonly cost: number; readonly result: T } {
  const begun = processorTime();
  const result = work();
  return { cost: processorTime() - begun, result };
}

/** What a piece of work costs when it is done again and again: until it can be measured, since clocks tick seldom. */
export function usualCost(work: () => unknown): number {
  let [times, spent] = [0, 0];
  for (; spent < 5000; times++) spent += measured(work).cost;
  return spent / times;
}

/** The least of several costs: what comes on top is the machine's. */
function leastCost(times: number, work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < times; turn++) least = Math.min(least, measured(work).cost);
  return least;
}

// A small input may cost as much as so many ordinary ones do without recordings: parsing, injecting, writing. It is some ten
// milliseconds, as many as the injector spends on one pod of several templates.
const ordinaryOnes = 40;
/** A large one may cost so many times what JSON.parse needs for its text, which is about 100 MB in a second. */
const parses = 40;

/** What an input may cost: measured on this machine, in this process. */
export class Budget {
  /** @param ordinary what an ordinary input costs */
  constructor(private readonly ordinary: number) {}

  /** Whether the cost is too much for a text; it is looked at again and again before that is said. */
  isExceeded(cost: number, textOf: () => string, again: () => unknown): string | undefined {
    const base = ordinaryOnes * this.ordinary;
    if (cost <= base) return undefined;
    const text = textOf();
    const parse = usualCost(() => parseText(text));
    const budget = base + parses * parse;
    if (cost <= budget) return undefined;
    const least = Math.min(cost, leastCost(3, again));
    if (least <= budget) return undefined;
    const [spent, may] = [least, budget].map((time) => (time / 1000).toFixed(1));
    return `it took ${spent} ms of ${may} ms (${text.length} characters, parsed in ${(parse / 1000).toFixed(2)} ms)`;
  }
}

/** Work that every server does with a text, whether it is JSON or not. */
function parseText(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    JSON.parse(JSON.stringify(text));
  }
}
