import type { PlanInput } from "./plan-input.js";
import type { StepList } from "./step.js";

/** The mark of the proxy's calls to its own pod; not configurable in Istio. */
export const selfCallMark = 1338;

/** Marks that keep the proxy's connections with client addresses apart from those to be captured. */
export function addTproxyEpilogue(input: PlanInput, steps: StepList): void {
  if (!input.tproxy) return;
  const mark = input.settings.tproxyMark;
  steps.append(
    "mangle",
    "PREROUTING",
    {
      iptables: `-p tcp -m mark --mark ${mark} -j CONNMARK --save-mark`,
      nft: `meta l4proto tcp mark ${mark} counter ct mark set mark`,
    },
    { purpose: "remembers the proxy's mark with the connection", causes: ["tproxyMark"] },
  );
  steps.append(
    "mangle",
    "OUTPUT",
    {
      iptables: `-p tcp -o lo -m mark --mark ${mark} -j RETURN`,
      nft: `oifname lo meta l4proto tcp mark ${mark} counter return`,
    },
    { purpose: "leaves the proxy's connections to the application as they are", causes: ["tproxyMark"] },
  );
  addSelfCallMarks(input, steps);
  steps.append(
    "mangle",
    "OUTPUT",
    {
      iptables: `-p tcp -m connmark --mark ${mark} -j CONNMARK --restore-mark`,
      nft: `meta l4proto tcp ct mark ${mark} counter meta mark set ct mark`,
    },
    {
      purpose: "marks the application's replies, so that they are routed back to the proxy",
      causes: ["tproxyMark"],
    },
  );
  addInboundExceptions(mark, steps);
}

function addSelfCallMarks(input: PlanInput, steps: StepList): void {
  for (const identity of [...input.identities.uids, ...input.identities.gids]) {
    steps.append(
      "mangle",
      "OUTPUT",
      {
        iptables: `! -d {lo} -p tcp -o lo ${identity.is.iptables} -j MARK --set-mark ${selfCallMark}`,
        nft: `oifname lo meta l4proto tcp {ip} daddr != {lo} ${identity.is.nft} counter meta mark set ${selfCallMark}`,
      },
      {
        purpose: `marks calls of the proxy (${identity.label}) to its own pod, to be captured as inbound`,
        causes: [identity.setting, "loopbackCidr"],
      },
      "each",
    );
  }
}

function addInboundExceptions(mark: string, steps: StepList): void {
  steps.insert(
    "mangle",
    "ISTIO_INBOUND",
    1,
    {
      iptables: `-p tcp -m mark --mark ${mark} -j RETURN`,
      nft: `meta l4proto tcp mark ${mark} counter return`,
    },
    {
      purpose: "lets the proxy's connections with client addresses reach the application",
      causes: ["tproxyMark"],
    },
  );
  steps.insert(
    "mangle",
    "ISTIO_INBOUND",
    2,
    {
      iptables: "-p tcp -s {pass} -i lo -j RETURN",
      nft: "iifname lo meta l4proto tcp {ip} saddr {pass} counter return",
    },
    { purpose: "lets the proxy's inbound side reach the application" },
    "each",
  );
  steps.insert(
    "mangle",
    "ISTIO_INBOUND",
    3,
    {
      iptables: `-p tcp -i lo -m mark ! --mark ${selfCallMark} -j RETURN`,
      nft: `iifname lo meta l4proto tcp mark != ${selfCallMark} counter return`,
    },
    { purpose: "leaves loopback traffic alone, unless the proxy calls its own pod" },
  );
}
