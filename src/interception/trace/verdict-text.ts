import type { RulePlace, Verdict } from "./trace.js";

const sentences: Readonly<Record<Verdict["kind"], string>> = {
  "captured-outbound": "captured as outbound",
  "captured-inbound": "captured as inbound",
  "captured-dns": "captured as DNS",
  redirected: "redirected by a rule that is not Istio's",
  passed: "passed",
  dropped: "dropped",
};

/** A rule by its place: `nat ISTIO_OUTPUT 3: -o lo … -j RETURN`. */
export function placeText(place: RulePlace): string {
  return `${place.table} ${place.chain} ${place.number}: ${place.rule.text}`;
}

/** What became of a packet, in one line. */
export function verdictText(verdict: Verdict): string {
  const where = {
    pod: `to port ${verdict.port} in the pod`,
    network: `out to ${verdict.address}, port ${verdict.port}`,
    none: "",
  }[verdict.delivered];
  const guess = verdict.uncertain ? " (uncertain: some rules are not understood)" : "";
  return `${[sentences[verdict.kind], where].filter((part) => part !== "").join(", ")}${guess}`;
}
