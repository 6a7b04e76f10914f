import { fits, writeBundle } from "./bundle.js";
import { type ClockState, initialClock, stepClock, timeOf } from "./clock.js";
import type { Publication, RotationDecision, SecretWrite } from "./decision.js";
import { isServable } from "./leaf-life.js";
import type { RotationObservation, SecretObservation, WebhooksObservation } from "./observation.js";
import { planSecret } from "./plan-secret.js";
import { initialReadiness, isKnown, type ReadinessState, stepReadiness, unready } from "./readiness.js";
import { authoritiesOf, type Leaf, readSecret, type SecretParts } from "./read-secret.js";
import type { RotationOptions } from "./rotation-options.js";
import { wakeTime } from "./wake-time.js";
import { heldSince, trusts, viewWebhooks, type WebhooksView } from "./webhooks-view.js";

/** What one replica remembers between steps. It lives in memory only and holds keys. */
export interface RotationState {
  readonly clock: ClockState;
  readonly secret: SecretView | undefined;
  readonly webhooks: WebhooksView | undefined;
  /** The last Secret without a fault. */
  readonly memory: SecretParts | undefined;
  readonly serving: Leaf | undefined;
  readonly readiness: ReadinessState;
}

/** The Secret as one replica saw it. */
interface SecretView {
  /** Undefined when it does not exist. */
  readonly resourceVersion: string | undefined;
  readonly parts: SecretParts | undefined;
  /** Monotonic time at which this version was first seen. */
  readonly seenAt: number;
}

/** A replica that starts. */
export function initialRotation(): RotationState {
  return {
    clock: initialClock,
    secret: undefined,
    webhooks: undefined,
    memory: undefined,
    serving: undefined,
    readiness: initialReadiness,
  };
}

/**
 * One step of one replica: takes in what is known of the world and decides what to do. Without I/O and in an instant,
 * so it may be called whenever somebody asks whether the replica is ready.
 */
export function stepRotation(
  before: RotationState,
  observation: RotationObservation,
  options: RotationOptions,
): { readonly state: RotationState; readonly decision: RotationDecision } {
  const seen = takeIn(before, observation, options);
  const { monotonic } = observation;
  const time = timeOf(observation, seen.clock);
  const serving = chooseLeaf(seen, time, monotonic, options);
  const situation = { ...seen, serving, parts: seen.secret?.parts, time, monotonic, options };
  const readiness = stepReadiness(seen.readiness, situation);
  const why = unready(readiness, situation);
  const state = { ...seen, serving, readiness };
  const wakeAt = wakeTime(situation, readiness);
  const decision: RotationDecision = {
    time,
    serve: serving?.pair,
    ready: why === undefined,
    unready: why,
    ...work(state, observation, time, options),
    wakeAt,
    mismatched: (state.webhooks?.entries ?? [])
      .filter((entry) => serving === undefined || !trusts(entry, serving, time))
      .map(({ name }) => name),
    secretProblem: problemOf(state.secret),
    authority: state.secret?.parts && authoritiesOf(state.secret.parts)[0]?.info,
  };
  return { state: { ...state, clock: { ...state.clock, wakeAt } }, decision };
}

function takeIn(
  before: RotationState,
  observation: RotationObservation,
  { policy }: RotationOptions,
): RotationState {
  const { secret: readOfSecret, webhooks: readOfWebhooks, monotonic } = observation;
  const clock = stepClock(before.clock, observation, policy);
  // After a stop the entries are looked at as by a process that starts: what happened meanwhile was not seen.
  const started = before.clock.distrust !== undefined && clock.distrust === undefined;
  const earlier = started ? undefined : before.webhooks;
  const secret =
    readOfSecret === undefined ? before.secret : viewSecret(before.secret, readOfSecret, monotonic);
  const sound = secret?.parts !== undefined && secret.parts.problems.length === 0;
  return {
    ...before,
    clock,
    secret,
    webhooks: readOfWebhooks === undefined ? earlier : viewWebhooks(earlier, readOfWebhooks, monotonic),
    memory: sound ? secret.parts : before.memory,
  };
}

function viewSecret(
  previous: SecretView | undefined,
  { found }: SecretObservation,
  monotonic: number,
): SecretView {
  const resourceVersion = found?.resourceVersion;
  if (previous !== undefined && previous.resourceVersion === resourceVersion) return previous;
  return { resourceVersion, parts: found && readSecret(found.data), seenAt: monotonic };
}

// The leaf of the Secret is taken when no entry that trusts the present one would be lost, not even for the time in
// which API servers do not know a bundle yet. The writer has waited for that already; this replica has seen it, too.
function chooseLeaf(
  { serving, secret, webhooks, clock }: RotationState,
  time: number,
  monotonic: number,
  options: RotationOptions,
): Leaf | undefined {
  const offered = secret?.parts?.leaf;
  if (serving === undefined || offered === undefined) return serving ?? offered;
  if (serving.info.fingerprint === offered.info.fingerprint || clock.distrust !== undefined) return serving;
  if (!isServable(offered, options, time)) return serving;
  if (!isServable(serving, options, time)) return offered;
  const { parts } = secret ?? {};
  const loses = webhooks?.entries.some(
    (entry) => trusts(entry, serving, time) && !isKnown(entry, offered, { parts, monotonic, options }),
  );
  return loses === false ? offered : serving;
}

