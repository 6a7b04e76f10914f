import { InterceptionError } from "../interception-error.js";

/** What the rule sets of Istio's releases differ in. The newest value of each is today's. */
export interface RuleFeatures {
  /** RETURN for the source 127.0.0.6 (1.3). */
  readonly passthroughReturn: boolean;
  /** Self-call rules only for the proxy's ids, and RETURN for the application on loopback (1.5). */
  readonly ownedLoopback: boolean;
  /** RETURN for 15008 first in ISTIO_INBOUND, and the exemption for include lists with loopback (1.7). */
  readonly tunnelReturn: boolean;
  /** DNS capture (1.9). */
  readonly dns: boolean;
  /** Conntrack zones for DNS over UDP (1.11). */
  readonly dnsZones: boolean;
  /** Port 22 is returned before the excluded inbound ports (until 1.12). */
  readonly sshReturn: boolean;
  readonly dropInvalid: boolean;
  readonly ownerGroups: boolean;
  /** Self-call rules say `-p tcp ! --dport 15008` (1.18). */
  readonly selfCallSparesTunnel: boolean;
  /** How UDP DNS gets to its rules: in OUTPUT, behind `OUTPUT -p udp` (1.23), in ISTIO_OUTPUT_DNS (1.25). */
  readonly udpDns: "output" | "udp-jump" | "dns-chain";
  /** All protocols go through ISTIO_OUTPUT, and excluded ports have a UDP twin (1.25). */
  readonly everyProtocol: boolean;
}

/** The oldest release whose rules are known. */
const oldest = 2;

/**
 * The differences of one release, named `1.MINOR` (a patch number may follow), or `current`.
 * @throws InterceptionError `profile-unknown`.
 */
export function releaseFeatures(release: string): RuleFeatures {
  const minor =
    release === "current"
      ? Number.POSITIVE_INFINITY
      : Number(/^1\.(\d{1,3})(\.\d+)?$/.exec(release)?.[1] ?? -1);
  if (minor < oldest)
    throw new InterceptionError(
      "profile-unknown",
      `there is no release ${JSON.stringify(release)}; name one from 1.${oldest} on, or current`,
    );
  return {
    passthroughReturn: minor >= 3,
    ownedLoopback: minor >= 5,
    tunnelReturn: minor >= 7,
    dns: minor >= 9,
    dnsZones: minor >= 11,
    sshReturn: minor < 13,
    dropInvalid: minor >= 13,
    ownerGroups: minor >= 14,
    selfCallSparesTunnel: minor >= 18,
    udpDns: minor >= 25 ? "dns-chain" : minor >= 23 ? "udp-jump" : "output",
    everyProtocol: minor >= 25,
  };
}
