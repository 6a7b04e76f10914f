import { defaultRotationPolicy, type RotationDecision } from "../../../src/certificates/index.js";
import { RealTrust } from "./real-trust.js";
import type { VirtualCluster } from "./virtual-cluster.js";
import type { VirtualReplica } from "./virtual-replica.js";
import { minute, type VirtualTime } from "./virtual-time.js";

/** The name by which the API server calls. */
export const host = "pillion.istio-system.svc";
/** The longest delay with which an API server learns of a bundle, and the most that a clock is off. */
export const worldPropagationMs = minute;
export const worldClockToleranceMs = 5 * minute;

/** What the judge looks at. */
export interface Scene {
  readonly time: VirtualTime;
  readonly cluster: VirtualCluster;
  readonly replicas: readonly VirtualReplica[];
  readonly random: () => number;
}

/** What the judge remembers of a replica. */
interface Sight {
  readonly ready: boolean;
  /** Since when (monotonic) every bundle that it knows refuses what it serves. */
  readonly refusedSince: number | undefined;
  /** What there was when it was judged. */
  readonly changes: number;
  readonly webhooks: number;
  readonly at: number;
}

/**
 * Judges the promise: at every moment, each certificate that a ready replica serves verifies against every bundle that
 * an API server may still hold; when that cannot be, the replica is unready until it is so again.
 *
 * How that is read:
 *
 * - "At every moment" has no exception. It is demanded while clocks are wrong and after stops of any length, too: a replica
 *   whose clock jumped or which was stopped may be ready exactly when it keeps the promise all the same. That it then
 *   asks first (is unready at once) and comes back within 30 seconds is what the tests of the disturbed replica show.
 * - "Ready" is what the replica answers when it is asked now, and "serves" what it serves after that answer.
 * - "Verifies" is judged by Node's X.509: the name, the signature, and the dates of leaf and authority by every clock that is
 *   at most five minutes off the truth. Clocks of API servers are never further off; those of replicas may be.
 * - "Every bundle that an API server may still hold" is, for each entry, the one that stands and each that was replaced
 *   less than 60 seconds ago, and for as long that of an entry that was deleted: no particular API servers are played,
 *   the worst ones are taken.
 * - Bundles that somebody else wrote: with those no certificate of ours can verify, from the moment of the write on, in
 *   which nobody can know of it. Such a write is a step after which the promise has to be restored: within 30 seconds
 *   after a replica saw that no own entry trusts it, an entry trusts it again or it is unready. While one entry
 *   trusts it, it may stay ready: the entries that are sound would fail with it, and the others would not be saved. In
 *   the moment in which a replica BECOMES ready such bundles count like any other, if it has seen them since it read
 *   the entries for the first time, or anew after a stop or a jump: what a watch told before that may be days old.
 */
export class Judge {
  readonly #scene: Scene;
  readonly #trust = new RealTrust(host);
  readonly #sights = new Map<VirtualReplica, Sight>();
  /** How many answers were "ready", and kept the promise. */
  kept = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /**
   * Looks at every replica. @throws Error when one breaks the promise
   *
   * @param always look at those, too, that were looked at a short time ago and to which nothing happened since
   */
  judge(always: boolean): void {
    const { cluster, replicas } = this.#scene;
    // Faults and renewals of a whole simulation come to a few hundred.
    if (cluster.secret.version > 3000) throw new Error("the Secret is written without end");
    for (const [index, replica] of replicas.entries()) {
      if (!replica.process.running) this.#sights.delete(replica);
      else if (always || this.#isNews(replica)) this.#look(replica, index);
    }
  }

  #isNews(replica: VirtualReplica): boolean {
    const { cluster, time } = this.#scene;
    const sight = this.#sights.get(replica);
    return (
      sight === undefined ||
      sight.changes !== replica.process.changes ||
      sight.webhooks !== cluster.webhooks.version ||
      time.now - sight.at >= 10 * minute
    );
  }