function problemOf(secret: SecretView | undefined): string | undefined {
  if (secret === undefined) return undefined;
  if (secret.parts === undefined) return "the Secret does not exist";
  return secret.parts.problems.length === 0 ? undefined : secret.parts.problems.join("; ");
}

type Work = Pick<RotationDecision, "read" | "write" | "publish">;
const nothing: Work = { read: [], write: undefined, publish: undefined };

function work(
  state: RotationState,
  { leader, secret, webhooks, monotonic }: RotationObservation,
  time: number,
  options: RotationOptions,
): Work {
  if (state.clock.distrust !== undefined || secret === undefined || webhooks === undefined) {
    return { ...nothing, read: ["secret", "webhooks"] };
  }
  if (state.secret === undefined || state.webhooks === undefined) return nothing;
  const plan = planWrite(state, state.secret, webhooks, time, options);
  const write = leader ? plan : undefined;
  // An authority that the bundles hold and the Secret does not is for the writer to take in first.
  const adopts = plan?.plan.changes.includes("authority-adopted") === true;
  const mayPublish = leader || monotonic >= state.webhooks.seenAt + options.policy.standInMs;
  const publish = mayPublish && !adopts ? planPublication(state, webhooks, time, options) : undefined;
  const read = new Set<"secret" | "webhooks">();
  // Entries are written only by one who has read the Secret after he saw them: whoever put an authority into them had
  // put it into the Secret before, so nobody takes away what another has just published. The Secret is made whole only
  // by one who has read the entries after he saw it, for the same reason.
  if (publish !== undefined && secret.currentAt < state.webhooks.seenAt) read.add("secret");
  const entriesMatter = write?.plan.changes.some((change) => change !== "leaf-issued") === true;
  if (entriesMatter && webhooks.currentAt < state.secret.seenAt) read.add("webhooks");
  const wait = read.size > 0;
  if (leader && awaitsConfirmation(state, state.webhooks, webhooks, monotonic, options)) read.add("webhooks");
  return { read: [...read], write: wait ? undefined : write, publish: wait ? undefined : publish };
}

// The wait for the API servers is over when a list that was asked for after its end still shows the authority.
function awaitsConfirmation(
  { secret }: RotationState,
  { entries }: WebhooksView,
  { currentAt }: WebhooksObservation,
  monotonic: number,
  { policy: { propagationMs } }: RotationOptions,
): boolean {
  const next = secret?.parts?.next;
  if (next === undefined || entries.length === 0) return false;
  const since = Math.max(...entries.map((entry) => heldSince(entry, next) ?? Number.POSITIVE_INFINITY));
  return monotonic >= since + propagationMs && currentAt < since + propagationMs;
}

function planWrite(
  state: RotationState,
  { resourceVersion, parts }: SecretView,
  { currentAt }: WebhooksObservation,
  time: number,
  options: RotationOptions,
): SecretWrite | undefined {
  const { memory, serving, webhooks } = state;
  const entries = webhooks?.entries ?? [];
  const plan = planSecret({ parts, memory, serving, entries, confirmedAt: currentAt, time, options });
  return plan && { resourceVersion, plan };
}

// The bundle is what the Secret says, and the authority of what this replica serves in any case: a writer that sees it
// there takes it into the Secret. An authority whose last leaf ends within minutes may be there or not: by the clocks of
// two replicas, or of two API servers, it has ended and not ended at once, and they would write against each other.
function planPublication(
  { secret, webhooks: view, serving }: RotationState,
  { configurations }: WebhooksObservation,
  time: number,
  options: RotationOptions,
): Publication | undefined {
  const parts = secret?.parts;
  if (view === undefined || parts === undefined || parts.problems.length > 0) return undefined;
  const served = serving !== undefined && isServable(serving, options, time) ? [serving.authority] : [];
  const authoritiesAt = (date: number) => [
    ...authoritiesOf({ ...parts, retired: parts.retired.filter(({ until }) => date < until) }),
    ...served,
  ];
  const allowed = authoritiesAt(time);
  const needed = authoritiesAt(time + 2 * options.policy.clockToleranceMs);
  const wrong = new Set(
    view.entries
      .filter(({ bundle }) => !fits(bundle, { needed, allowed }))
      .map(({ name }) => name.configuration),
  );
  if (wrong.size === 0) return undefined;
  return {
    caBundle: writeBundle(allowed),
    configurations: configurations
      .filter(({ name }) => wrong.has(name))
      .map(({ name, resourceVersion, entries }) => ({
        name,
        resourceVersion,
        entries: entries.map((entry) => entry.name),
      })),
  };
}
