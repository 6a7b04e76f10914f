import type * as Prometheus from "prom-client";
import { closedLabels, LabelledCounts } from "./labelled-counts.js";
import { type MetricDefinition, type MetricName, metricTable } from "./metric-table.js";
import type { Metrics } from "./metrics.js";

/** prom-client's module. The caller loads it, so that this floor loads no server library. */
export type PrometheusClient = typeof Prometheus;
/** The state of all metrics of one process, fit for a message to another. */
export type MetricsState = readonly Prometheus.MetricObjectWithValues<Prometheus.MetricValue<string>>[];

/** {@link Metrics} that Prometheus can scrape. */
export interface PrometheusMetrics extends Metrics {
  /** Names the media type of {@link PrometheusMetrics.text}. */
  readonly contentType: string;
  /** This process's metrics as Prometheus reads them. */
  text(): Promise<string>;
  state(): Promise<MetricsState>;
  /** The metrics of several processes as one, this one's included. */
  aggregate(others: readonly MetricsState[]): Promise<string>;
  /** The counts of processes that are gone as one state, so that no total ever falls. Gauges went with them. */
  retire(states: readonly MetricsState[]): Promise<MetricsState>;
}

/** What a set of metrics is made with. */
export interface PrometheusMetricsOptions {
  /** Metrics of the Node process too: memory, event loop, garbage collection. */
  readonly node?: boolean;
  /**
   * The values that a label may have, by `metric/label`. Any other value is counted as `other`, so that a mistake
   * elsewhere can neither leak a user's text nor let series grow without bound.
   */
  readonly labelValues?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Makes metrics of every name in the table, on a registry of their own. */
export function prometheusMetrics(
  client: PrometheusClient,
  { node = false, labelValues = new Map() }: PrometheusMetricsOptions = {},
): PrometheusMetrics {
  const registry = new client.Registry();
  if (node) client.collectDefaultMetrics({ register: registry });
  const counters = new Map<MetricName, Prometheus.Counter>();
  const labelled = new Map<MetricName, LabelledCounts>();
  const gauges = new Map<MetricName, Prometheus.Gauge>();
  const histograms = new Map<MetricName, Prometheus.Histogram>();
  const close = (name: MetricName) => {
    const known = new Map(labelNames(name).map((label) => [label, labelValues.get(`${name}/${label}`)]));
    return (label: string, value: string) => (known.get(label)?.has(value) === false ? "other" : value);
  };
  for (const [name, definition] of definitions()) {
    const options = {
      name,
      help: definition.help,
      labelNames: [...labelNames(name)],
      registers: [registry],
      ...(definition.aggregator === undefined ? {} : { aggregator: definition.aggregator }),
    };
    if (definition.type === "counter") {
      const counts = new LabelledCounts(options.labelNames, close(name));
      const collect = () => counts.drain((labels, count) => counter.inc({ ...labels }, count));
      const counter: Prometheus.Counter = new client.Counter({ ...options, collect });
      counters.set(name, counter);
      labelled.set(name, counts);
    } else if (definition.type === "gauge") gauges.set(name, new client.Gauge(options));
    else {
      const buckets = [...(definition.buckets ?? [])];
      histograms.set(name, new client.Histogram({ ...options, buckets }));
    }
  }
  return {
    contentType: registry.contentType,
    increment: (name, labels) =>
      labels === undefined ? counters.get(name)?.inc() : labelled.get(name)?.increment(labels),
    set: (name, value, labels) => {
      if (labels === undefined) gauges.get(name)?.set(value);
      else gauges.get(name)?.set(closedLabels(labels, close(name)), value);
    },
    remove: (name, labels) => gauges.get(name)?.remove(closedLabels(labels, close(name))),
    observe: (name, value) => histograms.get(name)?.observe(value),
    text: () => registry.metrics(),
    state: () => registry.getMetricsAsJSON(),
    aggregate: async (others) => merge(client, [await registry.getMetricsAsJSON(), ...others]).metrics(),
    retire: (states) =>
      merge(
        client,
        states.map((state) => state.filter(isOwnCount)),
      ).getMetricsAsJSON(),
  };
}

function merge(client: PrometheusClient, states: readonly MetricsState[]): Prometheus.Registry {
  return client.AggregatorRegistry.aggregate(states.map((state) => [...state]));
}

function isOwnCount({ name }: MetricsState[number]): boolean {
  return isMetricName(name) && metricTable[name].type !== "gauge";
}

function definitions(): readonly (readonly [MetricName, MetricDefinition])[] {
  const names = Object.keys(metricTable).filter(isMetricName);
  return names.map((name) => [name, metricTable[name]] as const);
}

function labelNames(name: MetricName): readonly string[] {
  const definition: MetricDefinition = metricTable[name];
  return definition.labels ?? [];
}

function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metricTable, name);
}
