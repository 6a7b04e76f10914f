/**
 * One metric: what it is called and what it means.
 *
 * Decided in ADR 0416.
 */
export interface MetricDefinition {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
  /**
   * How values of several workers become one; the default is the sum. What only the primary knows is the maximum,
   * since it is zero everywhere else.
   */
  readonly aggregator?: "sum" | "max";
}

/**
 * Every metric of Pillion. Those that do not begin with its name are Istio's, names, labels, meaning and help texts, so
 * that dashboards go on working: `success` also counts skips and answers that refuse, as there, and an attempt's `name`
 * is the suffix of the entries while that of a retry or failure is the object (docs/behaviour.md#ca-bundle-patcher).
 */
export const metricTable = {
  sidecar_injection_requests_total: {
    type: "counter",
    help: "Total number of sidecar injection requests.",
  },
  sidecar_injection_success_total: {
    type: "counter",
    help: "Total number of successful sidecar injection requests.",
  },
  sidecar_injection_failure_total: {
    type: "counter",
    help: "Total number of failed sidecar injection requests.",
  },
  sidecar_injection_skip_total: {
    type: "counter",
    help: "Total number of skipped sidecar injection requests.",
  },
  sidecar_injection_time_seconds: {
    type: "histogram",
    help: "Total time taken for injection in seconds.",
    buckets: [0.1, 1, 3, 5, 10, 20, 30, 60],
  },
  webhook_patch_attempts_total: {
    type: "counter",
    help: "Webhook patching attempts",
    labels: ["name"],
  },
  webhook_patch_retries_total: {
    type: "counter",
    help: "Webhook patching retries",
    labels: ["name"],
  },
  webhook_patch_failures_total: {
    type: "counter",
    help: "Webhook patching total failures",
    labels: ["name", "reason"],
  },
  pillion_injections_total: {
    type: "counter",
    help: "Requests by what became of them; every request increments exactly one series.",
    labels: ["result", "reason"],
  },
  pillion_injection_duration_seconds: {
    type: "histogram",
    help: "Time from a request's arrival to its answer, in seconds.",
    // An injection takes about a millisecond; the API server gives up after 10 s at most 30.
    buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
  pillion_render_total: {
    type: "counter",
    help: "Templates rendered, by how: from a skeleton (fast), from scratch (slow), or from scratch and recorded.",
    labels: ["path"],
  },
  pillion_requests_in_flight: { type: "gauge", help: "Requests that are being read or answered." },
  pillion_connections: { type: "gauge", help: "Open connections of the TLS port." },
  pillion_connections_evicted_total: {
    type: "counter",
    help: "Connections of the TLS port that were closed to let a new one in.",
  },
  pillion_ready: {
    type: "gauge",
    help: "Whether `/ready` says so: 1, or 0.",
    aggregator: "max",
  },
  pillion_config_generation: {
    type: "gauge",
    help: "Number of the configuration in use; it grows with every change that was taken.",
    aggregator: "max",
  },
  pillion_config_last_reload_success_timestamp_seconds: {
    type: "gauge",
    help: "When a configuration was last taken, in seconds since 1970.",
    aggregator: "max",
  },
  pillion_config_last_reload_successful: {
    type: "gauge",
    help: "Whether the newest configuration is in use: 1, or 0 when it was refused.",
    aggregator: "max",
  },
  pillion_config_reload_failures_total: {
    type: "counter",
    help: "Changes of the configuration that were refused, by the stage that refused them.",
    labels: ["stage"],
  },
  pillion_certificate_expiry_timestamp_seconds: {
    type: "gauge",
    help: "When the serving certificate ends, in seconds since 1970.",
    aggregator: "max",
  },
  pillion_certificate_last_reload_successful: {
    type: "gauge",
    help: "Whether the newest certificate is in use: 1, or 0 when it was refused.",
    aggregator: "max",
  },
  pillion_certificate_reloads_total: {
    type: "counter",
    help: "Changes of the serving certificate, by whether the new one was taken.",
    labels: ["result"],
  },
  pillion_ca_expiry_timestamp_seconds: {
    type: "gauge",
    help: "When the newest certificate of the own authority ends, in seconds since 1970; 0 without an own authority.",
    aggregator: "max",
  },
  pillion_ca_bundle_mismatch: {
    type: "gauge",
    help: "1 while the caBundle of an own webhook entry does not verify the serving certificate, else 0.",
    aggregator: "max",
  },
  pillion_certificate_leader: {
    type: "gauge",
    help: "Whether this replica renews the certificates of the own authority: 1, or 0.",
    aggregator: "max",
  },
  pillion_workers: { type: "gauge", help: "Worker processes that serve." },
  pillion_worker_restarts_total: { type: "counter", help: "Worker processes that ended and were replaced." },
  pillion_worker_hangs_total: {
    type: "counter",
    help: "Worker processes that were ended because their event loop did not turn.",
  },
  pillion_quarantined_review_bytes: {
    type: "gauge",
    help: "Size of a review that held an event loop and is therefore rejected; the labels say which.",
    labels: ["review_uid", "review_namespace", "review_kind"],
    aggregator: "max",
  },
  pillion_watch_last_contact_timestamp_seconds: {
    type: "gauge",
    help: "When the API server was last heard from, by the kind that is watched, in seconds since 1970.",
    labels: ["resource"],
    aggregator: "max",
  },
  pillion_watch_failures_total: {
    type: "counter",
    help: "Watches on the API server that failed and began again, by the kind that is watched and the reason.",
    labels: ["resource", "reason"],
  },
  pillion_build_info: {
    type: "gauge",
    help: "Always 1; the labels say what is running.",
    labels: ["version", "istio", "node"],
    aggregator: "max",
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** The name of a metric, in {@link metricTable}. */
export type MetricName = keyof typeof metricTable;
type NameOf<Type> = {
  [Name in MetricName]: (typeof metricTable)[Name]["type"] extends Type ? Name : never;
}[MetricName];
/** The name of a metric that only grows. */
export type CounterName = NameOf<"counter">;
/** The name of a metric that goes up and down. */
export type GaugeName = NameOf<"gauge">;
/** The name of a metric of durations. */
export type HistogramName = NameOf<"histogram">;
