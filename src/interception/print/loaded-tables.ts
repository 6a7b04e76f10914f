import type { RuleText } from "../plan/planned-rule.js";
import { tableChains } from "../rule/chain-name.js";
import { jumpTarget } from "./restore-text.js";

/** A chain as the kernel has it after loading. */
export interface LoadedChain<R extends RuleText = RuleText> {
  readonly name: string;
  readonly builtIn: boolean;
  readonly rules: readonly R[];
}

/** A table as the kernel has it: built-in chains in hook order, then the others by name. */
export interface LoadedTable<R extends RuleText = RuleText> {
  readonly name: string;
  readonly chains: readonly LoadedChain<R>[];
}

/** The order in which iptables-nft prints tables. */
const tableOrder = ["mangle", "raw", "nat", "filter", "security"];

function place<R extends RuleText>(chain: R[], rule: R): void {
  if (rule.position === undefined) chain.push(rule);
  else chain.splice(Math.max(0, rule.position - 1), 0, rule);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** What the kernel has in its tables after the rules were loaded in order into empty ones. */
export function loadedTables<R extends RuleText>(rules: readonly R[]): readonly LoadedTable<R>[] {
  const tables = new Map<string, Map<string, R[]>>();
  const chainOf = (table: string, chain: string): R[] => {
    const chains =
      tables.get(table) ?? new Map((tableChains[table] ?? []).map((name): [string, R[]] => [name, []]));
    tables.set(table, chains);
    const known = chains.get(chain);
    if (known !== undefined) return known;
    const made: R[] = [];
    chains.set(chain, made);
    return made;
  };
  for (const rule of rules) {
    place(chainOf(rule.table, rule.chain), rule);
    const target = jumpTarget(rule.words);
    if (target !== undefined) chainOf(rule.table, target);
  }
  return [...tables.keys()]
    .sort((left, right) => tableOrder.indexOf(left) - tableOrder.indexOf(right))
    .map((name) => ({ name, chains: sortedChains(name, tables.get(name) ?? new Map()) }));
}

/** A table nothing was loaded into. */
export function emptyTable(name: string): LoadedTable {
  return { name, chains: sortedChains(name, new Map()) };
}

function sortedChains<R extends RuleText>(table: string, chains: ReadonlyMap<string, R[]>): LoadedChain<R>[] {
  const builtIn = tableChains[table] ?? [];
  const others = [...chains.keys()].filter((name) => !builtIn.includes(name)).sort(byText);
  return [...builtIn, ...others].map((name) => ({
    name,
    builtIn: builtIn.includes(name),
    rules: chains.get(name) ?? [],
  }));
}
