import type { RuleText } from "../plan/planned-rule.js";
import { jumpTarget } from "../print/restore-text.js";
import { builtInChains } from "../rule/chain-name.js";

const ours = "ISTIO_";

/**
 * The iptables arguments that undo a plan, in order: rules from last to first, then the chains emptied and deleted.
 * A rule inside one of Istio's chains that jumps to none of them goes with its chain. Each command may fail alone.
 */
export function cleanupArguments(rules: readonly RuleText[]): readonly (readonly string[])[] {
  const reversed = [...rules].reverse();
  const deletions = reversed
    .filter((rule) => !rule.chain.startsWith(ours) || (jumpTarget(rule.words) ?? "").startsWith(ours))
    .map((rule) => ["-t", rule.table, "-D", rule.chain, ...rule.words]);
  const chains = new Map<string, string[][]>();
  for (const { table, chain } of reversed) {
    if (builtInChains.has(chain)) continue;
    chains.set(`${table} ${chain}`, [
      ["-t", table, "-F", chain],
      ["-t", table, "-X", chain],
    ]);
  }
  return [...deletions, ...[...chains.values()].flat()];
}

/** The iptables arguments that ask whether each rule is there (`-C`). */
export function checkArguments(rules: readonly RuleText[]): readonly (readonly string[])[] {
  return rules.map((rule) => ["-t", rule.table, "-C", rule.chain, ...rule.words]);
}
