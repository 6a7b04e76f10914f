import type { RuleText } from "../plan/planned-rule.js";
import { builtInChains } from "../rule/chain-name.js";

/** Words that end a rule like a chain's name does, and are none. */
const verdicts: ReadonlySet<string> = new Set(["ACCEPT", "RETURN", "DROP"]);

function isChain(name: string): boolean {
  return !builtInChains.has(name);
}

/** The chain a rule jumps to, if its last two words say so. */
export function jumpTarget(words: readonly string[]): string | undefined {
  const [option, name] = words.slice(-2);
  if (option !== "-j" || name === undefined || verdicts.has(name) || builtInChains.has(name))
    return undefined;
  return name;
}

/** The rule behind `-A CHAIN` or `-I CHAIN n`, as one line. */
export function ruleLine(rule: RuleText): string {
  const head = rule.position === undefined ? `-A ${rule.chain}` : `-I ${rule.chain} ${rule.position}`;
  return [head, ...rule.words].join(" ");
}

/** Chains of a table's rules in order of first rule, then those that are only jumped to. */
function chainsOf(rules: readonly RuleText[], jumps: boolean): readonly string[] {
  const chains = new Set(rules.map((rule) => rule.chain).filter(isChain));
  if (jumps) {
    for (const rule of rules) {
      const target = jumpTarget(rule.words);
      if (target !== undefined) chains.add(target);
    }
  }
  return [...chains];
}

function byTable(rules: readonly RuleText[]): Map<string, RuleText[]> {
  const tables = new Map<string, RuleText[]>();
  for (const rule of rules) {
    const list = tables.get(rule.table);
    if (list === undefined) tables.set(rule.table, [rule]);
    else list.push(rule);
  }
  return tables;
}

/**
 * The text that `iptables-restore --noflush` takes, as Istio writes it: tables by name, `* nat` with a blank, `-N`
 * lines, rules in order, `COMMIT`; every line ends in a new line. Empty for no rules.
 */
export function restoreText(rules: readonly RuleText[]): string {
  const tables = byTable(rules);
  const lines: string[] = [];
  for (const table of [...tables.keys()].sort()) {
    const own = tables.get(table) ?? [];
    lines.push(
      `* ${table}`,
      ...chainsOf(own, true).map((chain) => `-N ${chain}`),
      ...own.map(ruleLine),
      "COMMIT",
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** The arguments of iptables, one list a command: chains first, then the rules in order. */
export function commandArguments(rules: readonly RuleText[]): readonly (readonly string[])[] {
  const seen = new Set<string>();
  const chains: string[][] = [];
  for (const { table, chain } of rules) {
    const key = `${table} ${chain}`;
    if (!isChain(chain) || seen.has(key)) continue;
    seen.add(key);
    chains.push(["-t", table, "-N", chain]);
  }
  return [...chains, ...rules.map((rule) => ["-t", rule.table, ...ruleLine(rule).split(" ")])];
}
