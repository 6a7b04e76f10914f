import type { NftPlan, Plan } from "../plan/plan.js";
import type { PlannedRule, RuleReason } from "../plan/planned-rule.js";
import { type ExplainedRule, explainLines, explainRule, type Origins, reasonsByTable } from "./explain.js";
import { type KernelFormOptions, kernelForm } from "./kernel-form.js";
import { loadedTables } from "./loaded-tables.js";
import { nftScript, nftTables } from "./nft-script.js";
import { commandArguments, restoreText, ruleLine } from "./restore-text.js";
import { listText, saveText } from "./save-text.js";

/** The forms in which rules can be printed. */
export const ruleFormats = ["restore", "commands", "list", "save", "nft", "json"] as const;
export type RuleFormat = (typeof ruleFormats)[number];

/** How to print a plan. */
export interface ListingOptions {
  readonly format: Exclude<RuleFormat, "nft" | "json">;
  readonly explain: boolean;
  readonly origins: Origins;
  readonly variant: "nft" | "legacy";
  readonly date: string;
}

/** Reasons in the order the kernel lists rules. */
function loadedReasons(rules: readonly PlannedRule[], order?: readonly string[]): readonly RuleReason[] {
  const tables = loadedTables(rules);
  const names = order ?? tables.map((table) => table.name);
  return names.flatMap((name) =>
    tables
      .filter((table) => table.name === name)
      .flatMap((table) => table.chains.flatMap((chain) => chain.rules.map((rule) => rule.reason))),
  );
}

function listingOf(
  rules: readonly PlannedRule[],
  family: 4 | 6,
  options: ListingOptions,
): [string, readonly RuleReason[]] {
  const form: KernelFormOptions = { family };
  switch (options.format) {
    case "restore":
      return [restoreText(rules), reasonsByTable(rules)];
    case "commands": {
      const program = family === 4 ? "iptables" : "ip6tables";
      const commands = commandArguments(rules).map(
        (words) => `${[program, ...words.map(shellWord)].join(" ")}\n`,
      );
      return [commands.join(""), rules.map((rule) => rule.reason)];
    }
    case "list":
      return [listText(rules, form), loadedReasons(rules, ["raw", "mangle", "nat", "filter"])];
    case "save": {
      const text = saveText(rules, { ...form, variant: options.variant, date: options.date });
      const order = [...text.matchAll(/^\*(\w+)$/gm)].map((match) => match[1] ?? "");
      return [text, loadedReasons(rules, order)];
    }
  }
}

/** A word as a shell takes it; `!` and `*` mean something to shells. */
function shellWord(word: string): string {
  return /^[A-Za-z0-9_.:/,@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Prints the rules of one family. With `explain`, a comment above each rule says what it is for and what caused it. */
export function listRules(rules: readonly PlannedRule[], family: 4 | 6, options: ListingOptions): string {
  const [text, reasons] = listingOf(rules, family, options);
  if (!options.explain) return text;
  return explainLines(text, reasons, options.origins, (line) =>
    /^(-A|-I|ip6?tables -t \S+ (-A|-I)) /.test(line),
  );
}

/** Prints a native nft plan as a script for `nft -f`. */
export function listNftRules(plan: NftPlan, options: Pick<ListingOptions, "explain" | "origins">): string {
  const text = nftScript(plan.rules);
  if (!options.explain) return text;
  const reasons = nftTables.flatMap(({ name }) =>
    plan.rules.filter((rule) => rule.table === name).map((rule) => rule.reason),
  );
  return explainLines(text, reasons, options.origins, (line) => /^(add|insert) rule /.test(line));
}

/** One rule in the JSON form. */
export interface RuleRecord extends ExplainedRule {
  readonly table: string;
  readonly chain: string;
  /** As the kernel prints it. */
  readonly printed: string;
}

/** A plan as values for JSON: rules in the order they are emitted. */
export function planRecords(
  plan: Plan,
  origins: Origins,
): { ipv4: RuleRecord[]; ipv6: RuleRecord[]; warnings: readonly string[] } {
  const records = (rules: readonly PlannedRule[], family: 4 | 6) =>
    rules.map((rule) => ({
      table: rule.table,
      chain: rule.chain,
      ...explainRule(ruleLine(rule), rule.reason, origins),
      printed: `-A ${rule.chain} ${kernelForm(rule.words, { family })}`,
    }));
  return { ipv4: records(plan.ipv4, 4), ipv6: records(plan.ipv6, 6), warnings: plan.warnings };
}

/** A native nft plan as values for JSON. */
export function nftPlanRecords(
  plan: NftPlan,
  origins: Origins,
): { inet: Omit<RuleRecord, "printed">[]; warnings: readonly string[] } {
  const inet = plan.rules.map((rule) => ({
    table: rule.table,
    chain: rule.chain,
    ...explainRule(rule.expression, rule.reason, origins),
  }));
  return { inet, warnings: plan.warnings };
}
