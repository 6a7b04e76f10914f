/**
 * Everything that decides which traffic is captured, as text where iptables takes text. The values are those of the
 * istio-iptables flags; lists are comma separated. Defaults are already applied.
 */
export interface CaptureSettings {
  /** Port that captured outbound connections are sent to. */
  readonly outboundPort: string;
  /** Port that captured inbound connections are sent to. */
  readonly inboundPort: string;
  /** HBONE port. */
  readonly tunnelPort: string;
  /** Uids of the proxy, comma separated; empty until the host has been asked. */
  readonly proxyUids: string;
  /** Gids of the proxy, comma separated; empty means the uids. */
  readonly proxyGids: string;
  readonly interceptionMode: "REDIRECT" | "TPROXY";
  /** Packet mark of TPROXY mode, decimal. */
  readonly tproxyMark: string;
  /** Routing table of TPROXY mode. */
  readonly tproxyRouteTable: string;
  /** `*`, a list, or empty for no inbound capture. */
  readonly inboundPorts: string;
  /** Inbound ports left alone; counts only with `*`. */
  readonly inboundPortsExclude: string;
  /** Interfaces left alone in both directions. */
  readonly excludeInterfaces: string;
  /** `*`, a CIDR list, or empty for none. */
  readonly outboundRanges: string;
  readonly outboundRangesExclude: string;
  /** Ports captured whatever the address. */
  readonly outboundPorts: string;
  readonly outboundPortsExclude: string;
  /** Interfaces whose inbound traffic counts as outbound (virtual machines behind the pod). */
  readonly rerouteInterfaces: string;
  readonly redirectDns: boolean;
  /** With redirectDns: every packet to port 53, not only those to the servers of resolv.conf. */
  readonly captureAllDns: boolean;
  readonly dropInvalid: boolean;
  readonly dualStack: boolean;
  /** `*` or a list; the empty string means no group, which turns outbound capture off. */
  readonly ownerGroups: string;
  readonly ownerGroupsExclude: string;
  /** IPv4 loopback destinations that are never captured. */
  readonly loopbackCidr: string;
}

/** The name of one setting. */
export type SettingName = keyof CaptureSettings;

/** Settings and, for each that is not a default, where its value came from, in words for people. */
export interface SettingsWithOrigins {
  readonly settings: CaptureSettings;
  readonly origins: ReadonlyMap<SettingName, string>;
}

/** What istio-iptables works with when it is told nothing; the uid is the one of ENVOY_USER in Istio's images. */
export const defaultSettings: CaptureSettings = {
  outboundPort: "15001",
  inboundPort: "15006",
  tunnelPort: "15008",
  proxyUids: "",
  proxyGids: "",
  interceptionMode: "REDIRECT",
  tproxyMark: "1337",
  tproxyRouteTable: "133",
  inboundPorts: "",
  inboundPortsExclude: "",
  excludeInterfaces: "",
  outboundRanges: "",
  outboundRangesExclude: "",
  outboundPorts: "",
  outboundPortsExclude: "",
  rerouteInterfaces: "",
  redirectDns: false,
  captureAllDns: false,
  dropInvalid: false,
  dualStack: false,
  ownerGroups: "*",
  ownerGroupsExclude: "",
  loopbackCidr: "127.0.0.1/32",
};

/** The uid (and gid) of the proxy where nothing else is said. */
export const defaultProxyId = "1337";

/**
 * The settings with the proxy's ids filled in as istio-iptables does: an empty uid becomes the uid of the user
 * `ENVOY_USER`, an empty gid the uid.
 */
export function withProxyIds(settings: CaptureSettings, envoyUserUid: string | undefined): CaptureSettings {
  const proxyUids = settings.proxyUids === "" ? (envoyUserUid ?? defaultProxyId) : settings.proxyUids;
  return { ...settings, proxyUids, proxyGids: settings.proxyGids === "" ? proxyUids : settings.proxyGids };
}

/** Whether the text names a setting. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(defaultSettings, name);
}
