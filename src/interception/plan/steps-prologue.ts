import type { PlanInput } from "./plan-input.js";
import type { StepList } from "./step.js";

/** What comes first: interfaces left alone, invalid packets, and the three chains that are always there. */
export function addPrologue(input: PlanInput, steps: StepList): void {
  for (const table of input.tproxy ? (["nat", "mangle"] as const) : (["nat"] as const)) {
    for (const name of input.excludeInterfaces) {
      const why = (way: string) => ({
        purpose: `leaves traffic ${way} the excluded interface ${name} alone`,
        causes: ["excludeInterfaces" as const],
      });
      steps.append(
        table,
        "PREROUTING",
        { iptables: `-i ${name} -j RETURN`, nft: `iifname ${name} counter return` },
        why("from"),
      );
      steps.append(
        table,
        "OUTPUT",
        { iptables: `-o ${name} -j RETURN`, nft: `oifname ${name} counter return` },
        why("to"),
      );
    }
  }
  for (const name of input.rerouteInterfaces) {
    steps.insert(
      "nat",
      "PREROUTING",
      1,
      { iptables: `-i ${name} -j RETURN`, nft: `iifname ${name} counter return` },
      {
        purpose: `keeps what comes from ${name} and is not redirected as outbound from being captured as inbound`,
        causes: ["rerouteInterfaces"],
      },
    );
  }
  if (input.settings.dropInvalid && input.features.dropInvalid) addDropInvalid(steps);
  addBaseChains(input, steps);
}

function addDropInvalid(steps: StepList): void {
  steps.append(
    "mangle",
    "PREROUTING",
    {
      iptables: "-m conntrack --ctstate INVALID -j ISTIO_DROP",
      nft: "meta l4proto tcp ct state invalid counter jump istio-drop",
    },
    { purpose: "drops packets that belong to no connection conntrack knows", causes: ["dropInvalid"] },
  );
  steps.append(
    "mangle",
    "ISTIO_DROP",
    { iptables: "-j DROP", nft: "counter drop" },
    { purpose: "drops the invalid packet", causes: ["dropInvalid"] },
  );
}

function addBaseChains({ settings, features }: PlanInput, steps: StepList): void {
  if (features.tunnelReturn) {
    steps.append(
      "nat",
      "ISTIO_INBOUND",
      {
        iptables: `-p tcp --dport ${settings.tunnelPort} -j RETURN`,
        nft: `meta l4proto tcp tcp dport ${settings.tunnelPort} counter return`,
      },
      { purpose: "lets HBONE tunnels reach the proxy's own tunnel port", causes: ["tunnelPort"] },
    );
  }
  steps.append(
    "nat",
    "ISTIO_REDIRECT",
    {
      iptables: `-p tcp -j REDIRECT --to-ports ${settings.outboundPort}`,
      nft: `meta l4proto tcp counter redirect to :${settings.outboundPort}`,
    },
    { purpose: "sends outbound TCP to the proxy", causes: ["outboundPort"] },
  );
  steps.append(
    "nat",
    "ISTIO_IN_REDIRECT",
    {
      iptables: `-p tcp -j REDIRECT --to-ports ${settings.inboundPort}`,
      nft: `meta l4proto tcp counter redirect to :${settings.inboundPort}`,
    },
    { purpose: "sends inbound TCP to the proxy", causes: ["inboundPort"] },
  );
}
