import { webcrypto } from "node:crypto";
import {
  type CheckedKeyPair,
  initialRotation,
  makeSecret,
  type Publication,
  type RotationDecision,
  type RotationObservation,
  type RotationOptions,
  type SecretWrite,
  type StoredSecret,
  stepRotation,
} from "../../certificates/index.js";
import type { ApiClient } from "../api-client.js";
import { ClusterError } from "../cluster-error.js";
import { type BundleWriterWorld, CaBundleWriter } from "./ca-bundle-writer.js";
import type { LeaseHolder } from "./lease.js";
import type { ObjectsWatch } from "./objects-watch.js";
import {
  judgeConfiguration,
  type OwnConfiguration,
  type OwnIdentity,
  observedConfigurations,
} from "./own-configurations.js";
import { RetryTimes } from "./retry-times.js";
import { type SecretName, storedSecret, writeSecret } from "./secret-store.js";

/** What a driver works on. */
export interface RotationDriverParts {
  readonly client: ApiClient;
  readonly secret: ObjectsWatch;
  readonly configurations: ObjectsWatch;
  /** @param onChange to be told when the Lease was got or lost */
  readonly lease: (onChange: () => void) => LeaseHolder;
}

/** What it is for. */
export interface RotationDriverOptions {
  readonly secretName: SecretName;
  readonly own: OwnIdentity;
  readonly rotation: RotationOptions;
}

/** What a driver needs of the world. */
export interface RotationDriverWorld extends BundleWriterWorld {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

// A request that hangs must not keep the next decision waiting for as long as the API server may take over a list.
const requestMs = 10_000;
const readRetryMs = 10_000;
const writeRetryMs = 60_000;

/**
 * Runs the protocol of certificate rotation against the API server: feeds it what is read and watched, and carries out
 * what it decides, one thing after the other. Whatever fails is tried again; what is served goes on being served.
 */
export class RotationDriver {
  readonly #parts: RotationDriverParts;
  readonly #options: RotationDriverOptions;
  readonly #world: RotationDriverWorld;
  readonly #lease: LeaseHolder;
  readonly #writer: CaBundleWriter;
  readonly #closing = new AbortController();
  readonly #reading = new RetryTimes(readRetryMs);
  readonly #writing = new RetryTimes(writeRetryMs);
  readonly #running: Promise<void>;
  #state = initialRotation();
  #served: CheckedKeyPair | undefined;
  #onServe: (pair: CheckedKeyPair) => void = () => {};
  #publishAt = Number.NEGATIVE_INFINITY;
  #dirty = false;
  #wasReady = false;
  #wake: () => void = () => {};
  readonly #told = new Map<string, string>();

  constructor(parts: RotationDriverParts, options: RotationDriverOptions, world: RotationDriverWorld) {
    this.#parts = parts;
    this.#options = options;
    this.#world = world;
    this.#writer = new CaBundleWriter(parts.client, world);
    this.#lease = parts.lease(() => this.#changed());
    parts.secret.onChange(() => this.#changed());
    parts.configurations.onChange(() => this.#changed());
    this.#running = this.#run();
  }

  /** The pair to serve; undefined while there is none. */
  get served(): CheckedKeyPair | undefined {
    return this.#served;
  }

  /** What the protocol takes the time to be, milliseconds since 1970: the API server's, which judges our dates. */
  get time(): number {
    return this.#step().time;
  }

  /** Whether API servers trust what is served, as of this moment: a process that was stopped must not say what was. */
  check(): { readonly ok: boolean; readonly detail: string } {
    const { ready, unready, authority } = this.#step();
    const ends =
      authority === undefined ? "" : `, authority until ${new Date(authority.notAfter).toISOString()}`;
    const detail = unready === undefined ? `trusted${ends}` : `${unready.code}: ${unready.text}`;
    return { ok: ready, detail: `${detail}; Lease ${this.#lease.state}` };
  }

  /** Calls back with every pair to serve from now on. */
  onServe(listener: (pair: CheckedKeyPair) => void): void {
    this.#onServe = listener;
  }

  /** Ends, and gives the Lease back. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#dirty = true;
    this.#wake();
    await this.#running;
    await this.#lease.close();
  }

  /** Something was heard: what waits for its time is tried at once, and a decision taken anew. */
  #changed(): void {
    this.#reading.reset();
    this.#writing.reset();
    this.#publishAt = Number.NEGATIVE_INFINITY;
    this.#dirty = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#dirty = false;
      const decision = this.#step();
      const waitUntil = await this.#act(decision, signal);
      if (waitUntil !== undefined && !this.#dirty) await this.#pause(Math.min(waitUntil, decision.wakeAt));
    }
  }

  /** Does what is next. @returns until when there is nothing to do; undefined: something was done, or failed */
  async #act(decision: RotationDecision, signal: AbortSignal): Promise<number | undefined> {
    const now = this.#world.ticks();
    if (decision.read.length > 0) {
      if (this.#reading.dueAt > now) return this.#reading.dueAt;
      return this.#attempt("read", this.#reading, () => this.#read(decision.read, signal));
    }
    const { write, publish } = decision;
    // Neither waits for the other: both are about what was known before.
    const writing =
      write === undefined || this.#writing.dueAt > now
        ? undefined
        : this.#attempt("write", this.#writing, () => this.#write(write, signal));
    const publishing =
      publish === undefined || this.#publishAt > now ? undefined : this.#publish(publish, signal);
    if (writing !== undefined || publishing !== undefined) {
      await Promise.all([writing, publishing]);
      return undefined;
    }
    const dues = [
      ...(write === undefined ? [] : [this.#writing.dueAt]),
      ...(publish === undefined ? [] : [this.#publishAt]),
    ];
    return Math.min(decision.wakeAt, ...dues);
  }

  async #attempt(what: "read" | "write", retry: RetryTimes, action: () => Promise<void>): Promise<undefined> {
    try {
      await action();
      retry.reset();
      this.#told.delete(what);
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      retry.failed(this.#world.ticks());
      this.#tellFailure(what, error);
    }
    return undefined;
  }

  async #read(what: readonly ("secret" | "webhooks")[], signal: AbortSignal): Promise<void> {
    const { secret, configurations } = this.#parts;
    for (const one of what) await (one === "secret" ? secret : configurations).refresh(limited(signal));
  }

  async #write({ plan }: SecretWrite, signal: AbortSignal): Promise<void> {
    const { client, secret } = this.#parts;
    // Nothing was awaited since the decision, so this is what it is about; an empty one counts as none there.
    const [before] = secret.objects;
    const data = await makeSecret(plan, webcrypto as webcrypto.Crypto);
    const sentAt = this.#world.ticks();
    const { secretName } = this.#options;
    try {
      secret.put(await writeSecret(client, secretName, data, before, limited(signal)), sentAt);
      this.#world.log.info("certificates written", {
        secret: `${secretName.namespace}/${secretName.name}`,
        changes: plan.changes.join(","),
      });
    } catch (error) {
      // Somebody else was quicker, or it is gone: what there is now decides.
      if (!(error instanceof ClusterError && (error.status === 409 || error.status === 404))) throw error;
      await secret.refresh(limited(signal));
    }
  }

  async #publish(publication: Publication, signal: AbortSignal): Promise<void> {
    const { configurations } = this.#parts;
    const written = await this.#writer.write(publication, this.#configurations(), signal);
    for (const object of written.objects) configurations.put(object);
    // Each has its own time at which it is tried again; the others do not wait for it.
    this.#publishAt = written.dueAt ?? Number.NEGATIVE_INFINITY;
    if (written.stale) await this.#attempt("read", this.#reading, () => this.#read(["webhooks"], signal));
  }

