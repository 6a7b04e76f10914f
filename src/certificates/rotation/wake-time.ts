import { renewalTime } from "../renewal-time.js";
import { reliable } from "./leaf-life.js";
import type { ReadinessState, Situation } from "./readiness.js";
import { heldSince } from "./webhooks-view.js";

/** When something changes by the passing of time alone, on the monotonic clock; at the latest after `recheckMs`. */
export function wakeTime(situation: Situation, readiness: ReadinessState): number {
  const { monotonic, time, options } = situation;
  const { overwriteGraceMs, patienceMs, standInMs, recheckMs } = options.policy;
  const times = [
    ...dates(situation).map((date) => monotonic + date - time),
    ...publications(situation),
    // While an entry trusts, there is nothing to wait for.
    readiness.trustedAt < monotonic ? readiness.trustedAt + overwriteGraceMs : monotonic + recheckMs,
    (situation.webhooks?.seenAt ?? Number.NEGATIVE_INFINITY) + standInMs,
    (readiness.startedAt ?? Number.NEGATIVE_INFINITY) + patienceMs,
  ];
  // A millisecond later it is surely past: some conditions hold up to and with their time, and clocks have fractions.
  return Math.min(monotonic + recheckMs, ...times.filter((one) => one >= monotonic).map((one) => one + 1));
}

function dates({ parts, serving, options: { policy } }: Situation): number[] {
  const leaves = [serving, parts?.leaf].filter((leaf) => leaf !== undefined);
  const renewed = [...leaves, parts?.signing].filter((one) => one !== undefined);
  return [
    ...renewed.map(({ info }) => renewalTime(info)),
    ...leaves.flatMap((leaf) => [reliable(leaf, policy).from, reliable(leaf, policy).to]),
    ...(parts?.retired ?? []).map(({ until }) => until),
  ];
}

// The end of each wait for the API servers, and the end of patience with entries that cannot be written.
function publications({ parts, serving, webhooks, options: { policy } }: Situation): number[] {
  const authorities = [parts?.next, parts?.leaf?.authority, serving?.authority].filter(
    (one) => one !== undefined,
  );
  const since = authorities.flatMap((authority) =>
    (webhooks?.entries ?? []).flatMap((entry) => heldSince(entry, authority) ?? []),
  );
  return since.flatMap((start) => [start + policy.propagationMs, start + policy.patienceMs]);
}
