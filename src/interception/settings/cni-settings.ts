import { parseGoBool } from "../../go/index.js";
import { InterceptionError } from "../interception-error.js";
import { annotationNames } from "../settings/annotation-name.js";
import {
  type CaptureSettings,
  defaultProxyId,
  defaultSettings,
  type SettingName,
  type SettingsWithOrigins,
} from "../settings/capture-settings.js";
import { containerNamed, type PodView } from "../settings/pod-view.js";
import type { Environment } from "../settings/read-arguments.js";
import {
  type AnnotationCheck,
  checkCidrs,
  checkCidrsOrWildcard,
  checkInterfaces,
  checkMode,
  checkNothing,
  checkPorts,
  checkPortsOrWildcard,
} from "./check-annotation.js";

interface Entry {
  readonly annotations: readonly string[];
  readonly fallback: string;
  readonly check: AnnotationCheck;
  readonly setting: SettingName | undefined;
}

const n = annotationNames;

/** The annotations the plugin reads, in the order it checks them, with what it takes where they are absent. */
const entries: readonly Entry[] = [
  { annotations: [n.interceptionMode], fallback: "REDIRECT", check: checkMode, setting: "interceptionMode" },
  {
    annotations: [n.includeOutboundIPRanges],
    fallback: "*",
    check: checkCidrsOrWildcard,
    setting: "outboundRanges",
  },
  {
    annotations: [n.excludeOutboundIPRanges],
    fallback: "",
    check: checkCidrs,
    setting: "outboundRangesExclude",
  },
  {
    annotations: [n.includeInboundPorts],
    fallback: "*",
    check: checkPortsOrWildcard,
    setting: "inboundPorts",
  },
  {
    annotations: [n.excludeInboundPorts],
    fallback: "15020",
    check: checkPorts,
    setting: "inboundPortsExclude",
  },
  { annotations: [n.includeOutboundPorts], fallback: "", check: checkPorts, setting: "outboundPorts" },
  {
    annotations: [n.excludeOutboundPorts],
    fallback: "15020",
    check: checkPorts,
    setting: "outboundPortsExclude",
  },
  { annotations: [n.excludeInterfaces], fallback: "", check: checkInterfaces, setting: "excludeInterfaces" },
  {
    annotations: [n.rerouteVirtualInterfaces, n.kubevirtInterfaces],
    fallback: "",
    check: checkInterfaces,
    setting: "rerouteInterfaces",
  },
  { annotations: [n.statusPort], fallback: "", check: checkNothing, setting: undefined },
];

/** The annotations that {@link cniSettings} reads. */
export const cniAnnotations: readonly string[] = entries.flatMap(({ annotations }) => annotations);

const dnsCapture = "ISTIO_META_DNS_CAPTURE";
const dropInvalid = "INVALID_DROP";
const dualStack = "ISTIO_DUAL_STACK";

/** The variables of istio-proxy that {@link cniSettings} reads. */
export const cniVariables: readonly string[] = [dnsCapture, dropInvalid, dualStack];

/** Removes repeated ports, the first of each stays. Ports are compared as text. */
export function withoutRepeats(ports: readonly string[]): readonly string[] {
  return [...new Set(ports)];
}

/** The plugin's own ports join the excluded ones, each once. */
function excludedInbound(value: string): string {
  const trimmed = value.trim();
  const separator = trimmed === "" || trimmed.endsWith(",") ? "" : ",";
  return withoutRepeats(`${trimmed}${separator}15020,15021,15090`.split(",")).join(",");
}

function ports(value: string): string {
  return value
    .split(",")
    .map((port) => port.trim())
    .join(",");
}

class Reader {
  readonly values = new Map<SettingName, string>();
  readonly origins = new Map<SettingName, string>();

  constructor(private readonly pod: PodView) {}

  read(entry: Entry): void {
    const name = entry.annotations.find((candidate) => this.pod.annotations.has(candidate));
    const value = name === undefined ? entry.fallback : (this.pod.annotations.get(name) ?? entry.fallback);
    const problem = entry.check(value);
    if (problem !== undefined)
      throw new InterceptionError("annotation-invalid", `annotation ${name}: ${problem}`);
    if (entry.setting === undefined) return;
    this.values.set(entry.setting, value);
    this.origins.set(entry.setting, name === undefined ? "the CNI plugin's default" : `annotation ${name}`);
  }

  text(setting: SettingName): string {
    return this.values.get(setting) ?? "";
  }
}

/** An id of 0 counts as unset: the plugin never spares root. */
function proxyId(id: number | undefined): string {
  return id === undefined || id === 0 ? defaultProxyId : String(id);
}

function own(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

/**
 * The settings Istio's CNI plugin takes for a pod: from its annotations and its `istio-proxy` container. Owner groups
 * and loopback CIDR come from the plugin's own environment.
 * @throws InterceptionError `annotation-invalid`, with which pod creation fails.
 */
export function cniSettings(pod: PodView, pluginEnvironment: Environment = {}): SettingsWithOrigins {
  const reader = new Reader(pod);
  for (const entry of entries) reader.read(entry);
  const proxy = containerNamed(pod, "istio-proxy");
  const flag = (setting: SettingName, name: string): boolean => {
    const on = parseGoBool(proxy?.env.get(name) ?? "") ?? false;
    if (on) reader.origins.set(setting, `environment variable ${name} of istio-proxy`);
    return on;
  };
  const dns = flag("redirectDns", dnsCapture);
  if (dns) reader.origins.set("captureAllDns", `environment variable ${dnsCapture} of istio-proxy`);
  reader.origins.set("proxyUids", "runAsUser of istio-proxy");
  reader.origins.set("proxyGids", "runAsGroup of istio-proxy");
  const settings: CaptureSettings = {
    ...defaultSettings,
    proxyUids: proxyId(proxy?.runAsUser),
    proxyGids: proxyId(proxy?.runAsGroup),
    interceptionMode: reader.text("interceptionMode") === "TPROXY" ? "TPROXY" : "REDIRECT",
    outboundRanges: reader.text("outboundRanges"),
    outboundRangesExclude: reader.text("outboundRangesExclude"),
    inboundPorts: ports(reader.text("inboundPorts")),
    inboundPortsExclude: excludedInbound(ports(reader.text("inboundPortsExclude"))),
    outboundPorts: ports(reader.text("outboundPorts")),
    outboundPortsExclude: ports(reader.text("outboundPortsExclude")),
    excludeInterfaces: reader.text("excludeInterfaces"),
    rerouteInterfaces: reader.text("rerouteInterfaces"),
    redirectDns: dns,
    captureAllDns: dns,
    dropInvalid: flag("dropInvalid", dropInvalid),
    dualStack: flag("dualStack", dualStack),
    ownerGroups: own(pluginEnvironment, "ISTIO_OUTBOUND_OWNER_GROUPS") ?? defaultSettings.ownerGroups,
    ownerGroupsExclude: own(pluginEnvironment, "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE") ?? "",
    loopbackCidr: own(pluginEnvironment, "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR") ?? defaultSettings.loopbackCidr,
  };
  return { settings, origins: reader.origins };
}
