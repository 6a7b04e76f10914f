import type { SettingName } from "../settings/capture-settings.js";

/** The tables that iptables has, in the order a packet meets them. */
export const tableNames = ["raw", "mangle", "nat", "filter"] as const;
export type TableName = (typeof tableNames)[number];

/** One rule as it is given to iptables. */
export interface RuleText {
  readonly table: string;
  readonly chain: string;
  /** Position to insert at, counted from 1; absent for a rule that is appended. */
  readonly position?: number;
  /** Everything behind the chain's name. */
  readonly words: readonly string[];
}

/** What a rule is for, and the settings that brought it about. */
export interface RuleReason {
  readonly purpose: string;
  /** Empty for a rule that is always there. */
  readonly causes: readonly SettingName[];
}

/** A rule of a plan. */
export interface PlannedRule extends RuleText {
  readonly reason: RuleReason;
}

/** A rule of a native nft plan. Table and chain have their nft names. */
export interface PlannedNftRule {
  readonly table: string;
  readonly chain: string;
  /** Index to insert at, counted from 0; absent for a rule that is appended. */
  readonly index?: number;
  readonly expression: string;
  readonly reason: RuleReason;
}
