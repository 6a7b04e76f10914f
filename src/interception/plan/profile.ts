import { InterceptionError } from "../interception-error.js";
import { type CaptureSettings, defaultSettings } from "../settings/capture-settings.js";

/** A rule set of the past under a name: its settings and the release whose rules it has. */
export interface Profile {
  readonly name: string;
  readonly summary: string;
  /** For {@link PlanOptions.release}. */
  readonly release: string;
  readonly settings: CaptureSettings;
}

const proxy: CaptureSettings = { ...defaultSettings, proxyUids: "1337", proxyGids: "1337" };
const everything: CaptureSettings = { ...proxy, inboundPorts: "*", outboundRanges: "*" };
const cni: CaptureSettings = {
  ...everything,
  inboundPortsExclude: "15020,15021,15090",
  outboundPortsExclude: "15020",
};

/** Every named profile. The CNI ones are known by the RETURN for outbound 15020, which init mode never had. */
export const profiles: readonly Profile[] = [
  {
    name: "design-2017",
    summary: "the design note of 2017: one port, 5001, and the uid 1337 spared",
    release: "design-2017",
    settings: { ...proxy, outboundPort: "5001" },
  },
  {
    name: "istio-1.4",
    summary: "init container of 1.3 and 1.4: every self-call is captured, no HBONE, port 22 returned",
    release: "1.4",
    settings: { ...everything, inboundPortsExclude: "15020" },
  },
  {
    name: "init-dns-1.12",
    summary:
      "init container of 1.9 to 1.12 with DNS capture by name server (use --dns-server), nat table only",
    release: "1.10",
    settings: { ...everything, inboundPortsExclude: "15090,15021,15020", redirectDns: true },
  },
  {
    name: "cni-dns-1.12",
    summary: "CNI plugin of 1.11 and 1.12 with all DNS captured and conntrack zones",
    release: "1.12",
    settings: { ...cni, redirectDns: true, captureAllDns: true },
  },
  {
    name: "cni-1.12",
    summary: "CNI plugin of 1.7 to 1.12 without DNS",
    release: "1.12",
    settings: cni,
  },
];

/** Names the seed documents gave them. */
const aliases: Readonly<Record<string, string>> = {
  "seed-000": "init-dns-1.12",
  "seed-001": "istio-1.4",
  "seed-002": "design-2017",
  "seed-003": "cni-dns-1.12",
  "seed-004": "cni-1.12",
};

/** The profile of that name. @throws InterceptionError `profile-unknown` with the names there are. */
export function profileOf(name: string): Profile {
  const wanted = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const profile = profiles.find((candidate) => candidate.name === wanted);
  if (profile === undefined)
    throw new InterceptionError(
      "profile-unknown",
      `there is no profile ${JSON.stringify(name)}; there are ${profiles.map((known) => known.name).join(", ")}`,
    );
  return profile;
}
