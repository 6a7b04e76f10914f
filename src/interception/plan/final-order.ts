import type { PlannedNftRule } from "./planned-rule.js";

/**
 * The rules as the kernel has them once the plan is loaded into empty tables, chain by chain in their final order. nft
 * (1.0.6) counts an index against rules that the same transaction flushes, so loading the script over itself can
 * change their order; this list only appends, and can be loaded any number of times.
 *
 * Decided in ADR 0104.
 */
export function inFinalOrder(rules: readonly PlannedNftRule[]): readonly PlannedNftRule[] {
  const chains = new Map<string, PlannedNftRule[]>();
  for (const rule of rules) {
    const key = `${rule.table} ${rule.chain}`;
    const own = chains.get(key) ?? [];
    chains.set(key, own);
    const { index = own.length, ...appended } = rule;
    own.splice(Math.min(index, own.length), 0, appended);
  }
  return [...chains.values()].flat();
}
