import type { SettingName } from "../settings/capture-settings.js";
import type { TableName } from "./planned-rule.js";

/**
 * One step of the plan, before it is written for a family: the same decision in the words of iptables and of nft.
 * `{lo}`, `{pass}` and `{ip}` stand for the family's loopback CIDR, passthrough source and nft keyword.
 */
export interface Step {
  readonly table: TableName;
  readonly chain: string;
  /** Position to insert at, counted from 1. */
  readonly position?: number;
  /**
   * `any`: the same words for both families, so nft needs them once. `each`: words differ by family, nft gets an IPv4
   * rule and an IPv6 twin. `ipv4`, `ipv6`: that family only.
   */
  readonly families: "any" | "each" | "ipv4" | "ipv6";
  /** Undefined where only nft needs the step. */
  readonly iptables: string | undefined;
  /** Undefined where nft needs no rule, or where the release had no native nft rules. */
  readonly nft: string | undefined;
  readonly purpose: string;
  readonly causes: readonly SettingName[];
}

/** The words of one step in both languages. */
export interface StepWords {
  readonly iptables?: string;
  readonly nft?: string;
}

/** Why a step is there. */
export interface Why {
  readonly purpose: string;
  readonly causes?: readonly SettingName[];
}

/** Collects steps in order. */
export class StepList {
  readonly steps: Step[] = [];

  /** Adds a step at the end of its chain. */
  append(
    table: TableName,
    chain: string,
    words: StepWords,
    why: Why,
    families: Step["families"] = "any",
  ): void {
    this.#add(table, chain, words, why, families);
  }

  /** Adds a step that inserts at the position, counted from 1. */
  insert(
    table: TableName,
    chain: string,
    position: number,
    words: StepWords,
    why: Why,
    families: Step["families"] = "any",
  ): void {
    this.#add(table, chain, words, why, families, position);
  }

  #add(
    table: TableName,
    chain: string,
    words: StepWords,
    why: Why,
    families: Step["families"],
    position?: number,
  ): void {
    this.steps.push({
      table,
      chain,
      ...(position === undefined ? {} : { position }),
      families,
      iptables: words.iptables,
      nft: words.nft,
      purpose: why.purpose,
      causes: why.causes ?? [],
    });
  }
}
