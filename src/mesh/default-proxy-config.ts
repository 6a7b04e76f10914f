import type { Message } from "./message.js";
import { readMessage } from "./read-message.js";
import { proxyConfigSchema } from "./schemas.js";

const message = readMessage(proxyConfigSchema, {
  configPath: "./etc/istio/proxy",
  binaryPath: "/usr/local/bin/envoy",
  serviceCluster: "istio-proxy",
  drainDuration: "45s",
  terminationDrainDuration: "5s",
  proxyAdminPort: 15000,
  controlPlaneAuthPolicy: "MUTUAL_TLS",
  discoveryAddress: "istiod.istio-system.svc:15012",
  statNameLength: 189,
  statusPort: 15020,
});

/** Istio's built-in ProxyConfig. Always the same object. */
export function defaultProxyConfig(): Message {
  return message;
}
