import { defaultProxyConfig } from "./default-proxy-config.js";
import { type Message, messagesEqual } from "./message.js";
import { annotationOverlay } from "./proxy-config-annotation.js";
import { overlayProxyConfig } from "./proxy-config-layers.js";
import type { ProxyConfigResource } from "./proxy-config-resource.js";
import { namespaceProxyConfig, workloadProxyConfig } from "./proxy-config-selection.js";

/** Everything that a pod's ProxyConfig comes from. */
export interface ProxyConfigInput {
  /** The mesh config; undefined leaves the built-in ProxyConfig. */
  readonly mesh: Message | undefined;
  /** The text of the pod's annotation proxy.istio.io/config, undefined when it has none. */
  readonly annotation?: string | undefined;
  readonly podNamespace: string;
  readonly podLabels?: Readonly<Record<string, string>> | undefined;
  /** The ProxyConfig resources of the cluster. Give the same array as long as they are the same: it is indexed once. */
  readonly proxyConfigs?: readonly ProxyConfigResource[] | undefined;
  /** The default is that of the mesh config. */
  readonly rootNamespace?: string | undefined;
  /** The control plane's revision; empty and undefined are `default`. */
  readonly revision?: string | undefined;
}

/** The built-in default with the mesh's over it, for each mesh config. */
const bases = new WeakMap<Message, Message>();

function meshBase(mesh: Message): Message {
  let base = bases.get(mesh);
  if (base === undefined) {
    const own = mesh.message("defaultConfig") ?? defaultProxyConfig();
    const merged = overlayProxyConfig(defaultProxyConfig(), own);
    base = messagesEqual(merged, own) ? own : merged;
    bases.set(mesh, base);
  }
  return base;
}

/** What overlays have made, by the lower layer and the higher: pods with the same layers share one ProxyConfig. */
const overlaid = new WeakMap<Message, WeakMap<Message, Message>>();

function overlay(lower: Message, higher: Message): Message {
  let over = overlaid.get(lower);
  if (over === undefined) {
    over = new WeakMap();
    overlaid.set(lower, over);
  }
  let result = over.get(higher);
  if (result === undefined) {
    result = overlayProxyConfig(lower, higher);
    over.set(higher, result);
  }
  return result;
}

/**
 * The ProxyConfig of a pod in the webhook. From the lowest layer to the highest: built-in default, mesh config, the
 * resource of the root namespace, that of the pod's namespace, the annotation, and the resource that selects the pod's
 * labels. The same layers give the same object; without annotation and resources it is the mesh's own `defaultConfig`.
 * An annotation that cannot be read counts as none.
 */
export function effectiveProxyConfig(input: ProxyConfigInput): Message {
  const { mesh, annotation, podNamespace, podLabels = {}, proxyConfigs = [] } = input;
  const revision = input.revision || "default";
  const rootNamespace = input.rootNamespace ?? mesh?.text("rootNamespace") ?? "";
  let result = mesh === undefined ? defaultProxyConfig() : meshBase(mesh);
  const layer = (higher: Message | undefined): void => {
    if (higher !== undefined) result = overlay(result, higher);
  };
  if (rootNamespace !== "") layer(namespaceProxyConfig(proxyConfigs, rootNamespace, revision)?.overlay);
  if (podNamespace !== rootNamespace)
    layer(namespaceProxyConfig(proxyConfigs, podNamespace, revision)?.overlay);
  if (annotation !== undefined) layer(annotationOverlay(annotation));
  layer(workloadProxyConfig(proxyConfigs, podNamespace, podLabels, revision)?.overlay);
  return result;
}
