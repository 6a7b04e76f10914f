// How a ratio is measured on a machine that does other things too: numerator and denominator take turns of a few
// milliseconds, each pair gives one ratio, and the median of the ratios counts.

/** Microseconds of processor time that some work takes, the collector's threads included. Time in which others run does not count. */
function time(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function each(batch, act) {
  for (const review of batch) act(review);
}

function median(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}

const processorMilliseconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Runs until so much processor time is over, but at least so often. */
function during(milliseconds, atLeast, work) {
  const end = processorMilliseconds() + milliseconds;
  for (let turn = 0; turn < atLeast || processorMilliseconds() < end; turn++) work();
}

const fewestSamples = 15;
/** Long enough for the clock, short enough that what disturbs the machine disturbs both sides of a ratio. */
const sampleMicroseconds = 3000;

/**
 * Measures what an injection costs in units, over reviews that are taken in turn.
 *
 * @param reviews `{ inject(), unit() }`, each one review
 * @returns medians: microseconds of one injection, of its unit, and their ratio
 */
export function measure(reviews, { warmUp, budget }) {
  let next = 0;
  const take = (count) => Array.from({ length: count }, () => reviews[next++ % reviews.length]);
  during(warmUp, 3, () => {
    for (const review of take(20)) review.inject() + review.unit();
  });
  const once = time(() => each(take(5), (review) => review.inject())) / 5;
  const count = Math.max(1, Math.ceil(sampleMicroseconds / Math.max(once, 1)));
  const samples = [];
  during(budget, fewestSamples, () => {
    const batch = take(count);
    const inject = time(() => each(batch, (review) => review.inject())) / count;
    const unit = time(() => each(batch, (review) => review.unit())) / count;
    samples.push({ inject, unit, units: inject / unit });
  });
  return summary(samples);
}

/** As {@link measure}, for work that is done once: what is made for each sample is not measured. */
export function measureFirst(make, { warmUp, budget }) {
  // Work that is done once is seldom done, and so takes the compiler longer to know.
  during(4 * warmUp, fewestSamples, () => make().inject());
  const samples = [];
  during(budget, fewestSamples, () => {
    const review = make();
    const inject = time(() => review.inject());
    // One unit alone is too short for the clock.
    const unit = time(() => Array.from({ length: 20 }, () => review.unit())) / 20;
    samples.push({ inject, unit, units: inject / unit });
  });
  return summary(samples);
}

function summary(samples) {
  const of = (field) => median(samples.map((sample) => sample[field]));
  return { inject: of("inject"), unit: of("unit"), units: of("units") };
}

/** The slope of log(cost) over log(size): 1 is linear. */
export function exponent(points) {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)]);
  const mean = (index) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return slope / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
