/** The containers that injection knows by name. */
export const containerNames = {
  proxy: "istio-proxy",
  init: "istio-init",
  validation: "istio-validation",
  coreDump: "enable-core-dump",
} as const;

/** The annotations and labels that injection itself reads or writes; templates know more. */
export const names = {
  inject: "sidecar.istio.io/inject",
  status: "sidecar.istio.io/status",
  overrides: "proxy.istio.io/overrides",
  proxyConfig: "proxy.istio.io/config",
  templates: "inject.istio.io/templates",
  interceptionMode: "sidecar.istio.io/interceptionMode",
  nativeSidecar: "sidecar.istio.io/nativeSidecar",
  proxyImageType: "sidecar.istio.io/proxyImageType",
  rewriteProbers: "sidecar.istio.io/rewriteAppHTTPProbers",
  statusPort: "status.sidecar.istio.io/port",
  mergeMetrics: "prometheus.istio.io/merge-metrics",
  securePort: "prometheus.istio.io/secure-port",
  network: "topology.istio.io/network",
} as const;

/** Namespaces of Kubernetes itself. A pod there is never injected. */
export const ignoredNamespaces: readonly string[] = [
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "local-path-storage",
];
