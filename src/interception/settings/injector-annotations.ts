import { annotationNames } from "./annotation-name.js";
import { type InjectorDefaults, withStatusPort } from "./injector-arguments.js";
import type { ContainerView, PodView } from "./pod-view.js";

/**
 * The pod as the CNI plugin meets it: with the annotations the injector writes when CNI is enabled, and with the
 * proxy's container, of which the plugin reads the environment and the ids.
 */
export function annotatedForCni(pod: PodView, defaults: InjectorDefaults): PodView {
  return {
    ...pod,
    annotations: new Map([...pod.annotations, ...injectorAnnotations(pod, defaults)]),
    containers: [...pod.containers, proxyContainer(pod, defaults)],
  };
}

function injectorAnnotations(pod: PodView, defaults: InjectorDefaults): ReadonlyMap<string, string> {
  const names = annotationNames;
  const written = new Map<string, string>();
  const value = (name: string, fallback: string) => pod.annotations.get(name) ?? fallback;
  const unlessEmpty = (name: string, fallback: string) => {
    const text = value(name, fallback);
    if (text !== "") written.set(name, text);
  };
  written.set(names.interceptionMode, value(names.interceptionMode, defaults.interceptionMode));
  unlessEmpty(names.includeOutboundIPRanges, defaults.includeIPRanges);
  unlessEmpty(names.excludeOutboundIPRanges, defaults.excludeIPRanges);
  written.set(names.includeInboundPorts, value(names.includeInboundPorts, defaults.includeInboundPorts));
  const statusPort = value(names.statusPort, defaults.statusPort);
  const excluded = withStatusPort(value(names.excludeInboundPorts, defaults.excludeInboundPorts), statusPort);
  written.set(names.excludeInboundPorts, excluded);
  // Where the pod has these, they stay as they are; an empty default is not written, and the plugin takes its own.
  unlessEmpty(names.includeOutboundPorts, defaults.includeOutboundPorts);
  unlessEmpty(names.excludeOutboundPorts, defaults.excludeOutboundPorts);
  return written;
}

function proxyContainer(pod: PodView, defaults: InjectorDefaults): ContainerView {
  const mode = pod.annotations.get(annotationNames.interceptionMode) ?? defaults.interceptionMode;
  return {
    name: "istio-proxy",
    init: true,
    args: ["proxy", "sidecar"],
    env: new Map(Object.entries(defaults.proxyMetadata)),
    runAsUser: mode === "TPROXY" ? 0 : defaults.proxyUid,
    runAsGroup: mode === "TPROXY" ? 1337 : defaults.proxyUid,
    ports: new Map(),
    probes: [],
  };
}
