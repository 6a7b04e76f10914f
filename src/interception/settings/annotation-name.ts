const traffic = "traffic.sidecar.istio.io";

/** The annotations that decide about capture. */
export const annotationNames = {
  interceptionMode: "sidecar.istio.io/interceptionMode",
  includeOutboundIPRanges: `${traffic}/includeOutboundIPRanges`,
  excludeOutboundIPRanges: `${traffic}/excludeOutboundIPRanges`,
  includeInboundPorts: `${traffic}/includeInboundPorts`,
  excludeInboundPorts: `${traffic}/excludeInboundPorts`,
  includeOutboundPorts: `${traffic}/includeOutboundPorts`,
  excludeOutboundPorts: `${traffic}/excludeOutboundPorts`,
  excludeInterfaces: `${traffic}/excludeInterfaces`,
  rerouteVirtualInterfaces: "istio.io/reroute-virtual-interfaces",
  kubevirtInterfaces: `${traffic}/kubevirtInterfaces`,
  statusPort: "status.sidecar.istio.io/port",
  status: "sidecar.istio.io/status",
  inject: "sidecar.istio.io/inject",
  agentLogLevel: "sidecar.istio.io/agentLogLevel",
  rewriteProbers: "sidecar.istio.io/rewriteAppHTTPProbers",
} as const;
