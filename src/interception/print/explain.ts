import type { RuleReason, RuleText } from "../plan/planned-rule.js";
import type { SettingName } from "../settings/capture-settings.js";
import { flagTable } from "../settings/flag-table.js";

/** Where each setting's value came from; a setting that is not named has its default. */
export type Origins = ReadonlyMap<SettingName, string>;

/** A rule with what people want to know about it. */
export interface ExplainedRule {
  readonly rule: string;
  readonly purpose: string;
  /** The annotations, flags and variables that caused it; empty where it is always there. */
  readonly causes: readonly string[];
}

const flagOf: ReadonlyMap<string, string> = new Map(
  flagTable.map(({ target, name }) => [target, `--${name}`]),
);
const variableOf: ReadonlyMap<SettingName, string> = new Map([
  ["ownerGroups", "ISTIO_OUTBOUND_OWNER_GROUPS"],
  ["ownerGroupsExclude", "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE"],
  ["loopbackCidr", "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR"],
]);

/** What brought a setting to its value, in words: its origin if one is known, else that it is the default. */
export function causeText(setting: SettingName, origins: Origins): string {
  return origins.get(setting) ?? `default of ${flagOf.get(setting) ?? variableOf.get(setting) ?? setting}`;
}

/** Purpose and causes of a rule in one line. */
export function reasonText(reason: RuleReason, origins: Origins): string {
  const causes = reason.causes.map((setting) => causeText(setting, origins));
  return causes.length === 0 ? `${reason.purpose} (always)` : `${reason.purpose} (${causes.join("; ")})`;
}

/** A rule's text with purpose and causes, for JSON. */
export function explainRule(text: string, reason: RuleReason, origins: Origins): ExplainedRule {
  return {
    rule: text,
    purpose: reason.purpose,
    causes: reason.causes.map((setting) => causeText(setting, origins)),
  };
}

/**
 * Puts a comment above every rule line: what the rule is for and what caused it. The text stays valid restore text or
 * nft script. `reasons` come in the order of the lines that `isRule` takes for rules.
 */
export function explainLines(
  text: string,
  reasons: readonly RuleReason[],
  origins: Origins,
  isRule: (line: string) => boolean,
): string {
  let next = 0;
  return text
    .split("\n")
    .flatMap((line) => {
      if (!isRule(line)) return [line];
      const reason = reasons[next++];
      return reason === undefined ? [line] : [`# ${reasonText(reason, origins)}`, line];
    })
    .join("\n");
}

/** The reasons of rules in the order restore text has them: table by table, by name. */
export function reasonsByTable(
  rules: readonly (RuleText & { readonly reason: RuleReason })[],
): readonly RuleReason[] {
  const tables = [...new Set(rules.map((rule) => rule.table))].sort();
  return tables.flatMap((table) => rules.filter((rule) => rule.table === table).map((rule) => rule.reason));
}
