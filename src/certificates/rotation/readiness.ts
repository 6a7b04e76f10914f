import { coversName } from "../check-key-pair.js";
import type { ClockState } from "./clock.js";
import type { Unready } from "./decision.js";
import { isServable, reliable } from "./leaf-life.js";
import type { Leaf, SecretParts } from "./read-secret.js";
import type { RotationOptions } from "./rotation-options.js";
import { type EntryView, heldSince, trusts, type WebhooksView } from "./webhooks-view.js";

/** What a replica remembers of its readiness. All times are monotonic. */
export interface ReadinessState {
  /** Whether the certificate was once known to be trusted everywhere, and was trusted somewhere ever since. */
  readonly established: boolean;
  /** When an entry was last seen to trust what is served. */
  readonly trustedAt: number;
  /** Since when the entries are watched without being established. */
  readonly startedAt: number | undefined;
}

export const initialReadiness: ReadinessState = {
  established: false,
  trustedAt: Number.NEGATIVE_INFINITY,
  startedAt: undefined,
};

/** What readiness depends on. */
export interface Situation {
  readonly serving: Leaf | undefined;
  readonly parts: SecretParts | undefined;
  readonly webhooks: WebhooksView | undefined;
  readonly clock: ClockState;
  readonly time: number;
  readonly monotonic: number;
  readonly options: RotationOptions;
}

/**
 * Judges the trust of the entries. To become established, every entry must trust the leaf for as long as an API server
 * needs to know it; what an entry trusts when it is first seen has been there, since a leaf comes into the Secret only
 * then. After that one entry is enough: a bundle that somebody else wrote, or the entry of a new configuration, is for
 * the writer to repair, and an unready fleet would take the healthy entries down with it.
 */
export function stepReadiness(state: ReadinessState, situation: Situation): ReadinessState {
  const { serving, webhooks, clock, monotonic, options } = situation;
  if (clock.distrust !== undefined) return initialReadiness;
  if (serving === undefined || webhooks === undefined) return state;
  const { policy } = options;
  const trusting = webhooks.entries.filter((entry) => trusts(entry, serving, situation.time));
  const trustedAt = trusting.length > 0 || webhooks.entries.length === 0 ? monotonic : state.trustedAt;
  if (state.established && monotonic - trustedAt <= policy.overwriteGraceMs) return { ...state, trustedAt };
  const startedAt = state.established ? monotonic : (state.startedAt ?? monotonic);
  const known = trusting.filter((entry) => isKnown(entry, serving, situation));
  // Patience ends with entries that cannot be made to trust. One that does is known soon, and worth the wait.
  const impatient = monotonic - startedAt >= policy.patienceMs && known.length === trusting.length;
  const established = known.length === webhooks.entries.length || (known.length > 0 && impatient);
  return { established, trustedAt, startedAt: established ? undefined : startedAt };
}

/** Tells whether every API server knows that an entry trusts a leaf. */
export function isKnown(
  entry: EntryView,
  { authority }: Leaf,
  { parts, monotonic, options }: Pick<Situation, "parts" | "monotonic" | "options">,
): boolean {
  const since = heldSince(entry, authority);
  if (since === undefined) return false;
  const publishing = parts?.next?.info.fingerprint === authority.info.fingerprint;
  return (since === entry.firstSeen && !publishing) || monotonic - since >= options.policy.propagationMs;
}

/** Why a replica is not ready; undefined when it is. */
export function unready(state: ReadinessState, situation: Situation): Unready | undefined {
  const { serving, parts, webhooks, clock, time, options } = situation;
  if (webhooks === undefined) {
    return { code: "not-read", text: "the MutatingWebhookConfigurations were not read yet" };
  }
  if (serving === undefined) {
    return parts === undefined
      ? { code: "not-read", text: "the Secret of the authority was not read yet, or does not exist yet" }
      : {
          code: "no-certificate",
          text: "the authority is being published; the certificate comes after that",
        };
  }
  if (clock.distrust?.code === "clock-jumped") {
    return { code: "clock-jumped", text: "the clock jumped or the machine slept; everything is read again" };
  }
  if (clock.distrust?.code === "stopped") {
    return { code: "stopped", text: "the process was stopped for a while; everything is read again" };
  }
  if (!isServable(serving, options, time)) {
    return { code: "certificate-unusable", text: whyUnusable(serving, options, time) };
  }
  return state.established ? undefined : whyNotEstablished(state, serving, webhooks, time);
}

function whyUnusable(
  { certificate, info, authority }: Leaf,
  { names, policy }: RotationOptions,
  time: number,
) {
  const [first = ""] = names;
  if (!coversName(certificate, first)) return `the certificate is not for ${first}`;
  const to = Math.min(reliable({ info }, policy).to, reliable(authority, policy).to);
  return time > to
    ? `the certificate or its authority has ended or ends within minutes: ${new Date(to).toISOString()}`
    : "the certificate or its authority has not begun for every clock";
}

function whyNotEstablished(
  { trustedAt }: ReadinessState,
  serving: Leaf,
  { entries }: WebhooksView,
  time: number,
): Unready {
  const missing = entries
    .filter((entry) => !trusts(entry, serving, time))
    .map(({ name }) => `${name.entry} of ${name.configuration}`);
  if (missing.length === 0) {
    const text = "the authority was published just now, and not every API server may know it yet";
    return { code: "not-published", text };
  }
  const code = trustedAt === Number.NEGATIVE_INFINITY ? "not-published" : "overwritten";
  return { code, text: `the caBundle does not verify the certificate in ${missing.join(", ")}` };
}
