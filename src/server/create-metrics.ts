import * as client from "prom-client";
import { outcomeCodes } from "../admission/index.js";
import { reloadStages } from "../config/index.js";
import { type PrometheusMetrics, prometheusMetrics } from "../telemetry/index.js";

/** Every value that a label may have. Build information is not listed: it comes from the program itself. */
const labelValues: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["result", new Set(["injected", "skipped", "failed", "rejected", "shed", "taken", "refused"])],
  ["reason", new Set(Object.keys(outcomeCodes))],
  ["stage", new Set(reloadStages)],
]);

/** Makes the metrics of a process, Node's own included. */
export function createMetrics(): PrometheusMetrics {
  return prometheusMetrics(client, { node: true, labelValues });
}
