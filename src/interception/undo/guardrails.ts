import type { RuleText } from "../plan/planned-rule.js";

/** Rules that let no TCP or UDP through while rules are exchanged, in the order they are inserted. */
export const guardrails: readonly RuleText[] = ["INPUT", "FORWARD", "OUTPUT"].flatMap((chain) =>
  ["tcp", "udp"].map((protocol) => ({
    table: "filter",
    chain,
    position: 1,
    words: ["-p", protocol, "-j", "DROP"],
  })),
);
