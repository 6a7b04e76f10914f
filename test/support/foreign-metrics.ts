/** A metric that another program exposes. */
export interface ForeignMetric {
  readonly type: "counter" | "gauge" | "histogram";
  /** Those of its labels that no scrape gives, as far as they matter here. */
  readonly labels: readonly string[];
}

/**
 * What the chart's alerts and dashboard look at in others: the API server (k8s.io/apiserver, admission/metrics, which the
 * end-to-end tests compare with a running one), and kube-state-metrics in its default configuration.
 */
export const foreignMetrics: ReadonlyMap<string, ForeignMetric> = new Map<string, ForeignMetric>([
  [
    "apiserver_admission_webhook_rejection_count",
    { type: "counter", labels: ["error_type", "name", "operation", "rejection_code", "type"] },
  ],
  ["apiserver_admission_webhook_fail_open_count", { type: "counter", labels: ["name", "type"] }],
  [
    "apiserver_admission_webhook_admission_duration_seconds",
    { type: "histogram", labels: ["name", "operation", "rejected", "type"] },
  ],
  ["kube_pod_created", { type: "gauge", labels: [] }],
  ["kube_pod_status_phase", { type: "gauge", labels: ["phase"] }],
  ["kube_pod_info", { type: "gauge", labels: ["created_by_kind", "host_network"] }],
  ["kube_pod_container_info", { type: "gauge", labels: [] }],
  ["kube_pod_init_container_info", { type: "gauge", labels: [] }],
]);
