import type { Prefix } from "../../go/index.js";
import type { RuleReason } from "../plan/planned-rule.js";

/** A closed range of ports, ids or classes. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** One condition of a rule. `negated` turns it round. */
export type Match =
  | { readonly kind: "family"; readonly family: 4 | 6; readonly negated: boolean }
  | { readonly kind: "source" | "destination"; readonly prefix: Prefix; readonly negated: boolean }
  /** A trailing `+` or `*` stands for any ending. */
  | { readonly kind: "in-interface" | "out-interface"; readonly name: string; readonly negated: boolean }
  | { readonly kind: "protocol"; readonly protocol: string; readonly negated: boolean }
  | {
      readonly kind: "source-port" | "destination-port" | "any-port";
      readonly ports: readonly NumberRange[];
      readonly negated: boolean;
    }
  /** `strict`: without a socket the condition fails even when negated, as in native nft. */
  | {
      readonly kind: "uid" | "gid";
      readonly ids: NumberRange;
      readonly negated: boolean;
      readonly strict: boolean;
    }
  | {
      readonly kind: "mark" | "connmark";
      readonly value: number;
      readonly mask: number;
      readonly negated: boolean;
    }
  | { readonly kind: "state"; readonly states: readonly string[]; readonly negated: boolean }
  | { readonly kind: "cgroup"; readonly id: number; readonly negated: boolean }
  | { readonly kind: "local-address"; readonly side: "source" | "destination"; readonly negated: boolean }
  /** Something this program does not read; a packet's way past it is uncertain. */
  | { readonly kind: "unknown"; readonly text: string; readonly negated: boolean };

/** What a rule does with a packet that meets all its conditions. */
export type Effect =
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  | { readonly kind: "return" | "accept" | "drop" }
  | { readonly kind: "redirect"; readonly port: number }
  | { readonly kind: "dnat"; readonly to: string }
  | {
      readonly kind: "tproxy";
      readonly port: number;
      readonly mark: number | undefined;
      readonly mask: number;
      readonly strict: boolean;
    }
  | { readonly kind: "set-mark"; readonly value: number; readonly mask: number }
  | { readonly kind: "save-mark" | "restore-mark" }
  | { readonly kind: "zone"; readonly id: number }
  | { readonly kind: "no-track" }
  /** A target that lets the packet go on: LOG and its like, or none at all. */
  | { readonly kind: "continue"; readonly text: string }
  | { readonly kind: "unknown"; readonly text: string };

/** A rule as the tracer reads it. */
export interface Rule {
  /** The rule in its own language, without the chain. */
  readonly text: string;
  readonly matches: readonly Match[];
  readonly effects: readonly Effect[];
  /** Known where the rule comes from a plan. */
  readonly reason: RuleReason | undefined;
}

/** Where in its way a packet meets a table. */
export type Stage = "raw" | "mangle" | "nat" | "filter";
export type Hook = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

/** A chain; with a hook if the kernel enters it by itself. */
export interface Chain {
  readonly name: string;
  readonly hook: Hook | undefined;
  readonly policy: "ACCEPT" | "DROP";
  readonly rules: readonly Rule[];
}

/** A table with its chains by name. */
export interface Table {
  readonly name: string;
  readonly stage: Stage;
  readonly chains: ReadonlyMap<string, Chain>;
}

/** All rules one family's packets meet. */
export interface RuleSet {
  readonly engine: "iptables" | "nft";
  readonly tables: readonly Table[];
}

/** The rule sets of both families. */
export interface PacketRules {
  readonly ipv4: RuleSet;
  readonly ipv6: RuleSet;
}
