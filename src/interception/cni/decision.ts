import { parseGoBool } from "../../go/index.js";
import { InterceptionError } from "../interception-error.js";
import { annotationNames } from "../settings/annotation-name.js";
import type { SettingsWithOrigins } from "../settings/capture-settings.js";
import { cniSettings } from "../settings/cni-settings.js";
import { containerNamed, type PodView, viewPod } from "../settings/pod-view.js";
import type { Environment } from "../settings/read-arguments.js";
import {
  defaultEnablementSelectors,
  type EnablementSelector,
  selectsForAmbient,
} from "./enablement-selector.js";

/** The plugin's configuration on the node, as far as it decides. */
export interface CniPluginConfig {
  /** Exact names; the chart's default is kube-system. */
  readonly excludeNamespaces: readonly string[];
  readonly ambientEnabled: boolean;
  readonly enablementSelectors: readonly EnablementSelector[];
  /** Namespace of the plugin's own agent pods. */
  readonly podNamespace: string;
  readonly ambientDetectionRetry: boolean;
  /** The plugin process's environment: owner groups and loopback CIDR. */
  readonly environment: Environment;
}

/** The chart's configuration. */
export const defaultCniPluginConfig: CniPluginConfig = {
  excludeNamespaces: ["kube-system"],
  ambientEnabled: false,
  enablementSelectors: defaultEnablementSelectors,
  podNamespace: "istio-system",
  ambientDetectionRetry: false,
  environment: {},
};

/** What the container runtime asks the plugin, and what the plugin can find out. */
export interface CniRequest {
  /** From the CNI arguments; empty if the runtime named none. */
  readonly podName: string;
  readonly podNamespace: string;
  /** The pod as parsed JSON; undefined if the API server does not give it. */
  readonly pod: unknown;
  /** Undefined if the namespace cannot be read. */
  readonly namespaceLabels: Readonly<Record<string, string>> | undefined;
  /** Whether the node agent takes the ambient event. Default true. */
  readonly nodeAgentAccepts?: boolean;
}

/** Which rule decided. */
export const cniReasons = {
  "agent-pod": "the pod is the CNI plugin's own agent",
  "no-pod": "the runtime named no pod or no namespace",
  "excluded-namespace": "the namespace is one the plugin leaves alone",
  ambient: "the pod belongs to ambient mode; the node agent takes it, no rules are programmed",
  "ambient-failed": "the pod belongs to ambient mode, and the node agent refused it",
  "ambient-unknown": "the pod or its namespace could not be read to decide about ambient mode",
  "pod-unreadable": "the pod could not be read from the API server",
  "istio-init": "a container istio-init programs the rules itself",
  "envoy-disabled": "istio-proxy has DISABLE_ENVOY set",
  "no-proxy": "there is no container istio-proxy",
  "not-a-sidecar": "istio-proxy is not started as a sidecar",
  "inject-false": "label or annotation sidecar.istio.io/inject is false",
  "not-injected": "the annotation sidecar.istio.io/status is absent",
  "annotation-invalid": "an annotation has a value the plugin refuses",
  redirect: "the pod has a sidecar to redirect to",
} as const;

export type CniReason = keyof typeof cniReasons;

/** What the plugin does with a pod. */
export interface CniDecision {
  /** `error`: pod creation fails. */
  readonly outcome: "redirect" | "leave" | "error";
  readonly reason: CniReason;
  /** A sentence for people, naming what decided. */
  readonly message: string;
  /** Whether an event went to the node agent for ambient mode. */
  readonly ambientEvent: boolean;
  /** What the plugin would program; only with `redirect`. */
  readonly capture: SettingsWithOrigins | undefined;
}

function decided(
  outcome: CniDecision["outcome"],
  reason: CniReason,
  detail = "",
  ambientEvent = false,
): CniDecision {
  const message = detail === "" ? cniReasons[reason] : `${cniReasons[reason]}: ${detail}`;
  return { outcome, reason, message, ambientEvent, capture: undefined };
}

/** Whether a pod is one of the plugin's own agents, which must start before the API can be asked. */
export function isCniAgentPod(pluginPodNamespace: string, podName: string, podNamespace: string): boolean {
  return podName.startsWith("istio-cni-node-") && podNamespace === pluginPodNamespace;
}

function ambient(
  config: CniPluginConfig,
  request: CniRequest,
  pod: PodView | undefined,
): CniDecision | undefined {
  if (!config.ambientEnabled) return undefined;
  if (pod === undefined || request.namespaceLabels === undefined)
    return config.ambientDetectionRetry ? decided("error", "ambient-unknown") : undefined;
  const namespaceLabels = new Map(Object.entries(request.namespaceLabels));
  const selected = selectsForAmbient(config.enablementSelectors, pod.labels, namespaceLabels);
  if (!selected || pod.hostNetwork || pod.annotations.has(annotationNames.status)) return undefined;
  return request.nodeAgentAccepts === false
    ? decided("error", "ambient-failed", "", true)
    : decided("leave", "ambient", "", true);
}

function injectFalse(pod: PodView): boolean {
  const name = annotationNames.inject;
  return parseGoBool(pod.labels.get(name) ?? pod.annotations.get(name) ?? "") === false;
}

function refusal(pod: PodView): CniDecision | undefined {
  if (containerNamed(pod, "istio-init") !== undefined) return decided("leave", "istio-init");
  const proxy = containerNamed(pod, "istio-proxy");
  if (parseGoBool(proxy?.env.get("DISABLE_ENVOY") ?? "") === true) return decided("leave", "envoy-disabled");
  if (proxy === undefined) return decided("leave", "no-proxy");
  const [command, role] = proxy.args;
  if (command === "proxy" && role !== undefined && role !== "sidecar")
    return decided("leave", "not-a-sidecar", `its arguments begin with proxy ${role}`);
  if (injectFalse(pod)) return decided("leave", "inject-false");
  return pod.annotations.has(annotationNames.status) ? undefined : decided("leave", "not-injected");
}

/**
 * Whether Istio's CNI plugin would redirect the pod, by which rule if not, and with which settings if so. The first
 * matching rule decides, in the plugin's order. Never throws: an error is an outcome.
 */
export function decideCni(
  request: CniRequest,
  config: CniPluginConfig = defaultCniPluginConfig,
): CniDecision {
  const { podName, podNamespace } = request;
  if (isCniAgentPod(config.podNamespace, podName, podNamespace)) return decided("leave", "agent-pod");
  if (podName === "" || podNamespace === "") return decided("leave", "no-pod");
  if (config.excludeNamespaces.includes(podNamespace))
    return decided("leave", "excluded-namespace", podNamespace);
  const pod = readPod(request.pod);
  const early = ambient(config, request, pod);
  if (early !== undefined) return early;
  if (pod === undefined) return decided("error", "pod-unreadable");
  const refused = refusal(pod);
  if (refused !== undefined) return refused;
  try {
    return { ...decided("redirect", "redirect"), capture: cniSettings(pod, config.environment) };
  } catch (error) {
    if (!(error instanceof InterceptionError)) throw error;
    return decided("error", "annotation-invalid", error.message);
  }
}

function readPod(value: unknown): PodView | undefined {
  try {
    return viewPod(value);
  } catch (error) {
    if (error instanceof InterceptionError) return undefined;
    throw error;
  }
}
