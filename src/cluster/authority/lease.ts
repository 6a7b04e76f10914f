import { getOwn, isObject, type JsonObject } from "../../json/index.js";
import type { Log } from "../../telemetry/index.js";
import type { ApiClient } from "../api-client.js";
import { ClusterError } from "../cluster-error.js";
import { sleep } from "../sleep.js";

/** How long a Lease lasts, in milliseconds. */
export interface LeaseTiming {
  /** So long after a holder last renewed it another may take it. */
  readonly durationMs: number;
  /** A holder that could not renew it for so long stops to act. It must be well under the duration. */
  readonly deadlineMs: number;
  /** Between attempts to renew or to take it. */
  readonly retryMs: number;
}

/** What client-go's leader election uses, so that it takes over within a quarter of a minute. */
export const defaultLeaseTiming: LeaseTiming = { durationMs: 15_000, deadlineMs: 10_000, retryMs: 2_000 };

/** Which Lease, and who asks for it. */
export interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  /** Different in every process. */
  readonly identity: string;
  readonly timing?: LeaseTiming;
}

/** What a Lease needs of the world. */
export interface LeaseWorld {
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
}

/** A Lease as it stands. */
interface LeaseRecord {
  readonly object: JsonObject;
  readonly spec: JsonObject;
  readonly holder: string;
  readonly resourceVersion: string;
}

/**
 * Asks for a Lease of coordination.k8s.io/v1 and keeps it. Other processes' times are only compared for being different:
 * a Lease has run out when its record did not change for its duration by the own clock, so clocks that are off do no
 * harm. Two processes can believe to hold it for a moment (one that was stopped right after it renewed), so what is
 * written under it needs resource versions besides.
 *
 * Decided in ADR 0406.
 */
export class LeaseHolder {
  readonly #client: ApiClient;
  readonly #options: LeaseOptions;
  readonly #timing: LeaseTiming;
  readonly #world: LeaseWorld;
  readonly #onChange: () => void;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #current: LeaseRecord | undefined;
  /** When the record was last seen to change. */
  #observedAt = 0;
  #renewed: { readonly ticks: number; readonly now: number } | undefined;
  #told = false;
  #failure: string | undefined;

  /** @param onChange told when it was got or lost */
  constructor(client: ApiClient, options: LeaseOptions, world: LeaseWorld, onChange: () => void) {
    this.#client = client;
    this.#options = options;
    this.#timing = options.timing ?? defaultLeaseTiming;
    this.#world = world;
    this.#onChange = onChange;
    this.#running = this.#run();
  }

