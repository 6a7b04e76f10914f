import { InterceptionError } from "../interception-error.js";
import type { RuleReason } from "../plan/planned-rule.js";
import { tableChains } from "./chain-name.js";
import { type Names, noNames } from "./names.js";
import { readRule } from "./read-rule.js";
import type { Chain, Hook, Rule, RuleSet, Stage, Table } from "./rule.js";
import { splitWords } from "./split-words.js";

const stages: ReadonlyMap<string, Stage> = new Map([
  ["raw", "raw"],
  ["mangle", "mangle"],
  ["nat", "nat"],
  ["filter", "filter"],
]);

const hooks: ReadonlyMap<string, Hook> = new Map(
  (["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"] as const).map((hook) => [hook, hook]),
);

interface OpenChain {
  policy: "ACCEPT" | "DROP";
  readonly rules: Rule[];
}

/** Builds the tables of one family's iptables rules. */
class TableBuilder {
  readonly #tables = new Map<string, Map<string, OpenChain>>();

  constructor(private readonly names: Names) {}

  table(name: string): void {
    if (this.#tables.has(name)) return;
    const chains = (tableChains[name] ?? []).map((chain): [string, OpenChain] => [
      chain,
      { policy: "ACCEPT", rules: [] },
    ]);
    this.#tables.set(name, new Map(chains));
  }

  chain(table: string, name: string): OpenChain {
    this.table(table);
    const chains = this.#tables.get(table);
    const known = chains?.get(name);
    if (known !== undefined) return known;
    const made: OpenChain = { policy: "ACCEPT", rules: [] };
    chains?.set(name, made);
    return made;
  }

  rule(table: string, chain: string, words: readonly string[], position?: number, reason?: RuleReason): void {
    const rules = this.chain(table, chain).rules;
    const rule = readRule(words, reason, this.names);
    if (position === undefined) rules.push(rule);
    else rules.splice(position - 1, 0, rule);
  }

  build(): RuleSet {
    const tables: Table[] = [];
    for (const [name, chains] of this.#tables) {
      const stage = stages.get(name);
      // The table "security" meets packets, but changes none that Istio's rules look at.
      if (stage === undefined) continue;
      tables.push({
        name,
        stage,
        chains: new Map([...chains].map(([chain, open]) => [chain, close(chain, open)])),
      });
    }
    return { engine: "iptables", tables };
  }
}

function close(name: string, open: OpenChain): Chain {
  return { name, hook: hooks.get(name), policy: open.policy, rules: open.rules };
}

/** A planned or loaded rule, to be read for the tracer. */
export interface ReadableRule {
  readonly table: string;
  readonly chain: string;
  readonly position?: number;
  readonly words: readonly string[];
  readonly reason?: RuleReason;
}

/** The rule set the kernel has after these rules were loaded into empty tables. */
export function ruleSetOf(rules: readonly ReadableRule[], names: Names = noNames): RuleSet {
  const builder = new TableBuilder(names);
  for (const { table, chain, words, position, reason } of rules)
    builder.rule(table, chain, words, position, reason);
  return builder.build();
}

class LineReader {
  #table: string | undefined;
  #line = 0;

  constructor(private readonly builder: TableBuilder) {}

  read(text: string): void {
    for (const raw of text.split("\n")) {
      this.#line++;
      const line = raw.trim().replace(/^\[\d+:\d+\]\s*/, "");
      const isListing = /^# (?:ip6?tables )?-[St]\b/.test(line);
      const listed = isListing ? /\b(raw|mangle|nat|filter|security)\b/.exec(line) : null;
      if (listed?.[1] !== undefined) this.#enter(listed[1]);
      else if (line !== "" && !line.startsWith("#")) this.#command(line);
    }
  }

  #enter(table: string): void {
    this.#table = table;
    this.builder.table(table);
  }

  #fail(message: string): never {
    throw new InterceptionError("rules-invalid", `line ${this.#line}: ${message}`, { line: this.#line });
  }

  #command(line: string): void {
    if (line.startsWith("*")) {
      this.#enter(line.slice(1).trim());
      return;
    }
    if (line === "COMMIT") {
      this.#table = undefined;
      return;
    }
    if (line.startsWith("Chain ") && line.includes("("))
      this.#fail(
        "this is the output of iptables -L, which hides interfaces; give the output of iptables-save",
      );
    const table = this.#table ?? this.#fail("a rule outside a table; the text must be that of iptables-save");
    if (line.startsWith(":")) this.#declare(table, line.slice(1));
    else this.#rule(table, splitWords(line));
  }

  #declare(table: string, declaration: string): void {
    const [name, policy] = declaration.split(/\s+/);
    this.builder.chain(table, name ?? "").policy = policy === "DROP" ? "DROP" : "ACCEPT";
  }

  #rule(table: string, words: readonly string[]): void {
    const [command, chain, ...rest] = words;
    if (chain === undefined) this.#fail("a command without a chain");
    const position = /^\d+$/.test(rest[0] ?? "") ? Number(rest[0]) : undefined;
    if (command === "-A" || command === "--append") this.builder.rule(table, chain, rest);
    else if (command === "-N" || command === "--new-chain") this.builder.chain(table, chain);
    else if (command === "-P" || command === "--policy")
      this.builder.chain(table, chain).policy = rest[0] === "DROP" ? "DROP" : "ACCEPT";
    else if (command === "-I" || command === "--insert")
      this.builder.rule(table, chain, position === undefined ? rest : rest.slice(1), position ?? 1);
    else this.#fail(`${JSON.stringify(command)} is no command this reads; it reads -A, -I, -N and -P`);
  }
}

/**
 * Reads the output of `iptables-save`, restore text, or the output of `iptables -S` behind comments that name tables.
 * @throws InterceptionError `rules-invalid` with the line.
 */
export function readRules(text: string, names: Names = noNames): RuleSet {
  const builder = new TableBuilder(names);
  new LineReader(builder).read(text);
  return builder.build();
}
