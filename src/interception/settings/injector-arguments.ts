import { annotationNames } from "./annotation-name.js";
import type { SettingName } from "./capture-settings.js";
import type { PodView } from "./pod-view.js";

/** What the mesh says where a pod says nothing: mesh config, proxy config and the injector's values. */
export interface InjectorDefaults {
  readonly proxyListenPort: number;
  readonly proxyInboundListenPort: number;
  readonly proxyUid: number;
  readonly interceptionMode: "REDIRECT" | "TPROXY" | "NONE";
  readonly includeIPRanges: string;
  readonly excludeIPRanges: string;
  readonly includeInboundPorts: string;
  readonly excludeInboundPorts: string;
  readonly includeOutboundPorts: string;
  readonly excludeOutboundPorts: string;
  readonly statusPort: string;
  readonly logLevel: string;
  readonly logAsJson: boolean;
  readonly cniEnabled: boolean;
  readonly forceApply: boolean;
  readonly nativeNftables: boolean;
  /** proxyConfig.proxyMetadata, which becomes the container's environment. */
  readonly proxyMetadata: Readonly<Record<string, string>>;
}

/** Istio's defaults. */
export const injectorDefaults: InjectorDefaults = {
  proxyListenPort: 15001,
  proxyInboundListenPort: 15006,
  proxyUid: 1337,
  interceptionMode: "REDIRECT",
  includeIPRanges: "*",
  excludeIPRanges: "",
  includeInboundPorts: "*",
  excludeInboundPorts: "",
  includeOutboundPorts: "",
  excludeOutboundPorts: "",
  statusPort: "15020",
  logLevel: "default:info",
  logAsJson: false,
  cniEnabled: false,
  forceApply: false,
  nativeNftables: false,
  proxyMetadata: {},
};

/** What the injector writes into the init container. */
export interface InjectorArguments {
  /** Arguments without the leading `istio-iptables`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly origins: ReadonlyMap<SettingName, string>;
}

/** Appends the status port to a port list, unless it is empty, 0 or already there as text. */
export function withStatusPort(ports: string, statusPort: string): string {
  if (statusPort === "" || statusPort === "0") return ports;
  const list = ports.split(",");
  if (list.includes(statusPort)) return ports;
  return [...list.map((port) => port.trim()).filter((port) => port !== ""), statusPort].join(",");
}

class Sources {
  readonly origins = new Map<SettingName, string>();

  constructor(private readonly pod: PodView) {}

  /** The annotation if the key exists, else the default; notes where it came from. */
  read(setting: SettingName, annotation: string, fallback: string, fallbackName: string): string {
    const value = this.pod.annotations.get(annotation);
    this.origins.set(setting, value === undefined ? fallbackName : `annotation ${annotation}`);
    return value ?? fallback;
  }

  has(annotation: string): boolean {
    return this.pod.annotations.has(annotation);
  }
}

/**
 * The arguments and environment the injector gives to `istio-init` (or, with CNI, to `istio-validation`) for a pod.
 * Undefined where the mode is NONE: such a pod gets no init container.
 *
 * Decided in ADR 0105.
 */
export function injectorArguments(pod: PodView, defaults: InjectorDefaults): InjectorArguments | undefined {
  const sources = new Sources(pod);
  const mode = sources.read(
    "interceptionMode",
    annotationNames.interceptionMode,
    defaults.interceptionMode,
    "proxyConfig.interceptionMode",
  );
  if (mode === "NONE") return undefined;
  const args = [
    ...["-p", String(defaults.proxyListenPort), "-z", String(defaults.proxyInboundListenPort)],
    ...["-u", mode === "TPROXY" ? "1337" : String(defaults.proxyUid), "-m", mode],
    ...trafficArguments(sources, pod, defaults),
    `--log_output_level=${pod.annotations.get(annotationNames.agentLogLevel) ?? defaults.logLevel}`,
    ...(defaults.logAsJson ? ["--log_as_json"] : []),
    ...executionArguments(defaults),
  ];
  return { args, env: defaults.proxyMetadata, origins: sources.origins };
}

function executionArguments(defaults: InjectorDefaults): string[] {
  const nft = defaults.nativeNftables ? ["--native-nftables"] : [];
  if (defaults.cniEnabled) return ["--run-validation", "--skip-rule-apply", ...nft];
  return [...(defaults.forceApply ? ["--force-apply"] : []), ...nft];
}

function trafficArguments(sources: Sources, pod: PodView, defaults: InjectorDefaults): string[] {
  const names = annotationNames;
  const excluded = sources.read(
    "inboundPortsExclude",
    names.excludeInboundPorts,
    defaults.excludeInboundPorts,
    "the injector's own ports and global.proxy.excludeInboundPorts",
  );
  const ports = withStatusPort(excluded, pod.annotations.get(names.statusPort) ?? defaults.statusPort);
  return [
    "-i",
    sources.read(
      "outboundRanges",
      names.includeOutboundIPRanges,
      defaults.includeIPRanges,
      "global.proxy.includeIPRanges",
    ),
    "-x",
    sources.read(
      "outboundRangesExclude",
      names.excludeOutboundIPRanges,
      defaults.excludeIPRanges,
      "global.proxy.excludeIPRanges",
    ),
    "-b",
    sources.read(
      "inboundPorts",
      names.includeInboundPorts,
      defaults.includeInboundPorts,
      "global.proxy.includeInboundPorts",
    ),
    "-d",
    `15090,15021${ports === "" ? "" : `,${ports}`}`,
    ...outboundPortArguments(sources, defaults),
    ...interfaceArguments(sources),
  ];
}

function outboundPortArguments(sources: Sources, defaults: InjectorDefaults): string[] {
  const names = annotationNames;
  const args: string[] = [];
  if (sources.has(names.includeOutboundPorts) || defaults.includeOutboundPorts !== "") {
    const from = "global.proxy.includeOutboundPorts";
    args.push(
      "-q",
      sources.read("outboundPorts", names.includeOutboundPorts, defaults.includeOutboundPorts, from),
    );
  }
  if (sources.has(names.excludeOutboundPorts) || defaults.excludeOutboundPorts !== "") {
    const from = "global.proxy.excludeOutboundPorts";
    args.push(
      "-o",
      sources.read("outboundPortsExclude", names.excludeOutboundPorts, defaults.excludeOutboundPorts, from),
    );
  }
  return args;
}

function interfaceArguments(sources: Sources): string[] {
  const names = annotationNames;
  const reroute = [names.rerouteVirtualInterfaces, names.kubevirtInterfaces].find((name) =>
    sources.has(name),
  );
  return [
    ...(reroute === undefined ? [] : ["-k", sources.read("rerouteInterfaces", reroute, "", "")]),
    ...(sources.has(names.excludeInterfaces)
      ? ["-c", sources.read("excludeInterfaces", names.excludeInterfaces, "", "")]
      : []),
  ];
}
