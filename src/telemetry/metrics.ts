import type { CounterName, GaugeName, HistogramName } from "./metric-table.js";

/** Label names and values. A value comes from a closed table of the program, never from what a user wrote. */
export type MetricLabels = Readonly<Record<string, string>>;

/** Where the program counts. */
export interface Metrics {
  increment(name: CounterName, labels?: MetricLabels): void;
  set(name: GaugeName, value: number, labels?: MetricLabels): void;
  /** Takes a series away: what it told of is gone. */
  remove(name: GaugeName, labels: MetricLabels): void;
  /** @param value in the metric's unit, which is seconds */
  observe(name: HistogramName, value: number): void;
}
