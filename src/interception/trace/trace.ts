import type { Hook, Rule, Stage } from "../rule/rule.js";

/** What came of one rule. */
export interface RuleVisit {
  readonly rule: Rule;
  /** Position in the chain, counted from 1. */
  readonly number: number;
  readonly matched: boolean;
  /** Why it did not match. */
  readonly because: string | undefined;
  /** What it did to the packet, in words. */
  readonly did: string | undefined;
  /** The chain it led into. */
  readonly entered: ChainVisit | undefined;
  /** Whether the packet's way past this rule is a guess, because part of the rule is not understood. */
  readonly uncertain: boolean;
}

/** How a packet left a chain. */
export type ChainEnd = "accept" | "drop" | "return" | "end" | "captured" | "policy";

/** A packet's way through one chain. Rules behind the deciding one are not listed. */
export interface ChainVisit {
  readonly table: string;
  readonly chain: string;
  readonly visits: readonly RuleVisit[];
  readonly end: ChainEnd;
  /** Rules the packet did not get to. */
  readonly unseen: number;
}

/** One table asked at one hook. */
export interface TableVisit {
  readonly table: string;
  readonly stage: Stage;
  /** Undefined where the table was not asked. */
  readonly chain: ChainVisit | undefined;
  /** Why it was not asked, or what it did besides rules. */
  readonly note: string | undefined;
}

/** One step of a packet's way. */
export type TraceStep =
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "hook";
      readonly hook: Hook;
      readonly interface: string | undefined;
      readonly tables: readonly TableVisit[];
    };

/** What became of the packet. */
export type VerdictKind =
  | "captured-outbound"
  | "captured-inbound"
  | "captured-dns"
  | "redirected"
  | "passed"
  | "dropped";

/** Names a rule in its rule set. */
export interface RulePlace {
  readonly table: string;
  readonly chain: string;
  readonly number: number;
  readonly rule: Rule;
}

/** Where a packet ends, and the rule that decided it. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** `pod`: delivered to a socket of the pod. `network`: it left. `none`: dropped. */
  readonly delivered: "pod" | "network" | "none";
  /** Address and port it is delivered to. */
  readonly address: string;
  readonly port: number;
  /** Undefined where no rule said anything. */
  readonly decidedBy: RulePlace | undefined;
  /** Source address on the wire. */
  readonly source: string;
  /** Conntrack zone, where a rule chose one. */
  readonly zone: number | undefined;
  /** Whether rules that are not understood could change it. */
  readonly uncertain: boolean;
}

/** A packet's whole way. */
export interface Trace {
  readonly steps: readonly TraceStep[];
  readonly verdict: Verdict;
}
