export type { Log, LogFields, LogLevel } from "./log.js";
export { isLogLevel, logLevels } from "./log.js";
export type { CounterName, GaugeName, HistogramName, MetricDefinition, MetricName } from "./metric-table.js";
export { metricTable } from "./metric-table.js";
export type { MetricLabels, Metrics } from "./metrics.js";
export type { PinoLogger } from "./pino-log.js";
export { pinoLog } from "./pino-log.js";
export type {
  MetricsState,
  PrometheusClient,
  PrometheusMetrics,
  PrometheusMetricsOptions,
} from "./prometheus-metrics.js";
export { prometheusMetrics } from "./prometheus-metrics.js";
export type { LogRecord, RecordingLog } from "./recording-log.js";
export { recordingLog } from "./recording-log.js";
export type { RecordingMetrics } from "./recording-metrics.js";
export { recordingMetrics } from "./recording-metrics.js";
export type { TextLogOptions } from "./text-log.js";
export { textLog } from "./text-log.js";
