/** A type of the values: a JSON type, or the keys below an object. `scalar` is any string, number or bool. */
export type ValuesType =
  | "string"
  | "bool"
  | "number"
  | "scalar"
  | "object"
  | "list"
  | "strings"
  | ValuesTable;

/** Known keys and their types. */
export interface ValuesTable {
  readonly [key: string]: ValuesType;
}

/**
 * The known keys of the injector's values: a wrong type in one of them refuses the whole values, all other keys are for
 * templates to judge. The types are those of the chart.
 */
export const valuesTable: ValuesTable = {
  revision: "string",
  global: {
    hub: "string",
    tag: "scalar",
    variant: "string",
    imagePullPolicy: "string",
    imagePullSecrets: "strings",
    istioNamespace: "string",
    caAddress: "string",
    caName: "string",
    pilotCertProvider: "string",
    trustBundleName: "string",
    mountMtlsCerts: "bool",
    multiCluster: { clusterName: "string" },
    network: "string",
    meshID: "string",
    trustDomain: "string",
    sds: { token: { aud: "string" } },
    sts: { servicePort: "number" },
    logAsJson: "bool",
    logging: { level: "string" },
    nativeNftables: "bool",
    proxy: {
      image: "string",
      clusterDomain: "string",
      logLevel: "string",
      componentLogLevel: "string",
      outlierLogPath: "string",
      privileged: "bool",
      seccompProfile: "object",
      resources: "object",
      lifecycle: "object",
      holdApplicationUntilProxyStarts: "bool",
      statusPort: "number",
      readinessInitialDelaySeconds: "number",
      readinessPeriodSeconds: "number",
      readinessFailureThreshold: "number",
      startupProbe: { enabled: "bool", failureThreshold: "number" },
      includeIPRanges: "string",
      excludeIPRanges: "string",
      includeInboundPorts: "string",
      excludeInboundPorts: "string",
      includeOutboundPorts: "string",
      excludeOutboundPorts: "string",
      tracer: "string",
      autoInject: "string",
    },
    proxy_init: { image: "string", forceApplyIptables: "bool" },
  },
  pilot: {
    cni: { enabled: "bool", provider: "string" },
    env: "object",
  },
  gateways: { securityContext: "object", seccompProfile: "object" },
  sidecarInjectorWebhook: {
    rewriteAppHTTPProbe: "bool",
    neverInjectSelector: "list",
    alwaysInjectSelector: "list",
    injectedAnnotations: "object",
    enableNamespacesByDefault: "bool",
    reinvocationPolicy: "string",
    templates: "object",
    defaultTemplates: "strings",
  },
};
