import { InterceptionError } from "../interception-error.js";
import type { CaptureSettings } from "../settings/capture-settings.js";
import type { HostFacts } from "../settings/host-facts.js";
import { checkSafeWords } from "../settings/safe-settings.js";
import { type PlanInput, planInput } from "./plan-input.js";
import type { PlannedNftRule, PlannedRule } from "./planned-rule.js";
import { releaseFeatures } from "./release.js";
import { type Step, StepList } from "./step.js";
import { addDesign2017 } from "./steps-design-2017.js";
import { addDns, addOldDns } from "./steps-dns.js";
import { addInbound } from "./steps-inbound.js";
import { addIdentities, addOutboundEntry, addOutboundTail, addOwnerGroups } from "./steps-outbound.js";
import { addPrologue } from "./steps-prologue.js";
import { addTproxyEpilogue } from "./steps-tproxy.js";
import type { StrategyName } from "./strategy.js";

/** What may be planned besides today's rules. */
export interface PlanOptions {
  /** `current`, `design-2017`, or a release such as `1.12`. Default `current`. */
  readonly release?: string;
  /** How the proxy's own traffic is known. Default `owner`, as Istio has it. */
  readonly strategy?: StrategyName;
}

/** The ordered rules of both families. The IPv6 list is empty unless IPv6 is on. */
export interface Plan {
  readonly ipv4: readonly PlannedRule[];
  readonly ipv6: readonly PlannedRule[];
  /** Sentences about what was asked for and left out. */
  readonly warnings: readonly string[];
}

/** The ordered rules of a native nft rule set. */
export interface NftPlan {
  readonly rules: readonly PlannedNftRule[];
  readonly warnings: readonly string[];
}

function planSteps(input: PlanInput): readonly Step[] {
  const steps = new StepList();
  addPrologue(input, steps);
  addInbound(input, steps);
  addOutboundEntry(input, steps);
  addIdentities(input, steps);
  addOwnerGroups(input, steps);
  addDns(input, steps);
  addOutboundTail(input, steps);
  addOldDns(input, steps);
  addTproxyEpilogue(input, steps);
  return steps.steps;
}

function prepare(settings: CaptureSettings, host: HostFacts, options: PlanOptions): PlanInput {
  checkSafeWords(settings);
  const release = options.release === "design-2017" ? "current" : (options.release ?? "current");
  return planInput(settings, host, releaseFeatures(release), options.strategy ?? "owner");
}

function warningsOf(input: PlanInput): readonly string[] {
  return input.dnsWithoutServer
    ? ["DNS capture is off: no name server is known; name one in resolv.conf, or capture all DNS"]
    : [];
}

function inFamily(text: string, input: PlanInput, family: "ipv4" | "ipv6"): string {
  if (!text.includes("{")) return text;
  const ipv4 = family === "ipv4";
  return text
    .replaceAll("{lo}", ipv4 ? input.loopbackV4 : "::1/128")
    .replaceAll("{pass}", ipv4 ? "127.0.0.6/32" : "::6/128")
    .replaceAll("{ip}", ipv4 ? "ip" : "ip6");
}

function rulesOf(steps: readonly Step[], input: PlanInput, family: "ipv4" | "ipv6"): PlannedRule[] {
  const rules: PlannedRule[] = [];
  for (const { table, chain, position, families, iptables, purpose, causes } of steps) {
    if (iptables === undefined || (families !== "any" && families !== "each" && families !== family))
      continue;
    rules.push({
      table,
      chain,
      ...(position === undefined ? {} : { position }),
      words: inFamily(iptables, input, family).split(" "),
      reason: { purpose, causes },
    });
  }
  return rules;
}

/**
 * Plans the rules of `istio-iptables` for both families, in the order Istio emits them.
 * @throws InterceptionError `setting-unsafe`, `setting-invalid` or `profile-unknown`.
 */
export function plan(settings: CaptureSettings, host: HostFacts, options: PlanOptions = {}): Plan {
  const input = prepare(settings, host, options);
  let steps: readonly Step[];
  if (options.release === "design-2017") {
    const list = new StepList();
    addDesign2017(input, list);
    steps = list.steps;
  } else steps = planSteps(input);
  return {
    ipv4: rulesOf(steps, input, "ipv4"),
    ipv6: host.ipv6 ? rulesOf(steps, input, "ipv6") : [],
    warnings: warningsOf(input),
  };
}

function familiesForNft(step: Step, ipv6: boolean): readonly ("ipv4" | "ipv6")[] {
  if (step.families === "ipv6") return ipv6 ? ["ipv6"] : [];
  return step.families === "each" && ipv6 ? ["ipv4", "ipv6"] : ["ipv4"];
}

/**
 * Plans Istio's native nft rule set: one `inet` rule set for both families. Rules with an address exist for IPv6 only
 * when it is on, all others act on both families.
 * @throws InterceptionError as {@link plan}, and `profile-unknown` for a release that had no native rules.
 */
export function planNft(settings: CaptureSettings, host: HostFacts, options: PlanOptions = {}): NftPlan {
  if (options.release !== undefined && options.release !== "current")
    throw new InterceptionError("profile-unknown", "only today's rules exist as native nft rules");
  const input = prepare(settings, host, options);
  const rules: PlannedNftRule[] = [];
  for (const step of planSteps(input)) {
    if (step.nft === undefined) continue;
    for (const family of familiesForNft(step, host.ipv6)) {
      rules.push({
        table: `istio-proxy-${step.table}`,
        chain: step.chain.toLowerCase().replaceAll("_", "-"),
        ...(step.position === undefined ? {} : { index: step.position - 1 }),
        expression: inFamily(step.nft, input, family),
        reason: { purpose: step.purpose, causes: step.causes },
      });
    }
  }
  return { rules, warnings: warningsOf(input) };
}
