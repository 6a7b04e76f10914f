import type { SettingName } from "../settings/capture-settings.js";
import type { PlanInput } from "./plan-input.js";
import type { Step, StepList } from "./step.js";

/** Where the agent's DNS proxy listens; not configurable in Istio. */
export const dnsPort = 15053;

/** One way a DNS packet is chosen: all of them, or those to one server. */
interface DnsTarget {
  readonly families: Step["families"];
  readonly to: { readonly iptables: string; readonly nft: string };
  readonly from: { readonly iptables: string; readonly nft: string };
  readonly label: string;
}

function dnsTargets(input: PlanInput): readonly DnsTarget[] {
  const none = { iptables: "", nft: "" };
  if (input.settings.captureAllDns) return [{ families: "any", to: none, from: none, label: "any server" }];
  const target = (server: string, families: "ipv4" | "ipv6"): DnsTarget => {
    const prefix = `${server}/${families === "ipv4" ? 32 : 128}`;
    return {
      families,
      to: { iptables: ` -d ${prefix}`, nft: `{ip} daddr ${prefix} ` },
      from: { iptables: ` -s ${prefix}`, nft: `{ip} saddr ${prefix} ` },
      label: `server ${server}`,
    };
  };
  return [
    ...input.host.dnsServersV4.map((server) => target(server, "ipv4")),
    ...input.host.dnsServersV6.map((server) => target(server, "ipv6")),
  ];
}

const causes = (input: PlanInput): readonly SettingName[] =>
  input.settings.captureAllDns ? ["redirectDns", "captureAllDns"] : ["redirectDns"];

/** DNS capture as it has been since 1.25, behind the identities' rules. */
export function addDns(input: PlanInput, steps: StepList): void {
  if (!input.dns) return;
  if (input.features.udpDns !== "dns-chain") {
    addRedirect(input, "tcp", "ISTIO_OUTPUT", steps);
    return;
  }
  steps.append(
    "raw",
    "OUTPUT",
    { iptables: "-j ISTIO_OUTPUT_DNS", nft: "counter jump istio-output-dns" },
    { purpose: "puts DNS packets into conntrack zones before they are tracked", causes: causes(input) },
  );
  addDnsJump(input, steps);
  addRedirect(input, "tcp", "ISTIO_OUTPUT_DNS", steps);
  addRedirect(input, "udp", "ISTIO_OUTPUT_DNS", steps);
  addIdentityZones(input, "ISTIO_OUTPUT_DNS", steps);
  addServerZones(input, steps);
}

/** What older releases put at the very end: UDP DNS outside the chain of TCP, and zones straight in the hooks. */
export function addOldDns(input: PlanInput, steps: StepList): void {
  if (!input.dns || input.features.udpDns === "dns-chain") return;
  const jump = input.features.udpDns === "udp-jump";
  const chain = jump ? "ISTIO_OUTPUT" : "OUTPUT";
  const addJump = (table: "nat" | "raw") =>
    steps.append(
      table,
      "OUTPUT",
      { iptables: "-p udp -j ISTIO_OUTPUT" },
      { purpose: "looks at every UDP packet that leaves the pod", causes: causes(input) },
    );
  if (jump) addJump("nat");
  for (const identity of [...input.identities.uids, ...input.identities.gids]) {
    steps.append(
      "nat",
      chain,
      { iptables: `-p udp --dport 53 ${identity.is.iptables} -j RETURN` },
      { purpose: `leaves DNS questions of the proxy (${identity.label}) alone`, causes: [identity.setting] },
    );
  }
  addRedirect(input, "udp", chain, steps);
  if (!input.features.dnsZones) return;
  if (jump) addJump("raw");
  addIdentityZones(input, chain, steps);
  for (const target of dnsTargets(input)) {
    addZone(input, target, "question", chain, steps);
    addZone(input, target, "answer", "PREROUTING", steps);
  }
}

