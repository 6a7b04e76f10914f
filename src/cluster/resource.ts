import type { JsonObject } from "../json/index.js";
import { annotationsOnly, kubeletVersionOnly, unchanged, withoutManagedFields } from "./reduce.js";
import { webhookConfigurationsPath } from "./webhook-configuration.js";

/** The label of the metrics, which therefore is a closed set. */
export type ResourceName =
  | "inject-configmap"
  | "mesh-configmap"
  | "proxyconfigs"
  | "nodes"
  | "namespaces"
  | "webhook-configurations"
  | "ca-secret";

/** A kind of object to watch, whole or a single one. */
export interface Resource {
  readonly name: ResourceName;
  /** What messages call it. */
  readonly title: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** The path of its list. */
  readonly path: string;
  /** A field selector, for one object by name. Such a list is allowed by RBAC's resourceNames. */
  readonly fieldSelector?: string;
  /** What is kept of an object: memory and comparison are for what the configuration looks at alone. */
  readonly reduce: (object: JsonObject) => JsonObject;
}

/** One ConfigMap. */
export function configMapResource(
  name: "inject-configmap" | "mesh-configmap",
  namespace: string,
  configMap: string,
): Resource {
  return {
    name,
    title: `ConfigMap ${namespace}/${configMap}`,
    apiVersion: "v1",
    kind: "ConfigMap",
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`,
    fieldSelector: `metadata.name=${configMap}`,
    reduce: withoutManagedFields,
  };
}

/** ProxyConfigs of all namespaces. */
export const proxyConfigResource: Resource = {
  name: "proxyconfigs",
  title: "ProxyConfigs",
  apiVersion: "networking.istio.io/v1beta1",
  kind: "ProxyConfig",
  path: "/apis/networking.istio.io/v1beta1/proxyconfigs",
  reduce: withoutManagedFields,
};

/** Nodes: a name and a version each. */
export const nodeResource: Resource = {
  name: "nodes",
  title: "Nodes",
  apiVersion: "v1",
  kind: "Node",
  path: "/api/v1/nodes",
  reduce: kubeletVersionOnly,
};

/** Namespaces: the annotations of OpenShift. */
export const namespaceResource: Resource = {
  name: "namespaces",
  title: "Namespaces",
  apiVersion: "v1",
  kind: "Namespace",
  path: "/api/v1/namespaces",
  reduce: annotationsOnly,
};

/** The Secret of the own authority, with its resourceVersion, by which it is written. */
export function secretResource(namespace: string, secret: string): Resource {
  return {
    name: "ca-secret",
    title: `Secret ${namespace}/${secret}`,
    apiVersion: "v1",
    kind: "Secret",
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`,
    fieldSelector: `metadata.name=${secret}`,
    reduce: unchanged,
  };
}

/** MutatingWebhookConfigurations whole: managedFields tell who writes their bundles. */
export const webhookConfigurationResource: Resource = {
  name: "webhook-configurations",
  title: "MutatingWebhookConfigurations",
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  path: webhookConfigurationsPath,
  reduce: unchanged,
};
