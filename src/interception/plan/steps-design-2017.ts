import type { PlanInput } from "./plan-input.js";
import type { StepList } from "./step.js";

/** The design note of 2017: one port, no chains; what is not the proxy's and not from 127.0.0.1 goes to it. */
export function addDesign2017(input: PlanInput, steps: StepList): void {
  const port = input.settings.outboundPort;
  const why = { causes: ["outboundPort"] as const };
  steps.append(
    "nat",
    "PREROUTING",
    { iptables: `-p tcp -j REDIRECT --to-ports ${port}` },
    { ...why, purpose: "sends inbound TCP to the proxy" },
  );
  for (const identity of input.identities.uids.slice(0, 1)) {
    steps.append(
      "nat",
      "OUTPUT",
      { iptables: `! -s {lo} -p tcp ${identity.isNot.iptables} -j REDIRECT --to-ports ${port}` },
      {
        purpose: `sends outbound TCP of everyone but the proxy (${identity.label}) to it`,
        causes: ["outboundPort", "proxyUids"],
      },
      "each",
    );
  }
}
