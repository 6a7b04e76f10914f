import { type CounterName, metricTable } from "../../src/telemetry/index.js";

/** A metric that a page of metrics has. */
export interface ExposedMetric {
  readonly type: string;
  readonly labels: readonly string[];
}

/**
 * Reads a page in Prometheus's text format. Labels of Pillion's own metrics come from their table, since series that
 * were never touched are not on the page.
 */
export function exposedMetrics(page: string): ReadonlyMap<string, ExposedMetric> {
  const metrics = new Map<string, ExposedMetric>();
  for (const [, name = "", type = ""] of page.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    metrics.set(name, { type, labels: ownLabels(name) ?? labelsOnPage(name, page) });
  }
  return metrics;
}

/** The metric that a series belongs to: itself, or the histogram or summary whose part it is. */
export function metricOfSeries<Metric extends { readonly type: string }>(
  series: string,
  metrics: ReadonlyMap<string, Metric>,
): Metric | undefined {
  const base = metrics.get(series.replace(/_(bucket|sum|count)$/, ""));
  const isPart = base !== undefined && (base.type === "histogram" || base.type === "summary");
  return metrics.get(series) ?? (isPart ? base : undefined);
}

/** Whether a name is that of a counter of Pillion. */
export function isCounterName(name: string): name is CounterName {
  return Object.entries(metricTable).some(([own, { type }]) => own === name && type === "counter");
}

function ownLabels(name: string): readonly string[] | undefined {
  const definition = Object.entries(metricTable).find(([own]) => own === name)?.[1];
  if (definition === undefined) return undefined;
  return "labels" in definition ? definition.labels : [];
}

function labelsOnPage(name: string, page: string): string[] {
  const series = page.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\} `, "gm"));
  const labels = [...series].flatMap(([, inner = ""]) => [...inner.matchAll(/(\w+)="/g)]);
  const names = labels.map(([, label = ""]) => label);
  // The bound of a bucket is the format's own.
  return [...new Set(names)].filter((label) => label !== "le" && label !== "quantile").sort();
}
