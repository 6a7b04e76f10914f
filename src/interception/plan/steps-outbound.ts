import { splitList } from "../settings/list-value.js";
import type { PlanInput } from "./plan-input.js";
import type { StepList } from "./step.js";
import type { Identity } from "./strategy.js";

/** The way into ISTIO_OUTPUT, excluded ports, and the proxy's inbound side talking to the application. */
export function addOutboundEntry(input: PlanInput, steps: StepList): void {
  const { everyProtocol, passthroughReturn } = input.features;
  steps.append(
    "nat",
    "OUTPUT",
    {
      iptables: everyProtocol ? "-j ISTIO_OUTPUT" : "-p tcp -j ISTIO_OUTPUT",
      nft: "counter jump istio-output",
    },
    { purpose: "looks at every connection that starts in the pod" },
  );
  for (const port of splitList(input.settings.outboundPortsExclude)) {
    for (const protocol of everyProtocol ? ["tcp", "udp"] : ["tcp"]) {
      steps.append(
        "nat",
        "ISTIO_OUTPUT",
        {
          iptables: `-p ${protocol} --dport ${port} -j RETURN`,
          nft: `${protocol} dport ${port} counter return`,
        },
        {
          purpose: `leaves outbound ${protocol.toUpperCase()} port ${port} alone`,
          causes: ["outboundPortsExclude"],
        },
      );
    }
  }
  if (!passthroughReturn) return;
  steps.append(
    "nat",
    "ISTIO_OUTPUT",
    { iptables: "-o lo -s {pass} -j RETURN", nft: "oifname lo {ip} saddr {pass} counter return" },
    { purpose: "lets the proxy's inbound side reach the application" },
    "each",
  );
}

/** The rules that know the proxy by its ids. */
export function addIdentities(input: PlanInput, steps: StepList): void {
  const { uids, gids } = input.identities;
  if (!input.features.ownedLoopback) {
    addUnownedSelfCall(steps);
    for (const identity of [...uids, ...gids]) addProxyReturn(identity, steps);
    return;
  }
  for (const identity of uids) addIdentity(input, identity, true, steps);
  for (const identity of gids) addIdentity(input, identity, false, steps);
}

/** Before 1.5 every process that called its own pod went through the proxy's inbound side. */
function addUnownedSelfCall(steps: StepList): void {
  steps.append(
    "nat",
    "ISTIO_OUTPUT",
    { iptables: "-o lo ! -d {lo} -j ISTIO_IN_REDIRECT" },
    { purpose: "captures calls of the pod to its own address as inbound", causes: ["loopbackCidr"] },
    "each",
  );
}

function addProxyReturn(identity: Identity, steps: StepList): void {
  steps.append(
    "nat",
    "ISTIO_OUTPUT",
    { iptables: `${identity.is.iptables} -j RETURN`, nft: `${identity.is.nft} counter return` },
    {
      purpose: `leaves everything else from the proxy (${identity.label}) alone`,
      causes: [identity.setting],
    },
  );
}

/** Which ports a self-call rule spares. Rules for gids never spare 53: Istio has it so, and every golden shows it. */
function selfCallPorts(input: PlanInput, spareDns: boolean): { iptables: string; nft: string } {
  const tunnel = input.settings.tunnelPort;
  if (input.features.selfCallSparesTunnel) {
    return spareDns
      ? { iptables: `-p tcp -m multiport ! --dports 53,${tunnel} `, nft: `tcp dport != { 53, ${tunnel} } ` }
      : { iptables: `-p tcp ! --dport ${tunnel} `, nft: `tcp dport != ${tunnel} ` };
  }
  return { iptables: spareDns ? "-p tcp ! --dport 53 " : "", nft: "" };
}

function addIdentity(input: PlanInput, identity: Identity, isUid: boolean, steps: StepList): void {
  const ports = selfCallPorts(input, input.dns && isUid);
  steps.append(
    "nat",
    "ISTIO_OUTPUT",
    {
      iptables: `-o lo ! -d {lo} ${ports.iptables}${identity.is.iptables} -j ISTIO_IN_REDIRECT`,
      nft: `oifname lo meta l4proto tcp {ip} daddr != {lo} ${ports.nft}${identity.is.nft} counter jump istio-in-redirect`,
    },
    {
      purpose: `captures the proxy (${identity.label}) calling its own pod as inbound`,
      causes: [identity.setting, "loopbackCidr"],
    },
    "each",
  );
  if (!(input.include.hasLoopback && input.features.tunnelReturn)) {
    steps.append(
      "nat",
      "ISTIO_OUTPUT",
      {
        iptables: `-o lo ${input.dns ? "-p tcp ! --dport 53 " : ""}${identity.isNot.iptables} -j RETURN`,
        nft: `oifname lo ${input.dns ? "meta l4proto tcp tcp dport != 53 " : ""}${identity.isNot.nft} counter return`,
      },
      {
        purpose: `leaves the application's own loopback traffic alone (anything but ${identity.label})`,
        causes: [identity.setting],
      },
    );
  }
  addProxyReturn(identity, steps);
}

