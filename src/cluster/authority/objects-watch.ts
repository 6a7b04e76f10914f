import type { JsonObject } from "../../json/index.js";
import type { ApiClient } from "../api-client.js";
import { listPages } from "../list-pages.js";
import type { Resource } from "../resource.js";
import { WatchedList, type WatchTiming, type WatchWorld } from "../watched-list.js";
import { NewestObjects } from "./newest-objects.js";

/** What a watch that also reads afresh needs of the world. */
export interface ObjectsWatchWorld extends WatchWorld {
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
}

/** Objects of one kind that are watched, read afresh on demand, and written: the newest that any of the three told. */
export class ObjectsWatch {
  readonly #client: ApiClient;
  readonly #world: ObjectsWatchWorld;
  readonly #list: WatchedList;
  readonly #newest = new NewestObjects();
  readonly #listeners: (() => void)[] = [];
  #currentAt: number | undefined;

  constructor(resource: Resource, client: ApiClient, world: ObjectsWatchWorld, timing?: WatchTiming) {
    this.#client = client;
    this.#world = world;
    this.#list = new WatchedList(resource, client, world, () => this.#heard(), timing);
  }

  /** The newest known, in the order of their names. */
  get objects(): readonly JsonObject[] {
    return this.#newest.all;
  }

  /** Something was read, by whatever way. */
  get known(): boolean {
    return this.#currentAt !== undefined || this.#list.state.kind === "listed";
  }

  /** By the monotonic clock, when the last request was sent that told everything; undefined before the first. */
  get currentAt(): number | undefined {
    return this.#currentAt;
  }

  /** What it watches and how that is going, for people. */
  get state(): { readonly resource: string; readonly state: string } {
    const { resource, state } = this.#list;
    const error = "error" in state ? state.error : undefined;
    const why = error === undefined ? "" : `: ${error instanceof Error ? error.message : String(error)}`;
    return { resource: resource.title, state: `${state.kind}${why}` };
  }

  /** Calls back whenever the objects may have changed, or the API server is back. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Reads everything as it is now, past every cache of the API server. @throws ClusterError */
  async refresh(signal: AbortSignal): Promise<void> {
    const sentAt = this.#world.ticks();
    const { path, fieldSelector } = this.#list.resource;
    const query = fieldSelector === undefined ? {} : { fieldSelector };
    const { items, resourceVersion } = await listPages(this.#client, path, query, signal);
    this.#newest.merge(items, resourceVersion);
    this.#currentAt = sentAt;
  }

  /** Takes the answer to a write. @param sentAt when it was sent, if the answer tells everything there is */
  put(object: JsonObject, sentAt?: number): void {
    this.#newest.put(object);
    if (sentAt !== undefined) this.#currentAt = sentAt;
  }

  close(): void {
    this.#list.close();
  }

  #heard(): void {
    const { resourceVersion, state, objects } = this.#list;
    if (state.kind === "listed" && resourceVersion !== undefined)
      this.#newest.merge(objects, resourceVersion);
    if (state.kind === "listed") for (const listener of this.#listeners) listener();
  }
}
