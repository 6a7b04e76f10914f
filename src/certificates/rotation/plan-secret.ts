import { renewalTime } from "../renewal-time.js";
import { type Authority, isOwn, type SigningAuthority } from "./authority.js";
import { endOfLeaves, isDue, isReliable, isServable, lifeOfLeaf } from "./leaf-life.js";
import { authoritiesOf, type Leaf, noParts, type Retired, type SecretParts } from "./read-secret.js";
import type { RotationOptions } from "./rotation-options.js";
import type { RotationPolicy } from "./rotation-policy.js";
import type { SecretChange, SecretPlan } from "./secret-plan.js";
import { type EntryView, heldSince, holds } from "./webhooks-view.js";

/** What a writer knows when it plans the Secret. */
export interface Known {
  /** The Secret as read; undefined when it does not exist. */
  readonly parts: SecretParts | undefined;
  /** The last Secret without a fault that this process saw. */
  readonly memory: SecretParts | undefined;
  readonly serving: Leaf | undefined;
  readonly entries: readonly EntryView[];
  /** Monotonic time up to which the entries are known to have been so. */
  readonly confirmedAt: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly options: RotationOptions;
}

/** A Secret on its way. Each stage takes one and gives the next. */
interface Draft {
  readonly signing: SigningAuthority | undefined;
  readonly next: SigningAuthority | undefined;
  readonly leaf: Leaf | undefined;
  readonly retired: readonly Retired[];
  /** Authorities that were being published, or that the entries refute: whether they were known is not known. */
  readonly unproven: readonly Authority[];
  readonly changes: readonly SecretChange[];
}

/**
 * Plans what the Secret shall hold; undefined when it is right as it is. The stages stand in their order: first what is
 * there is made whole, then the authorities move on, then the leaf follows them.
 *
 * Two rules hold the protocol together. The authority that signs was in every own entry for as long as an API server
 * needs to know it, so a leaf of it can be served at once. And an authority is in the bundle until the last leaf it
 * may have signed has ended.
 *
 * Decided in ADR 0400.
 */
export function planSecret(known: Known): SecretPlan | undefined {
  const stages = [setAside, adopt, demote, promote, chooseLeaf, dropRetired];
  const draft = stages.reduce((before, stage) => stage(before, known), start(known));
  const issue = isLeafDue(draft, known);
  const make = isAuthorityDue(draft, known);
  const changes: readonly SecretChange[] = [
    ...draft.changes,
    ...(issue ? (["leaf-issued"] as const) : []),
    ...(make ? (["authority-made"] as const) : []),
  ];
  if (changes.length === 0) return undefined;
  return {
    time: known.time,
    changes,
    signing: draft.signing?.pair,
    next: make ? "make" : draft.next?.pair,
    leaf: issue ? "issue" : draft.leaf?.pair,
    retired: draft.retired,
    options: known.options,
  };
}

// What the Secret lacks is taken from memory. Memory may be older than the Secret that was lost, so an authority of it
// signs only while every entry holds it; otherwise it is published as a new one is.
function start({ parts, memory = noParts, entries, serving }: Known): Draft {
  const unproven = [parts?.next, memory.next].filter((one) => one !== undefined);
  if (parts !== undefined && parts.problems.length === 0) return { ...parts, unproven, changes: [] };
  const found = parts ?? noParts;
  const published = memory.signing !== undefined && entries.every((entry) => holds(entry, memory.signing));
  return {
    signing: found.signing ?? (published ? memory.signing : undefined),
    next: found.next ?? memory.next ?? (published ? undefined : memory.signing),
    leaf: found.leaf ?? memory.leaf ?? serving,
    retired: [...found.retired, ...memory.retired],
    unproven,
    changes: ["restored"],
  };
}

// An authority that has ended, or that a wrong clock dated, signs nothing; one that could not be published for the
// better part of its life is not worth publishing.
function setAside(draft: Draft, { time, options: { policy } }: Known): Draft {
  const spent = [draft.signing, draft.next].filter(
    (one) =>
      one !== undefined &&
      (!isReliable(one, policy, time) || (one === draft.next && time >= renewalTime(one.info))),
  );
  if (spent.length === 0) return draft;
  return {
    ...draft,
    signing: spent.includes(draft.signing) ? undefined : draft.signing,
    next: spent.includes(draft.next) ? undefined : draft.next,
    retired: [...draft.retired, ...retire(spent, policy, time)],
    changes: [...draft.changes, "authority-set-aside"],
  };
}

// An authority that is in a bundle or behind a leaf, and that the Secret does not know: the Secret was lost, or an old
// one was restored. Somebody may serve a leaf of it, so it stays trusted until such a leaf has surely ended. Before the
// first Secret every authority counts, whoever made it: replicas of an installation that had its certificates from
// elsewhere go on serving; after that only our own, since any other was put there by mistake.
function adopt(draft: Draft, known: Known): Draft {
  const { entries, serving, parts, memory, time, options } = known;
  const first = parts === undefined && memory === undefined;
  const listed = new Set(authoritiesOf(draft).map(({ info }) => info.fingerprint));
  const seen = [
    ...[serving, draft.leaf].flatMap((leaf) => (leaf === undefined ? [] : [leaf.authority])),
    ...(parts?.keyless ?? []),
    ...entries
      .flatMap(({ bundle }) => bundle.authorities)
      .filter((one) => first || isOwn(one, options.authorityName)),
  ];
  const strangers = new Map(seen.map((one) => [one.info.fingerprint, one]));
  const adopted = [...strangers.values()].filter(
    ({ info }) => !listed.has(info.fingerprint) && time <= info.notAfter,
  );
  if (adopted.length === 0) return draft;
  return {
    ...draft,
    retired: [...draft.retired, ...retire(adopted, options.policy, time)],
    changes: [...draft.changes, "authority-adopted"],
  };
}

