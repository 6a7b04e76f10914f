import type { SettingName } from "./capture-settings.js";

/** What istio-iptables does besides planning rules. */
export interface ExecutionOptions {
  readonly dryRun: boolean;
  /** Port nobody listens on, that the validation connects to; 0 to 65535. */
  readonly probePort: number;
  /** Milliseconds the validation may take. */
  readonly probeTimeout: number;
  readonly skipRuleApply: boolean;
  readonly runValidation: boolean;
  /** Path of the network namespace to work in; empty for the own one. */
  readonly networkNamespace: string;
  readonly cniMode: boolean;
  readonly reconcile: boolean;
  readonly cleanupOnly: boolean;
  readonly forceApply: boolean;
  readonly nativeNftables: boolean;
  /** `legacy`, `nft` or empty. */
  readonly forceBinary: string;
  /** File that gets the transcript of a dry run; empty for none. */
  readonly dryRunFile: string;
  /** User whose uid is the proxy's where no uid is given. */
  readonly envoyUser: string;
}

type OptionName = Exclude<keyof ExecutionOptions, "dryRunFile" | "envoyUser">;

/** One flag of istio-iptables. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly kind: "string" | "boolean" | "port" | "duration";
  /** The setting or option it fills. */
  readonly target: SettingName | OptionName;
  /** A second environment variable, read after the flag's own. */
  readonly alias?: string;
  /** False for the one flag that reads no environment. */
  readonly environment: boolean;
  readonly meaning: string;
}

function flag(
  name: string,
  target: Flag["target"],
  meaning: string,
  rest: Partial<Pick<Flag, "short" | "kind" | "alias" | "environment">> = {},
): Flag {
  return { name, target, meaning, kind: "string", environment: true, ...rest };
}

const boolean = { kind: "boolean" } as const;

/** Every flag of `istio-iptables`, with names, shorthands and environment aliases as Istio has them. */
export const flagTable: readonly Flag[] = [
  flag("envoy-port", "outboundPort", "port that outbound TCP is redirected to", {
    short: "p",
    environment: false,
  }),
  flag("inbound-capture-port", "inboundPort", "port that inbound TCP is redirected to", { short: "z" }),
  flag("inbound-tunnel-port", "tunnelPort", "port of the HBONE tunnel", { short: "e" }),
  flag("proxy-uid", "proxyUids", "uids whose traffic is not captured, comma separated", { short: "u" }),
  flag("proxy-gid", "proxyGids", "gids whose traffic is not captured, comma separated", { short: "g" }),
  flag("istio-inbound-interception-mode", "interceptionMode", "how inbound is captured: REDIRECT or TPROXY", {
    short: "m",
  }),
  flag("istio-inbound-tproxy-mark", "tproxyMark", "packet mark of TPROXY mode", { short: "t" }),
  flag("istio-inbound-tproxy-route-table", "tproxyRouteTable", "routing table of TPROXY mode", {
    short: "r",
  }),
  flag("istio-inbound-ports", "inboundPorts", "inbound ports to capture: *, a list, or empty for none", {
    short: "b",
  }),
  flag("istio-local-exclude-ports", "inboundPortsExclude", "inbound ports to leave alone, with -b *", {
    short: "d",
  }),
  flag("istio-exclude-interfaces", "excludeInterfaces", "interfaces to leave alone", { short: "c" }),
  flag(
    "istio-service-cidr",
    "outboundRanges",
    "outbound ranges to capture: *, a CIDR list, or empty for none",
    {
      short: "i",
    },
  ),
  flag("istio-service-exclude-cidr", "outboundRangesExclude", "outbound CIDRs to leave alone", {
    short: "x",
  }),
  flag("istio-outbound-ports", "outboundPorts", "outbound ports captured whatever the address", {
    short: "q",
  }),
  flag("istio-local-outbound-ports-exclude", "outboundPortsExclude", "outbound ports to leave alone", {
    short: "o",
  }),
  flag("kube-virt-interfaces", "rerouteInterfaces", "interfaces whose inbound traffic counts as outbound", {
    short: "k",
  }),
  flag("redirect-dns", "redirectDns", "capture DNS", { ...boolean, alias: "ISTIO_META_DNS_CAPTURE" }),
  flag("capture-all-dns", "captureAllDns", "with --redirect-dns: capture every port-53 packet", boolean),
  flag("drop-invalid", "dropInvalid", "drop packets conntrack calls invalid", {
    ...boolean,
    alias: "INVALID_DROP",
  }),
  flag("dual-stack", "dualStack", "program IPv6 if any address is IPv6", {
    ...boolean,
    alias: "ISTIO_DUAL_STACK",
  }),
  flag("dry-run", "dryRun", "record what would be executed, execute nothing", { ...boolean, short: "n" }),
  flag("iptables-probe-port", "probePort", "port the validation connects to", { kind: "port" }),
  flag("probe-timeout", "probeTimeout", "time the validation may take", { kind: "duration" }),
  flag("skip-rule-apply", "skipRuleApply", "program neither rules nor routes", boolean),
  flag(
    "run-validation",
    "runValidation",
    "prove that traffic is captured; exit code 126 if it is not",
    boolean,
  ),
  flag("network-namespace", "networkNamespace", "path of the network namespace to work in"),
  flag("cni-mode", "cniMode", "work as the CNI plugin does", boolean),
  flag("reconcile", "reconcile", "replace differing rules, behind guardrails", boolean),
  flag("cleanup-only", "cleanupOnly", "remove the rules of this configuration and stop", boolean),
  flag("force-apply", "forceApply", "apply even if the rules are already there", boolean),
  flag("native-nftables", "nativeNftables", "use nft rules instead of iptables", boolean),
  flag("force-iptables-binary", "forceBinary", "legacy or nft; empty to detect"),
];

/** The environment variable of a flag. */
export function environmentName(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

/** Flags of Istio's logging, which every command of pilot-agent takes. True where a value follows. */
export const loggingFlags: ReadonlyMap<string, boolean> = new Map([
  ["log_output_level", true],
  ["log_stacktrace_level", true],
  ["log_caller", true],
  ["log_target", true],
  ["log_as_json", false],
  ["vklog", true],
]);
