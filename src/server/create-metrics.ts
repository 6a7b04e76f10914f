import * as client from "prom-client";
import { outcomeCodes } from "../admission/index.js";
import { reloadStages } from "../config/index.js";
import { type PrometheusMetrics, prometheusMetrics } from "../telemetry/index.js";

/** The resources of src/cluster, which this floor may not import. */
const watched = new Set([
  "inject-configmap",
  "mesh-configmap",
  "proxyconfigs",
  "nodes",
  "namespaces",
  "webhook-configurations",
  "ca-secret",
]);

/** Every value that a label may have. Build information is not listed: it comes from the program itself. */
const labelValues: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["pillion_injections_total/result", new Set(["injected", "skipped", "failed", "rejected", "shed"])],
  ["pillion_injections_total/reason", new Set(Object.keys(outcomeCodes))],
  ["pillion_render_total/path", new Set(["fast", "recorded", "slow"])],
  ["pillion_config_reload_failures_total/stage", new Set<string>(reloadStages)],
  ["pillion_watch_last_contact_timestamp_seconds/resource", watched],
  ["pillion_watch_failures_total/resource", watched],
  [
    "pillion_watch_failures_total/reason",
    new Set(["kubeconfig", "unreachable", "refused", "expired", "silent", "malformed"]),
  ],
  ["pillion_certificate_reloads_total/result", new Set(["taken", "refused"])],
  [
    "webhook_patch_failures_total/reason",
    new Set([
      "wrong_revision",
      "load_ca_bundle_failure",
      "webhook_config_not_found",
      "webhook_entry_not_found",
      "webhook_update_failure",
    ]),
  ],
]);

/** Makes the metrics of a process, Node's own included. */
export function createMetrics(): PrometheusMetrics {
  return prometheusMetrics(client, { node: true, labelValues });
}