  #configurations(): readonly OwnConfiguration[] {
    return this.#parts.configurations.objects.map((object) => judgeConfiguration(object, this.#options.own));
  }

  /** An empty Secret, such as Helm makes, is none yet. */
  #secret(): StoredSecret | undefined {
    const [found] = this.#parts.secret.objects;
    const stored = found === undefined ? undefined : storedSecret(found);
    return stored === undefined || Object.keys(stored.data).length === 0 ? undefined : stored;
  }

  #observe(): RotationObservation {
    const { client, secret, configurations } = this.#parts;
    return {
      wall: this.#world.now(),
      monotonic: this.#world.ticks(),
      serverTime: client.serverTime,
      leader: this.#lease.held,
      secret:
        secret.currentAt === undefined ? undefined : { currentAt: secret.currentAt, found: this.#secret() },
      webhooks:
        configurations.currentAt === undefined
          ? undefined
          : {
              currentAt: configurations.currentAt,
              configurations: observedConfigurations(this.#configurations()),
            },
    };
  }

  #step(): RotationDecision {
    const observation = this.#observe();
    const { state, decision } = stepRotation(this.#state, observation, this.#options.rotation);
    this.#state = state;
    if (observation.leader) this.#writer.pass(this.#configurations());
    this.#report(decision, observation.leader);
    if (decision.serve !== undefined && decision.serve !== this.#served) {
      this.#served = decision.serve;
      this.#onServe(decision.serve);
    }
    return decision;
  }

  #report({ authority, ready, unready, secretProblem }: RotationDecision, leader: boolean): void {
    const { log, metrics } = this.#world;
    metrics.set(
      "pillion_ca_expiry_timestamp_seconds",
      authority === undefined ? 0 : authority.notAfter / 1000,
    );
    metrics.set("pillion_certificate_leader", leader ? 1 : 0);
    const { namespace, name } = this.#options.secretName;
    const secret = `${namespace}/${name}`;
    this.#tell("leader", String(leader), () => {
      if (leader) log.info("this replica writes the certificates now", { secret });
    });
    this.#tell("ready", unready?.code ?? "", () => {
      const why = { reason: unready?.code, why: unready?.text };
      if (ready) log.info("API servers trust the certificate");
      // At the start nobody expects anything else.
      else if (!this.#wasReady) log.info("not ready yet", why);
      else log.warn("not ready: API servers may not trust the certificate", why);
    });
    this.#wasReady ||= ready;
    // Before the first one there is nothing to repair.
    const expected = !this.#wasReady && this.#secret() === undefined;
    this.#tell("secret", expected ? "" : (secretProblem ?? ""), () => {
      if (secretProblem !== undefined && !expected)
        log.warn("the Secret is broken and will be repaired", { secret, why: secretProblem });
    });
  }

  #tellFailure(what: "read" | "write", error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#tell(what, message, () => {
      const { namespace, name } = this.#options.secretName;
      const refused = error instanceof ClusterError && error.status === 403;
      this.#world.log.error(
        what === "read"
          ? "cannot read the certificates' objects, trying again"
          : "cannot write the certificates, trying again",
        {
          secret: `${namespace}/${name}`,
          error: message,
          ...(refused ? { remedy: "grant the rights of the chart's Role and ClusterRole" } : {}),
        },
      );
    });
  }

  /** Says each thing once until it changes. */
  #tell(subject: string, text: string, say: () => void): void {
    if (this.#told.get(subject) === text) return;
    this.#told.set(subject, text);
    say();
  }

  #pause(until: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, until - this.#world.ticks()));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
}
