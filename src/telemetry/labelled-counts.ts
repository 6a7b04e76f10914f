import type { MetricLabels } from "./metrics.js";

/**
 * Counts by the values of labels until somebody looks. prom-client's counter checks, sorts and joins the labels each
 * time, at the cost of a log line; this joins them.
 */
export class LabelledCounts {
  readonly #names: readonly string[];
  readonly #close: (label: string, value: string) => string;
  readonly #series = new Map<string, { readonly labels: MetricLabels; count: number }>();

  /**
   * @param names the metric's labels
   * @param close makes a label's value one of a closed set, which bounds the number of series
   */
  constructor(names: readonly string[], close: (label: string, value: string) => string) {
    this.#names = names;
    this.#close = close;
  }

  increment(labels: MetricLabels): void {
    let key = "";
    for (const name of this.#names) key += `${this.#close(name, labels[name] ?? "")}\n`;
    const series = this.#series.get(key);
    if (series === undefined) this.#series.set(key, { labels: closedLabels(labels, this.#close), count: 1 });
    else series.count++;
  }

  /** Hands out what was counted since the last time. */
  drain(take: (labels: MetricLabels, count: number) => void): void {
    for (const series of this.#series.values()) {
      if (series.count > 0) take(series.labels, series.count);
      series.count = 0;
    }
  }
}

/** The labels with each value made one of a closed set. */
export function closedLabels(
  labels: MetricLabels,
  close: (label: string, value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, close(label, value)]));
}
