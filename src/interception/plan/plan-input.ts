import { formatPrefix, parsePrefix } from "../../go/index.js";
import type { CaptureSettings } from "../settings/capture-settings.js";
import type { HostFacts } from "../settings/host-facts.js";
import { type Ranges, splitList, splitRanges } from "../settings/list-value.js";
import type { RuleFeatures } from "./release.js";
import { type Identities, identitiesOf, type StrategyName } from "./strategy.js";

/** The settings as the steps read them: lists split, ranges by family, DNS decided. */
export interface PlanInput {
  readonly settings: CaptureSettings;
  readonly host: HostFacts;
  readonly features: RuleFeatures;
  readonly identities: Identities;
  readonly tproxy: boolean;
  /** Whether DNS is captured: asked for, and either all of it or some server known. */
  readonly dns: boolean;
  /** DNS was asked for, but no server is known to capture it for. */
  readonly dnsWithoutServer: boolean;
  readonly include: Ranges;
  readonly exclude: Ranges;
  readonly excludeInterfaces: readonly string[];
  readonly rerouteInterfaces: readonly string[];
  /** The loopback CIDR of IPv4 as it is printed. */
  readonly loopbackV4: string;
}

/** Prepares settings for planning. @throws InterceptionError `setting-invalid` for a CIDR list that cannot be read. */
export function planInput(
  settings: CaptureSettings,
  host: HostFacts,
  features: RuleFeatures,
  strategy: StrategyName,
): PlanInput {
  const uids = splitList(settings.proxyUids);
  const gids = splitList(settings.proxyGids === "" ? settings.proxyUids : settings.proxyGids);
  const servers = host.dnsServersV4.length + host.dnsServersV6.length;
  const wantsDns = settings.redirectDns && features.dns;
  const loopback = parsePrefix(settings.loopbackCidr);
  return {
    settings,
    host,
    features,
    identities: identitiesOf(strategy, uids, gids),
    tproxy: settings.interceptionMode === "TPROXY",
    dns: wantsDns && (settings.captureAllDns || servers > 0),
    dnsWithoutServer: wantsDns && !settings.captureAllDns && servers === 0,
    include: splitRanges("--istio-service-cidr", settings.outboundRanges, true),
    exclude: splitRanges("--istio-service-exclude-cidr", settings.outboundRangesExclude, false),
    excludeInterfaces: splitList(settings.excludeInterfaces),
    rerouteInterfaces: splitList(settings.rerouteInterfaces),
    loopbackV4: loopback === undefined ? settings.loopbackCidr : formatPrefix(loopback),
  };
}
