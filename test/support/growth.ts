/** What one size of a text cost. */
export interface Cost {
  /** Bytes or characters of the text, as the work takes it. */
  readonly size: number;
  /** Microseconds of CPU of this process, so that a busy machine counts for nothing. */
  readonly cpu: number;
}

/** Work on a text of a size; what is made before it is called is not measured. */
export type Prepare = (size: number) => () => void;

/** How far a measurement goes. */
export interface Extent {
  /** The largest size. */
  readonly limit: number;
  /** Microseconds after which one run is long enough: larger sizes are not tried. */
  readonly enough: number;
}

/** What a measurement says: the order of growth (1 is linear, 2 quadratic), and what it was judged by. */
export interface Growth {
  readonly order: number;
  readonly costs: readonly Cost[];
}

/** Microseconds from which on a time says something: scheduling, a small collection of garbage or a compilation takes less. */
const measurable = 2000;

/** Microseconds that the largest size must take to be judged, so that there are smaller ones which can be measured. */
const telling = 8 * measurable;

/**
 * So many doublings are looked at: constant costs make the growth of small sizes look better than it is, and a curve
 * over four doublings is a hundredfold apart between linear and quadratic.
 */
const doublings = 4;

/** n log n has an order of 1.1 at these sizes, n√n one of 1.5, which noise may hide; the border is between the two. */
export const worstOrder = 1.35;

/** Microseconds from which on one run is as good as the median of several, and from which on none is longer. */
const steady = 100_000;
const longest = 1_000_000;

/** So often a size is measured again when one run of each looked bad: the median of them counts. */
const repetitions = 5;

function once(prepare: Prepare, size: number): Cost {
  const run = prepare(size);
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return { size, cpu: user + system };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function lowerMedian(values: readonly number[]): number {
  return -median(values.map((value) => -value));
}

/** What is paid at any size: the least that the small sizes cost. */
function constantOf(costs: readonly Cost[]): number {
  const top = costs.at(-1)?.size ?? 0;
  // Small enough that what grows is no part of it.
  const small = costs.filter(({ size }) => size <= top / 2 ** (doublings + 4));
  return small.length === 0 ? 0 : Math.min(...small.map(({ cpu }) => cpu));
}

/**
 * The order of growth: the median of the slopes between all pairs of sizes, or of those between neighbours if that is
 * less: neither one bad measurement counts, nor one step between two levels, as where the collection of garbage sets
 * in. Where one size alone takes long enough, the slope from end to end, what is too quick taken as long. 0 where even
 * the largest is too quick.
 */
function orderOf(costs: readonly Cost[], constant: number): number {
  const top = costs.at(-1)?.size ?? 0;
  const last = costs
    .filter(({ size }) => size >= top / 2 ** doublings)
    .map(({ size, cpu }) => ({ size, cpu: cpu - constant }));
  // What is within the noise of the constant says nothing.
  const points = last.filter(({ cpu }) => cpu >= Math.max(measurable, constant / 2));
  if ((points.at(-1)?.cpu ?? 0) < telling) return 0;
  if (points.length < 2) return slope(last[0], last.at(-1));
  const all = points.flatMap((a) => points.filter((b) => b.size > a.size).map((b) => slope(a, b)));
  const neighbours = points.slice(1).map((b, index) => slope(points[index], b));
  return Math.min(median(all), lowerMedian(neighbours));
}

function slope(a: Cost | undefined, b: Cost | undefined): number {
  if (a === undefined || b === undefined || a.size === b.size) return 0;
  return Math.log(Math.max(b.cpu, measurable) / Math.max(a.cpu, measurable)) / Math.log(b.size / a.size);
}

/**
 * How the CPU time of some work grows with the size of its text. Sizes grow up to the limit; where that looks worse than
 * n log n, or cannot be told, sizes that double are measured again, and the medians decide. What is still worse has to
 * be so beyond that, up to four times the size, since a step between two ways of work is none there. 0 when all of it
 * is too quick to be measured.
 */
export function growthOf(prepare: Prepare, { limit, enough }: Extent): Growth {
  const costs: Cost[] = [];
  for (let size = 1; ; ) {
    const cost = once(prepare, size);
    costs.push(cost);
    if (cost.cpu > enough || size >= limit) break;
    size = Math.min(limit, size * (cost.cpu < measurable ? 4 : 2));
  }
  const constant = constantOf(costs);
  const order = orderOf(costs, constant);
  const top = costs.at(-1) ?? { size: 0, cpu: 0 };
  const isTold = costs.filter(({ cpu }) => cpu - constant >= measurable).length > 2;
  // Code that was not compiled yet makes small sizes look slow, and so the growth small.
  const lately = slope(costs.at(-2), costs.at(-1));
  if (Math.max(order, lately) <= worstOrder && (isTold || top.cpu < telling)) return { order, costs };
  const again = measured(prepare, top.size / 2 ** doublings, constant);
  return again.order <= worstOrder ? again : measured(prepare, top.size / 4, constant);
}

/** The medians of sizes that double, up to one that takes a second: what grows so far has shown it. */
function measured(prepare: Prepare, first: number, constant: number): Growth {
  const costs: Cost[] = [];
  for (let doubled = 0; doubled <= doublings; doubled++) {
    const size = Math.ceil(first * 2 ** doubled);
    const one = once(prepare, size);
    // A long run is steady, and need not be repeated.
    const more = one.cpu > steady ? 0 : repetitions - 1;
    costs.push({
      size,
      cpu: median([one.cpu, ...Array.from({ length: more }, () => once(prepare, size).cpu)]),
    });
    if (one.cpu > longest) break;
  }
  return { order: orderOf(costs, constant), costs };
}