/** Capture by the group of the process that connects. */
export function addOwnerGroups(input: PlanInput, steps: StepList): void {
  if (!input.features.ownerGroups) return;
  const { ownerGroups, ownerGroupsExclude } = input.settings;
  if (ownerGroups === "*") {
    for (const group of splitList(ownerGroupsExclude)) {
      steps.append(
        "nat",
        "ISTIO_OUTPUT",
        { iptables: `-m owner --gid-owner ${group} -j RETURN`, nft: `skgid ${group} counter return` },
        { purpose: `leaves processes of group ${group} alone`, causes: ["ownerGroupsExclude"] },
      );
    }
    return;
  }
  const groups = splitList(ownerGroups);
  const none = groups.length === 0;
  steps.append(
    "nat",
    "ISTIO_OUTPUT",
    {
      iptables: [...groups.map((group) => `-m owner ! --gid-owner ${group}`), "-j RETURN"].join(" "),
      nft: [...groups.map((group) => `skgid != ${group}`), "counter return"].join(" "),
    },
    {
      purpose: none
        ? "turns outbound capture off: the list of groups to capture is empty"
        : "leaves processes of all other groups alone",
      causes: ["ownerGroups"],
    },
  );
}

/** What is left at the end of ISTIO_OUTPUT: loopback, CIDRs and ports. */
export function addOutboundTail(input: PlanInput, steps: StepList): void {
  steps.append(
    "nat",
    "ISTIO_OUTPUT",
    { iptables: "-d {lo} -j RETURN", nft: "{ip} daddr {lo} counter return" },
    { purpose: "leaves loopback destinations alone", causes: ["loopbackCidr"] },
    "each",
  );
  for (const family of ["ipv4", "ipv6"] as const) {
    for (const cidr of input.exclude[family].cidrs) {
      steps.append(
        "nat",
        "ISTIO_OUTPUT",
        { iptables: `-d ${cidr} -j RETURN`, nft: `{ip} daddr ${cidr} counter return` },
        { purpose: `leaves destinations in ${cidr} alone`, causes: ["outboundRangesExclude"] },
        family,
      );
    }
  }
  for (const port of splitList(input.settings.outboundPorts)) {
    steps.append(
      "nat",
      "ISTIO_OUTPUT",
      {
        iptables: `-p tcp --dport ${port} -j ISTIO_REDIRECT`,
        nft: `tcp dport ${port} counter jump istio-redirect`,
      },
      { purpose: `captures outbound port ${port} whatever its address`, causes: ["outboundPorts"] },
    );
  }
  addIncludedRanges(input, steps);
}

function addIncludedRanges(input: PlanInput, steps: StepList): void {
  if (input.include.ipv4.wildcard) {
    steps.append(
      "nat",
      "ISTIO_OUTPUT",
      { iptables: "-j ISTIO_REDIRECT", nft: "counter jump istio-redirect" },
      { purpose: "captures every other destination", causes: ["outboundRanges"] },
    );
    for (const name of input.rerouteInterfaces) {
      steps.insert(
        "nat",
        "PREROUTING",
        1,
        { iptables: `-i ${name} -j ISTIO_REDIRECT`, nft: `iifname ${name} counter jump istio-redirect` },
        {
          purpose: `captures what comes from ${name} as outbound`,
          causes: ["rerouteInterfaces", "outboundRanges"],
        },
      );
    }
  }
  for (const family of ["ipv4", "ipv6"] as const) {
    for (const cidr of input.include[family].cidrs) {
      for (const name of input.rerouteInterfaces) {
        steps.insert(
          "nat",
          "PREROUTING",
          1,
          {
            iptables: `-i ${name} -d ${cidr} -j ISTIO_REDIRECT`,
            nft: `iifname ${name} {ip} daddr ${cidr} counter jump istio-redirect`,
          },
          {
            purpose: `captures what comes from ${name} for ${cidr} as outbound`,
            causes: ["rerouteInterfaces", "outboundRanges"],
          },
          family,
        );
      }
      steps.append(
        "nat",
        "ISTIO_OUTPUT",
        { iptables: `-d ${cidr} -j ISTIO_REDIRECT`, nft: `{ip} daddr ${cidr} counter jump istio-redirect` },
        { purpose: `captures destinations in ${cidr}`, causes: ["outboundRanges"] },
        family,
      );
    }
  }
}
