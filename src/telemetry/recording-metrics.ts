import type { MetricName } from "./metric-table.js";
import type { MetricLabels, Metrics } from "./metrics.js";

/** {@link Metrics} that keep what they are told, for tests. */
export interface RecordingMetrics extends Metrics {
  /** The value of one series: of a histogram, how often it was observed. Zero when it was never touched. */
  value(name: MetricName, labels?: MetricLabels): number;
  /** Every series that was touched, as `name{label=value}`, with its value. */
  series(): ReadonlyMap<string, number>;
}

/** Makes empty recording metrics. */
export function recordingMetrics(): RecordingMetrics {
  const values = new Map<string, number>();
  const add = (name: MetricName, labels?: MetricLabels) => {
    const key = seriesName(name, labels);
    values.set(key, (values.get(key) ?? 0) + 1);
  };
  return {
    increment: add,
    set: (name, value, labels) => {
      values.set(seriesName(name, labels), value);
    },
    remove: (name, labels) => {
      values.delete(seriesName(name, labels));
    },
    observe: (name) => add(name),
    value: (name, labels) => values.get(seriesName(name, labels)) ?? 0,
    series: () => values,
  };
}

function seriesName(name: MetricName, labels: MetricLabels = {}): string {
  const parts = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? name : `${name}{${parts.join(",")}}`;
}
