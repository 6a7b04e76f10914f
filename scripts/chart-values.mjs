// What the types of the defaults in values.yaml do not say about a value, in JSON Schema.

const name = { maxLength: 63, pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$" };
const nonEmptyName = { maxLength: 63, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" };
const texts = { type: "object", additionalProperties: { type: "string" } };
const share = { type: ["integer", "string"], pattern: "^[0-9]+%$" };
const port = { type: "integer", minimum: 1, maximum: 65535 };
const objects = { items: { type: "object" } };

/** By the path of the value. What is here goes over what the default tells. */
export const refinements = {
  revision: nonEmptyName,
  revisionTags: { items: { type: "string", ...nonEmptyName }, uniqueItems: true },
  nameOverride: name,
  fullnameOverride: name,
  "istiod.revision": name,
  "istiod.namespace": nonEmptyName,
  "image.tag": { type: ["string", "number"] },
  "image.digest": { pattern: "^(sha256:[0-9a-f]{64})?$" },
  "image.pullPolicy": { enum: ["Always", "IfNotPresent", "Never"] },
  imagePullSecrets: objects,
  "config.injectConfig": {
    additionalProperties: false,
    properties: {
      policy: { enum: ["enabled", "disabled"] },
      defaultTemplates: { type: "array", items: { type: "string" } },
      aliases: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
      neverInjectSelector: { type: "array", ...objects },
      alwaysInjectSelector: { type: "array", ...objects },
      injectedAnnotations: texts,
    },
  },
  "config.templates": texts,
  "injector.nativeSidecars": { enum: ["auto", "true", "false"] },
  "injector.platform": { enum: ["", "openshift"] },
  "injector.compliancePolicy": { enum: ["", "fips-140-2", "fips-140-3", "pqc"] },
  "injector.workers": { minimum: 1, maximum: 64 },
  "injector.logLevel": { enum: ["error", "warn", "info", "debug"] },
  "injector.logFormat": { enum: ["json", "text"] },
  "injector.drainSeconds": { minimum: 0, maximum: 3600 },
  "injector.graceSeconds": { minimum: 0, maximum: 3600 },
  "injector.templateEnv": { items: { type: "string" } },
  "injector.env": objects,
  "injector.extraArgs": { items: { type: "string" } },
  "webhook.failurePolicy": { enum: ["Fail", "Ignore"] },
  "webhook.reinvocationPolicy": { enum: ["Never", "IfNeeded"] },
  "webhook.timeoutSeconds": { minimum: 1, maximum: 30 },
  "webhook.injectionPath": { pattern: "^/inject(/.*)?$" },
  "webhook.injectionURL": { pattern: "^(https://[^?#]+)?$" },
  "webhook.injectionCABundle": { pattern: "^(-----BEGIN CERTIFICATE-----[\\s\\S]*)?$" },
  "webhook.annotations": texts,
  "certificates.mode": { enum: ["helm", "cert-manager", "secret"] },
  "certificates.caBundle": { pattern: "^(-----BEGIN CERTIFICATE-----[\\s\\S]*)?$" },
  "certificates.validityDays": { minimum: 1, maximum: 36500 },
  "certificates.certManager.issuerRef": {
    additionalProperties: false,
    properties: { name: { type: "string" }, kind: { type: "string" }, group: { type: "string" } },
  },
  replicas: { minimum: 0 },
  "autoscaling.minReplicas": { minimum: 1 },
  "autoscaling.maxReplicas": { minimum: 1 },
  "autoscaling.targetCPUUtilizationPercentage": { minimum: 1, maximum: 1000 },
  "podDisruptionBudget.minAvailable": share,
  "priorityClass.value": { minimum: -2147483648, maximum: 1000000000 },
  nodeSelector: texts,
  tolerations: objects,
  topologySpreadConstraints: objects,
  podAnnotations: texts,
  podLabels: texts,
  "service.annotations": texts,
  "serviceAccount.annotations": texts,
  "networkPolicy.webhookFrom": objects,
  "networkPolicy.monitoringFrom": objects,
  "networkPolicy.apiServerPorts": { items: port },
  "test.namespace": name,
};