  #look(replica: VirtualReplica, index: number): void {
    const { cluster, time } = this.#scene;
    const before = this.#sights.get(replica);
    const decision = this.#answerOf(replica, before?.ready);
    const refusedSince = this.#refuses(replica, decision)
      ? (before?.refusedSince ?? replica.process.monotonic)
      : undefined;
    if (decision.ready) {
      this.#judgeReady(replica, `replica ${index}`, decision, before?.ready === false);
      this.#judgeOverwritten(replica, `replica ${index}`, refusedSince);
      this.kept++;
    }
    this.#sights.set(replica, {
      ready: decision.ready,
      refusedSince,
      changes: replica.process.changes,
      webhooks: cluster.webhooks.version,
      at: time.now,
    });
  }

  // To be asked is a step of the protocol, and must do as little harm as not to be asked. An answer that is another than
  // the last one was surely given: nobody can tell the two apart by what was never said.
  #answerOf(replica: VirtualReplica, before: boolean | undefined): RotationDecision {
    const { random } = this.#scene;
    const unasked = replica.probe();
    return unasked.ready !== before || random() < 0.1 ? replica.ask() : unasked;
  }

  #judgeReady(replica: VirtualReplica, name: string, { serve }: RotationDecision, becomes: boolean): void {
    if (serve === undefined) throw new Error(`${name} is ready without a certificate`);
    const { now } = this.#scene.time;
    for (const { entry, bundle } of this.#scene.cluster.heldBundles()) {
      const counts = bundle.by === "pillion" || (becomes && replica.view.sawBundles.has(bundle.text));
      if (counts && !this.#trust.accepts(serve.certificatePem, bundle.text, this.#clocks())) {
        const state =
          bundle.replacedAt === undefined ? "stands" : `was replaced ${now - bundle.replacedAt} ms ago`;
        throw new Error(
          `${name} ${becomes ? "becomes" : "is"} ready at ${new Date(now).toISOString()} with ` +
            `${serve.info.serialNumber}, which the bundle in ${entry} that ${bundle.by} wrote and that ${state} refuses`,
        );
      }
    }
  }

  #judgeOverwritten(
    { process: { monotonic } }: VirtualReplica,
    name: string,
    since: number | undefined,
  ): void {
    if (since === undefined || monotonic - since <= defaultRotationPolicy.overwriteGraceMs) return;
    throw new Error(`${name} is ready although each bundle refuses it since ${monotonic - since} ms`);
  }

  /** Whether a replica knows entries and every one of their bundles refuses what it serves. */
  #refuses({ view }: VirtualReplica, { serve }: RotationDecision): boolean {
    const entries = (view.webhooks?.configurations ?? []).flatMap((one) => one.entries);
    const pem = serve?.certificatePem;
    if (pem === undefined || entries.length === 0) return false;
    const accepts = (bundle: string) =>
      this.#clocks().some((clock) => this.#trust.accepts(pem, bundle, [clock]));
    return !entries.some(({ caBundle }) => accepts(caBundle));
  }

  #clocks(): readonly number[] {
    const { now } = this.#scene.time;
    return [now - worldClockToleranceMs, now, now + worldClockToleranceMs];
  }

  /** Demands that every replica is ready and that every bundle that stands trusts it, whoever wrote it. */
  demandTrust(): void {
    const { cluster, replicas } = this.#scene;
    for (const [index, replica] of replicas.entries()) {
      const { ready, unready, serve } = replica.probe();
      if (!ready || serve === undefined) {
        throw new Error(`replica ${index} is not ready: ${unready?.code} ${unready?.text}`);
      }
      for (const { entry, bundle } of cluster.heldBundles()) {
        if (bundle.replacedAt !== undefined) continue;
        if (!this.#trust.accepts(serve.certificatePem, bundle.text, this.#clocks())) {
          throw new Error(`what replica ${index} serves is refused by the bundle in ${entry}`);
        }
      }
    }
  }
}
