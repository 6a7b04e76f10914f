import { InterceptionError } from "../interception-error.js";
import { inFinalOrder } from "../plan/final-order.js";
import type { PlannedNftRule } from "../plan/planned-rule.js";
import { readNftRule } from "./read-nft-rule.js";
import type { Chain, Hook, Rule, RuleSet, Stage, Table } from "./rule.js";

const stageByTable: ReadonlyMap<string, Stage> = new Map([
  ["istio-proxy-raw", "raw"],
  ["istio-proxy-mangle", "mangle"],
  ["istio-proxy-nat", "nat"],
]);

const hookByName: ReadonlyMap<string, Hook> = new Map([
  ["prerouting", "PREROUTING"],
  ["input", "INPUT"],
  ["forward", "FORWARD"],
  ["output", "OUTPUT"],
  ["postrouting", "POSTROUTING"],
]);

function tableOf(name: string, chains: ReadonlyMap<string, Rule[]>): Table | undefined {
  const stage = stageByTable.get(name);
  if (stage === undefined) return undefined;
  const closed = [...chains].map(([chain, rules]): [string, Chain] => [
    chain,
    { name: chain, hook: hookByName.get(chain), policy: "ACCEPT", rules },
  ]);
  return { name, stage, chains: new Map(closed) };
}

function ruleSet(tables: ReadonlyMap<string, ReadonlyMap<string, Rule[]>>): RuleSet {
  const built = [...tables]
    .map(([name, chains]) => tableOf(name, chains))
    .filter((table) => table !== undefined);
  return { engine: "nft", tables: built };
}

function chainIn(tables: Map<string, Map<string, Rule[]>>, table: string, chain: string): Rule[] {
  const chains = tables.get(table) ?? new Map<string, Rule[]>();
  tables.set(table, chains);
  const rules = chains.get(chain) ?? [];
  chains.set(chain, rules);
  return rules;
}

/** The rule set the kernel has after a native nft plan was loaded. */
export function nftRuleSetOf(planned: readonly PlannedNftRule[]): RuleSet {
  const tables = new Map<string, Map<string, Rule[]>>();
  for (const { table, chain, expression, reason } of inFinalOrder(planned))
    chainIn(tables, table, chain).push(readNftRule(expression, reason));
  return ruleSet(tables);
}

/**
 * Reads the output of `nft list ruleset`, of which only Istio's tables count.
 * @throws InterceptionError `rules-invalid` if the braces do not pair.
 */
export function readNftRules(text: string): RuleSet {
  const tables = new Map<string, Map<string, Rule[]>>();
  let table: string | undefined;
  let rules: Rule[] | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [word, first, second] = line.split(/\s+/);
    if (word === "table" && line.endsWith("{")) table = second;
    else if (word === "chain" && line.endsWith("{") && table !== undefined)
      rules = chainIn(tables, table, first ?? "");
    else if (line === "}") {
      if (rules !== undefined) rules = undefined;
      else if (table !== undefined) table = undefined;
      else
        throw new InterceptionError("rules-invalid", `line ${index + 1}: a brace too many`, {
          line: index + 1,
        });
    } else if (rules !== undefined && word !== "type" && word !== "policy") rules.push(readNftRule(line));
  }
  return ruleSet(tables);
}
