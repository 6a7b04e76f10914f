import { defaultProxyConfig } from "./default-proxy-config.js";
import type { Message } from "./message.js";
import { readMessage } from "./read-message.js";
import { meshConfigSchema } from "./schemas.js";

const message = readMessage(meshConfigSchema, {
  proxyListenPort: 15001,
  proxyInboundListenPort: 15006,
  connectTimeout: "10s",
  protocolDetectionTimeout: "0s",
  ingressClass: "istio",
  ingressService: "istio-ingressgateway",
  ingressControllerMode: "STRICT",
  enableTracing: true,
  outboundTrafficPolicy: { mode: "ALLOW_ANY" },
  inboundTrafficPolicy: { mode: "PASSTHROUGH" },
  enableAutoMtls: true,
  trustDomain: "cluster.local",
  defaultServiceExportTo: ["*"],
  defaultVirtualServiceExportTo: ["*"],
  defaultDestinationRuleExportTo: ["*"],
  rootNamespace: "istio-system",
  localityLbSetting: { enabled: true },
  dnsRefreshRate: "60s",
  enablePrometheusMerge: true,
  extensionProviders: [
    { name: "prometheus", prometheus: {} },
    { name: "stackdriver", stackdriver: {} },
    { name: "envoy", envoyFileAccessLog: { path: "/dev/stdout" } },
  ],
  defaultProviders: {},
}).with({ defaultConfig: defaultProxyConfig() });

/** Istio's built-in mesh config. Always the same object. */
export function defaultMeshConfig(): Message {
  return message;
}