  /** Whether this process may act as the one that holds it. */
  get held(): boolean {
    if (this.#renewed === undefined) return false;
    // A machine that sleeps stops one of the clocks, and an operator may set the other.
    const { ticks, now } = this.#renewed;
    const passed = Math.max(this.#world.ticks() - ticks, Math.abs(this.#world.now() - now));
    return passed < this.#timing.deadlineMs;
  }

  /** Who holds it as far as is known, and what keeps this process from asking. */
  get state(): string {
    const holder = this.#current?.holder ?? "";
    const known = this.held ? "held by this replica" : `held by ${holder === "" ? "nobody" : holder}`;
    return this.#failure === undefined ? known : `${known}; ${this.#failure}`;
  }

  /** Gives it back, so that another need not wait for its end. */
  async close(): Promise<void> {
    const held = this.held;
    this.#closing.abort();
    await this.#running;
    this.#renewed = undefined;
    const record = this.#current;
    if (!held || record === undefined) return;
    const spec = { ...record.spec, holderIdentity: "", leaseDurationSeconds: 1 };
    await this.#put(record, spec, AbortSignal.timeout(2000)).catch(() => {});
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#attempt(signal);
        this.#failure = undefined;
      } catch (error) {
        if (signal.aborted) return;
        this.#failed(error);
      }
      this.#tell();
      await sleep(this.#timing.retryMs, signal);
      this.#tell();
    }
  }

  async #attempt(whole: AbortSignal): Promise<void> {
    // A request that hangs must not outlive the time in which it means something.
    const signal = AbortSignal.any([whole, AbortSignal.timeout(this.#timing.deadlineMs / 2)]);
    if (this.#current?.holder !== this.#options.identity) await this.#observe(signal);
    const record = this.#current;
    if (record === undefined) return this.#write((spec) => this.#create(spec, signal), {});
    if (record.holder !== this.#options.identity && !this.#hasRunOut(record)) {
      this.#renewed = undefined;
      return;
    }
    await this.#write((spec) => this.#put(record, spec, signal), record.spec);
  }

  async #observe(signal: AbortSignal): Promise<void> {
    const { namespace, name } = this.#options;
    try {
      this.#take(readLease(await this.#client.get(leasePath(namespace, name), {}, signal)));
    } catch (error) {
      if (!(error instanceof ClusterError && error.status === 404)) throw error;
      this.#current = undefined;
    }
  }

  #take(record: LeaseRecord): void {
    if (this.#current?.resourceVersion !== record.resourceVersion) this.#observedAt = this.#world.ticks();
    this.#current = record;
  }

  #hasRunOut({ holder, spec }: LeaseRecord): boolean {
    if (holder === "") return true;
    const seconds = getOwn(spec, "leaseDurationSeconds");
    const durationMs = typeof seconds === "number" ? seconds * 1000 : this.#timing.durationMs;
    return this.#world.ticks() - this.#observedAt >= durationMs;
  }

  /** Writes the record of a holder. What counts is when it was sent: the answer may be late. */
  async #write(send: (spec: JsonObject) => Promise<JsonObject>, before: JsonObject): Promise<void> {
    const renewed = { ticks: this.#world.ticks(), now: this.#world.now() };
    const { identity } = this.#options;
    const time = new Date(renewed.now).toISOString().replace("Z", "000Z");
    const mine = getOwn(before, "holderIdentity") === identity;
    const transitions = getOwn(before, "leaseTransitions");
    const spec = {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#timing.durationMs / 1000),
      acquireTime: (mine ? getOwn(before, "acquireTime") : undefined) ?? time,
      renewTime: time,
      leaseTransitions: (typeof transitions === "number" ? transitions : 0) + (mine ? 0 : 1),
    };
    this.#take(readLease(await send(spec)));
    this.#renewed = renewed;
  }

  #create(spec: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const { namespace, name } = this.#options;
    const body = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace },
      spec,
    };
    return this.#client.write({ method: "POST", path: leasePath(namespace), body }, signal);
  }

  #put({ object }: LeaseRecord, spec: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const { namespace, name } = this.#options;
    const body = { ...object, spec };
    return this.#client.write({ method: "PUT", path: leasePath(namespace, name), body }, signal);
  }

  #failed(error: unknown): void {
    // Somebody else was quicker (409), or it is gone (404): it has to be read anew, and that is no failure.
    const lost = error instanceof ClusterError && (error.status === 409 || error.status === 404);
    if (lost) {
      this.#current = undefined;
      this.#renewed = undefined;
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    if (this.#failure !== message)
      this.#world.log.warn("cannot ask for the Lease, trying again", {
        lease: `${this.#options.namespace}/${this.#options.name}`,
        error: message,
      });
    this.#failure = message;
  }

  #tell(): void {
    if (this.held === this.#told) return;
    this.#told = this.held;
    this.#onChange();
  }
}

function leasePath(namespace: string, name?: string): string {
  const list = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  return name === undefined ? list : `${list}/${encodeURIComponent(name)}`;
}

function readLease(object: JsonObject): LeaseRecord {
  const metadata = getOwn(object, "metadata");
  const spec = getOwn(object, "spec");
  const version = isObject(metadata) ? getOwn(metadata, "resourceVersion") : undefined;
  const holder = isObject(spec) ? getOwn(spec, "holderIdentity") : undefined;
  return {
    object,
    spec: isObject(spec) ? spec : {},
    holder: typeof holder === "string" ? holder : "",
    resourceVersion: typeof version === "string" ? version : "",
  };
}
