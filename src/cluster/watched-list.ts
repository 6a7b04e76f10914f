import { deepEqual, getOwn, isObject, type JsonObject } from "../json/index.js";
import type { Log, Metrics } from "../telemetry/index.js";
import type { ApiClient } from "./api-client.js";
import { BackOff } from "./back-off.js";
import { ClusterError } from "./cluster-error.js";
import { listPages } from "./list-pages.js";
import type { Resource } from "./resource.js";
import { sleep } from "./sleep.js";
import { watchEvent } from "./watch-event.js";

/** How patient a watch is, in milliseconds. */
export interface WatchTiming {
  /** Without a byte for so long the watch counts as dead. The API server sends a bookmark about every minute. */
  readonly silenceMs: number;
  /** After so long everything is listed anew, in case an event was lost on the way. */
  readonly relistMs: number;
  readonly firstRetryMs: number;
  readonly retryLimitMs: number;
}

/** What is sensible where nothing else is asked. */
export const defaultTiming: WatchTiming = {
  silenceMs: 150_000,
  relistMs: 1_800_000,
  firstRetryMs: 500,
  retryLimitMs: 30_000,
};

/** What a watch needs of the world. */
export interface WatchWorld {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** How a watch is doing. */
export type WatchState =
  | { readonly kind: "starting" }
  | { readonly kind: "listed" }
  /** The API server says that there is no such kind (404), or that it may not be read (403). */
  | { readonly kind: "denied"; readonly error: ClusterError }
  | { readonly kind: "failing"; readonly error: unknown };

/** Told whenever the objects or the state may have changed. */
export type OnWatchChange = () => void;

/**
 * Keeps the objects of one kind: lists, then watches from there. It resumes a watch that ended, lists anew when its
 * place is forgotten (410), and never gives up. It ends when it is closed.
 *
 * Decided in ADR 0300.
 */
export class WatchedList {
  readonly resource: Resource;
  readonly #client: ApiClient;
  readonly #world: WatchWorld;
  readonly #timing: WatchTiming;
  readonly #backOff: BackOff;
  readonly #closing = new AbortController();
  readonly #onChange: OnWatchChange;
  #objects = new Map<string, JsonObject>();
  #sorted: readonly JsonObject[] | undefined;
  #state: WatchState = { kind: "starting" };
  #resourceVersion: string | undefined;
  #relistAt = 0;
  #told = "";

  constructor(
    resource: Resource,
    client: ApiClient,
    world: WatchWorld,
    onChange: OnWatchChange,
    timing: WatchTiming = defaultTiming,
  ) {
    this.resource = resource;
    this.#client = client;
    this.#world = world;
    this.#timing = timing;
    this.#onChange = onChange;
    const { firstRetryMs, retryLimitMs } = timing;
    this.#backOff = new BackOff({ firstMs: firstRetryMs, limitMs: retryLimitMs, random: world.random });
    void this.#run();
  }

  get state(): WatchState {
    return this.#state;
  }

  /** Up to which version everything was heard; undefined before the first list. */
  get resourceVersion(): string | undefined {
    return this.#resourceVersion;
  }

  /** The objects, reduced, in the order of their names. One that has not changed stays the same object, also when all are listed anew. */
  get objects(): readonly JsonObject[] {
    this.#sorted ??= [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return this.#sorted;
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#round(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#failed(error);
        await sleep(this.#backOff.next(), signal);
      }
    }
  }

