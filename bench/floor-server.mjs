// The floor of bench/http.mjs: the webhook's own server with its log and its metrics, which answers a prepared text instead
// of injecting. What it costs is what any answer over this server costs; what the webhook costs beyond it is injection.
//
// Arguments: port, certificate file, key file, file with the prepared answer.

import { readFileSync } from "node:fs";
import { createLog, createMetrics, defaultLimits, defaultTimeouts, tlsPolicy } from "../dist/server/index.js";
import { Serving } from "../dist/server/serving.js";

const [port, certificate, key, answerFile] = process.argv.slice(2);
const outcome = {
  body: readFileSync(answerFile, "utf8"),
  result: "injected",
  reason: "injected",
  uid: "0df28fbd-5f5f-11e8-bc74-000000000000",
  namespace: "namespace-0",
  pod: "hello-0-464p4-*****",
  templates: ["sidecar"],
  warnings: [],
};

const serving = new Serving({
  address: { host: "127.0.0.1", port: Number(port) },
  identity: {
    pair: { certificatePem: readFileSync(certificate, "utf8"), keyPem: readFileSync(key, "utf8") },
  },
  policy: tlsPolicy({ minVersion: "1.2", cipherSuites: [], compliancePolicy: "" }),
  timeouts: defaultTimeouts,
  limits: defaultLimits,
  live: () => ({ snapshot: undefined }),
  checks: [],
  log: createLog("info", "json"),
  metrics: createMetrics(),
  now: Date.now,
  ticks: () => performance.now(),
  review: () => outcome,
});
await serving.listen();
process.once("SIGTERM", () => serving.close(0));