// The Secret says that its authority is published, and an entry holds another one of ours instead: an old Secret was
// restored, or an old bundle. What signs has to be published before it signs.
function demote(draft: Draft, { entries, time, options }: Known): Draft {
  const { signing, next } = draft;
  if (signing === undefined) return draft;
  const refuted = entries.some(
    (entry) =>
      !holds(entry, signing) && entry.bundle.authorities.some((one) => isOwn(one, options.authorityName)),
  );
  if (!refuted) return draft;
  return {
    ...draft,
    signing: undefined,
    next: next ?? signing,
    retired:
      next === undefined ? draft.retired : [...draft.retired, ...retire([signing], options.policy, time)],
    unproven: [...draft.unproven, signing],
    changes: [...draft.changes, "authority-set-aside"],
  };
}

function promote(draft: Draft, known: Known): Draft {
  const { signing, next, retired, changes } = draft;
  if (next === undefined || !isPublished(next, draft, known)) return draft;
  const { time, options } = known;
  return {
    ...draft,
    signing: next,
    next: undefined,
    retired: signing === undefined ? retired : [...retired, ...retire([signing], options.policy, time)],
    changes: [...changes, "authority-in-use"],
  };
}

// An entry that cannot be written for months, or while there is no leaf at all, must not keep the others from going on.
function isPublished(next: Authority, draft: Draft, known: Known): boolean {
  const { entries, confirmedAt, options } = known;
  const { propagationMs, patienceMs } = options.policy;
  const heldFor = entries.map((entry) => confirmedAt - (heldSince(entry, next) ?? Number.POSITIVE_INFINITY));
  if (heldFor.every((duration) => duration >= propagationMs)) return true;
  return (
    isUrgent(draft, known) && heldFor.some((duration) => duration >= Math.max(propagationMs, patienceMs))
  );
}

function isUrgent({ signing, leaf }: Draft, { time, options }: Known): boolean {
  if (signing !== undefined) return time + lifeOfLeaf(options.policy) > signing.info.notAfter;
  return leaf === undefined || !isServable(leaf, options, time) || time >= renewalTime(leaf.info);
}

// It leaves the bundle when its last leaf has ended, and the Secret when no entry holds it any more: an authority of
// ours in an entry that the Secret does not know would be adopted.
function dropRetired(draft: Draft, { entries, time }: Known): Draft {
  const retired = eachOnce(draft);
  const kept = retired.filter(
    ({ authority, until }) =>
      time <= authority.info.notAfter && (time < until || entries.some((entry) => holds(entry, authority))),
  );
  const dropped = kept.length < retired.length;
  return {
    ...draft,
    retired: kept,
    changes: dropped ? [...draft.changes, "authority-dropped"] : draft.changes,
  };
}

// An authority may be known from several sources; the longest time counts, and none while it signs or will sign.
function eachOnce({ signing, next, retired }: Draft): readonly Retired[] {
  const longest = new Map<string, Retired>();
  for (const one of [...retired].sort((a, b) => a.until - b.until)) {
    longest.set(one.authority.info.fingerprint, one);
  }
  for (const current of [signing, next]) {
    if (current !== undefined) longest.delete(current.info.fingerprint);
  }
  return [...longest.values()];
}

// While no authority signs, what is served already is the best leaf. One whose authority was never known to be published
// and will not be is none.
function chooseLeaf(draft: Draft, { serving, time, options }: Known): Draft {
  const current = [draft.signing, draft.next].map((one) => one?.info.fingerprint);
  const unproven = draft.unproven.map(({ info }) => info.fingerprint);
  const candidates = [draft.leaf, draft.signing === undefined ? serving : undefined].filter((leaf) => {
    const fingerprint = leaf?.authority.info.fingerprint;
    return fingerprint !== undefined && (current.includes(fingerprint) || !unproven.includes(fingerprint));
  });
  const leaf = candidates.find((one) => one !== undefined && isServable(one, options, time)) ?? candidates[0];
  if (leaf?.info.fingerprint === draft.leaf?.info.fingerprint) return draft;
  return { ...draft, leaf, changes: [...draft.changes, "leaf-chosen"] };
}

// While no authority signs, a leaf of the one that is being published is better than none: a server cannot listen
// without a certificate. Nobody takes it in place of one that still holds.
function isLeafDue({ signing, leaf }: Draft, { time, options }: Known): boolean {
  if (leaf === undefined) return true;
  return signing === undefined ? !isServable(leaf, options, time) : isDue(leaf, signing, options, time);
}

function isAuthorityDue({ signing, next }: Draft, { time }: Known): boolean {
  return next === undefined && (signing === undefined || time >= renewalTime(signing.info));
}

function retire(
  authorities: readonly (Authority | undefined)[],
  policy: RotationPolicy,
  time: number,
): Retired[] {
  const until = endOfLeaves(policy, time);
  return authorities.flatMap((authority) => (authority === undefined ? [] : [{ authority, until }]));
}