  /** One list where it is needed, and one watch to its end. */
  async #round(signal: AbortSignal): Promise<void> {
    if (this.#resourceVersion === undefined || this.#world.now() >= this.#relistAt) await this.#list(signal);
    const begun = this.#world.now();
    await this.#watch(signal);
    // A server that ends each watch at once must not be asked in a tight loop.
    if (this.#world.now() - begun < this.#timing.retryLimitMs) await sleep(this.#backOff.next(), signal);
    else this.#backOff.reset();
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { path } = this.resource;
    const listed = await listPages(this.#client, path, this.#selector(), signal);
    this.#objects = new Map(listed.items.map((item) => [keyOf(item), this.#asBefore(this.#reduce(item))]));
    this.#sorted = undefined;
    this.#resourceVersion = listed.resourceVersion;
    // Replicas that started together do not relist together.
    this.#relistAt = this.#world.now() + this.#timing.relistMs * (1 - this.#world.random() / 5);
    this.#state = { kind: "listed" };
    this.#heard();
    this.#onChange();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const left = Math.max(1, Math.ceil((this.#relistAt - this.#world.now()) / 1000));
    const query = {
      ...this.#selector(),
      watch: "1",
      allowWatchBookmarks: "true",
      resourceVersion: this.#resourceVersion ?? "",
      // The API server ends the watch then, which costs one resumption and shows that the way is still open.
      timeoutSeconds: String(Math.min(left, 240 + Math.floor(this.#world.random() * 60))),
    };
    const { path } = this.resource;
    await this.#client.stream(path, query, {
      signal,
      silenceMs: this.#timing.silenceMs,
      onOpen: () => this.#heard(),
      onObject: (line) => this.#take(watchEvent(line, path)),
    });
  }

  #take(event: ReturnType<typeof watchEvent>): void {
    this.#heard();
    if (event.resourceVersion !== "") this.#resourceVersion = event.resourceVersion;
    if (event.kind === "bookmark") return;
    const key = keyOf(event.object);
    if (event.kind === "delete") this.#objects.delete(key);
    else {
      const after = this.#reduce(event.object);
      // Thousands of Nodes send their heartbeats all day.
      if (this.#asBefore(after) !== after) return;
      this.#objects.set(key, after);
    }
    this.#sorted = undefined;
    this.#onChange();
  }

  #heard(): void {
    const isBack = this.#state.kind === "failing";
    if (isBack) this.#state = { kind: "listed" };
    if (this.#told !== "") this.#world.log.info("watch is back", { resource: this.resource.title });
    this.#told = "";
    this.#world.metrics.set("pillion_watch_last_contact_timestamp_seconds", this.#world.now() / 1000, {
      resource: this.resource.name,
    });
    if (isBack) this.#onChange();
  }

  #failed(error: unknown): void {
    const { log, metrics } = this.#world;
    const code = error instanceof ClusterError ? error.code : "unreachable";
    // A kind that the cluster does not have is no failure that anybody should be woken for.
    const absent = error instanceof ClusterError && error.status === 404;
    if (!absent)
      metrics.increment("pillion_watch_failures_total", { resource: this.resource.name, reason: code });
    if (code === "expired" || code === "malformed") this.#resourceVersion = undefined;
    const denied = error instanceof ClusterError && (error.status === 403 || error.status === 404);
    if (denied && error instanceof ClusterError) {
      // What was known stays: an API server that starts says 403 until it has read its rules, and one whose kind is
      // removed first tells of each object that goes.
      this.#resourceVersion = undefined;
      this.#state = { kind: "denied", error };
    } else this.#state = { kind: "failing", error };
    this.#tell(log, code, error);
    this.#onChange();
  }

  /** Says each thing once until it changes: an API server that is away for an hour is one line, not a thousand. */
  #tell(log: Log, code: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.#told === message) return;
    this.#told = message;
    const fields = { resource: this.resource.title, reason: code, error: message };
    if (code === "expired") log.info("watch lost its place, listing anew", fields);
    else log.warn("watch failed, trying again", fields);
  }

  #selector(): Record<string, string> {
    const { fieldSelector } = this.resource;
    return fieldSelector === undefined ? {} : { fieldSelector };
  }

  /** The object as it is known, where it is equal. */
  #asBefore(object: JsonObject): JsonObject {
    const before = this.#objects.get(keyOf(object));
    return before !== undefined && deepEqual(before, object) ? before : object;
  }

  /** Items of a list do not say what they are. */
  #reduce(object: JsonObject): JsonObject {
    const { apiVersion, kind, reduce } = this.resource;
    return { ...reduce(object), apiVersion, kind };
  }
}

function keyOf(object: JsonObject): string {
  const metadata = getOwn(object, "metadata");
  if (!isObject(metadata)) return "";
  return `${String(getOwn(metadata, "namespace") ?? "")}/${String(getOwn(metadata, "name") ?? "")}`;
}