/** iptables needs the jump in each family that has a server, nft once. */
function addDnsJump(input: PlanInput, steps: StepList): void {
  const words = { iptables: "-j ISTIO_OUTPUT_DNS" };
  const nft = { nft: "counter jump istio-output-dns" };
  const why = { purpose: "looks at DNS questions", causes: causes(input) };
  addOncePerFamily(input, (families, first) =>
    steps.append("nat", "ISTIO_OUTPUT", first ? { ...words, ...nft } : words, why, families),
  );
}

function addOncePerFamily(input: PlanInput, add: (families: Step["families"], first: boolean) => void): void {
  if (input.settings.captureAllDns) {
    add("any", true);
    return;
  }
  const families = (["ipv4", "ipv6"] as const).filter(
    (family) => (family === "ipv4" ? input.host.dnsServersV4 : input.host.dnsServersV6).length > 0,
  );
  for (const [index, family] of families.entries()) add(family, index === 0);
}

function addRedirect(input: PlanInput, protocol: "tcp" | "udp", chain: string, steps: StepList): void {
  // Istio spells the option differently for UDP; iptables takes both.
  const option = protocol === "tcp" ? "--to-ports" : "--to-port";
  for (const target of dnsTargets(input)) {
    const nftProtocol =
      input.settings.captureAllDns && protocol === "tcp" ? "meta l4proto tcp tcp" : protocol;
    steps.append(
      "nat",
      chain,
      {
        iptables: `-p ${protocol} --dport 53${target.to.iptables} -j REDIRECT ${option} ${dnsPort}`,
        nft: `${target.to.nft}${nftProtocol} dport 53 counter redirect to :${dnsPort}`,
      },
      {
        purpose: `sends DNS questions over ${protocol.toUpperCase()} to ${target.label} to the agent's DNS proxy`,
        causes: causes(input),
      },
      target.families,
    );
  }
}

function addIdentityZones(input: PlanInput, chain: string, steps: StepList): void {
  for (const identity of [...input.identities.uids, ...input.identities.gids]) {
    const zone = (port: string, id: number, what: string) =>
      steps.append(
        "raw",
        chain,
        {
          iptables: `-p udp --${port} ${identity.is.iptables} -j CT --zone ${id}`,
          nft: `udp ${port} ${identity.is.nftRaw} counter ct zone set ${id}`,
        },
        {
          purpose: `tracks ${what} of the proxy (${identity.label}) in zone ${id}`,
          causes: [identity.setting],
        },
      );
    zone("dport 53", 1, "DNS questions");
    zone("sport 15053", 2, "DNS answers to the application");
  }
}

function addZone(
  input: PlanInput,
  target: DnsTarget,
  what: "question" | "answer",
  chain: string,
  steps: StepList,
): void {
  const question = what === "question";
  steps.append(
    "raw",
    chain,
    question
      ? {
          iptables: `-p udp --dport 53${target.to.iptables} -j CT --zone 2`,
          nft: `udp dport 53 ${target.to.nft}counter ct zone set 2`,
        }
      : {
          iptables: `-p udp --sport 53${target.from.iptables} -j CT --zone 1`,
          nft: `udp sport 53 ${target.from.nft}counter ct zone set 1`,
        },
    {
      purpose: question
        ? `tracks the application's DNS questions to ${target.label} in zone 2`
        : `tracks answers of ${target.label} to the proxy in zone 1`,
      causes: causes(input),
    },
    target.families,
  );
}

function addServerZones(input: PlanInput, steps: StepList): void {
  const targets = dnsTargets(input);
  addOncePerFamily(input, (families, first) => {
    const jump = { iptables: "-j ISTIO_INBOUND" };
    steps.append(
      "raw",
      "PREROUTING",
      first ? { ...jump, nft: "counter jump istio-inbound" } : jump,
      { purpose: "puts DNS answers that come in into their zone", causes: causes(input) },
      families,
    );
    for (const target of targets.filter((candidate) => candidate.families === families)) {
      addZone(input, target, "question", "ISTIO_OUTPUT_DNS", steps);
      addZone(input, target, "answer", "ISTIO_INBOUND", steps);
    }
  });
}
