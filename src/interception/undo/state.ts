/** The rules that are there, or are wanted: table, chain, rule lines. */
export type RuleState = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

const stateTables = ["filter", "mangle", "nat", "raw"];
const ours = "ISTIO";

/**
 * Reads the state out of restore or save text, as Istio compares it: tables filter, mangle, nat and raw; a chain of
 * Istio's counts as soon as it exists, any other as soon as it has a rule.
 */
export function ruleState(text: string): RuleState {
  const state = new Map<string, Map<string, string[]>>(stateTables.map((table) => [table, new Map()]));
  let table: Map<string, string[]> | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const [word, name] = line.split(/\s+/);
    if (line.startsWith("*")) table = state.get(line.slice(1).trim());
    else if (line === "COMMIT") table = undefined;
    else if (table === undefined || word === undefined) continue;
    else if (word.startsWith(`:${ours}`)) entry(table, word.slice(1));
    else if (word === "-N" && name?.startsWith(ours)) entry(table, name);
    else if ((word === "-A" || word === "-I") && name !== undefined) entry(table, name).push(line);
  }
  return state;
}

function entry(table: Map<string, string[]>, chain: string): string[] {
  const known = table.get(chain);
  if (known !== undefined) return known;
  const rules: string[] = [];
  table.set(chain, rules);
  return rules;
}

function isEmpty(state: RuleState): boolean {
  return [...state.values()].every((chains) => chains.size === 0);
}

/** Whether any rule is there, Istio's or not. */
export function hasResidue(present: RuleState): boolean {
  return !isEmpty(present);
}

/**
 * Whether chains differ: a wanted chain is missing, one of Istio's has another number of rules, or is not wanted. What
 * this cannot see is left to `-C`: a wanted rule with other words.
 */
export function chainsDiffer(present: RuleState, wanted: RuleState): boolean {
  for (const [table, chains] of wanted) {
    for (const [chain, rules] of chains) {
      const there = present.get(table)?.get(chain);
      if (there === undefined) return true;
      if (chain.startsWith(`${ours}_`) && there.length !== rules.length) return true;
    }
  }
  return [...present].some(([table, chains]) =>
    [...chains.keys()].some(
      (chain) => chain.startsWith(`${ours}_`) && wanted.get(table)?.has(chain) !== true,
    ),
  );
}

/** What the idempotency check found about one family. */
export interface FamilyState {
  /** Whether the plan has rules for the family. */
  readonly wanted: boolean;
  readonly residue: boolean;
  /** Meaningful with residue only. */
  readonly delta: boolean;
}

/** What applying is to do. */
export type Action = "apply" | "nothing" | "apply-over-residue" | "reconcile" | "cleanup";

/** Residue and delta of all families together. */
export function overallState(families: readonly FamilyState[]): { residue: boolean; delta: boolean } {
  if (!families.some((family) => family.wanted && family.residue)) return { residue: false, delta: true };
  return { residue: true, delta: families.some((family) => (family.residue ? family.delta : family.wanted)) };
}

/** What to do with that state. */
export function actionFor(
  state: { residue: boolean; delta: boolean },
  asked: { reconcile: boolean; cleanupOnly: boolean; forceApply: boolean },
): Action {
  if (asked.cleanupOnly) return "cleanup";
  if (!state.residue) return "apply";
  if (!state.delta) return asked.forceApply ? "apply" : "nothing";
  return asked.reconcile ? "reconcile" : "apply-over-residue";
}
