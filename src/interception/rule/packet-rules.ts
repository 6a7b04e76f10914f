import type { NftPlan, Plan } from "../plan/plan.js";
import { nftRuleSetOf, readNftRules } from "./read-nft-rules.js";
import { readRules, ruleSetOf } from "./read-rules.js";
import type { PacketRules } from "./rule.js";

/** The rules a packet meets after an iptables plan was loaded. */
export function rulesOfPlan(plan: Pick<Plan, "ipv4" | "ipv6">): PacketRules {
  return { ipv4: ruleSetOf(plan.ipv4), ipv6: ruleSetOf(plan.ipv6) };
}

/** The rules a packet meets after a native nft plan was loaded; one set serves both families. */
export function rulesOfNftPlan(plan: Pick<NftPlan, "rules">): PacketRules {
  const set = nftRuleSetOf(plan.rules);
  return { ipv4: set, ipv6: set };
}

/** The rules a packet meets where these texts were saved; an absent text means no rules. @throws InterceptionError */
export function rulesOfSaves(texts: { ipv4?: string; ipv6?: string }): PacketRules {
  return { ipv4: readRules(texts.ipv4 ?? ""), ipv6: readRules(texts.ipv6 ?? "") };
}

/** The rules a packet meets where `nft list ruleset` printed this. @throws InterceptionError */
export function rulesOfNftListing(text: string): PacketRules {
  const set = readNftRules(text);
  return { ipv4: set, ipv6: set };
}
