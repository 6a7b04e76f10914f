import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../api-client.js";
import { ClusterError } from "../cluster-error.js";
import { readWebhookConfiguration, type WebhookConfiguration } from "../webhook-configuration.js";
import { defaultOwners, describeOwners, isUnfinished } from "./default-owners.js";
import { readConfigurations, send } from "./tag-api.js";
import { TagError } from "./tag-error.js";
import type { TagWrite } from "./tag-write.js";

/** What changes of tags need of the world. */
export interface TagWorld {
  readonly client: ApiClient;
  /** Ends the work between two steps. */
  readonly signal: AbortSignal;
  /** Milliseconds in which every API server has learned of a change. */
  readonly propagationMs: number;
  /** Told before each change, with its number among all. */
  readonly onStep: (effect: string, number: number, total: number) => void;
  /** Told when the next change has to wait. */
  readonly onWait: (milliseconds: number) => void;
}

/** A change of a tag, in as many steps as it takes. */
export interface TagChange {
  /** Gives the next step, from whatever is found; undefined at the end. */
  readonly next: (configurations: readonly WebhookConfiguration[]) => TagWrite | undefined;
  /** Throws if the change may not begin. */
  readonly mayBegin: (configurations: readonly WebhookConfiguration[]) => void;
  /** Pods may be created at any moment between its steps, and API servers learn of them one after the other. */
  readonly isHandover: boolean;
}

/** A handover takes four steps at the most. More means that somebody undoes each. */
const mostSteps = 12;

/** All steps of a change, as long as nobody else changes anything. */
export function foresee(
  { next }: TagChange,
  configurations: readonly WebhookConfiguration[],
): readonly TagWrite[] {
  const writes: TagWrite[] = [];
  let view = configurations;
  for (let write = next(view); write !== undefined && writes.length < mostSteps; write = next(view)) {
    writes.push(write);
    view = after(view, write);
  }
  return writes;
}

function after(view: readonly WebhookConfiguration[], { kind, name, object }: TagWrite) {
  const others = view.filter((one) => one.name !== name);
  return kind === "delete" ? others : [...others, readWebhookConfiguration(object)];
}

/** Lets the API server try each step without keeping it: rights and policies that forbid one shall do so at the start. */
export async function tryOut(
  client: ApiClient,
  writes: readonly TagWrite[],
  configurations: readonly WebhookConfiguration[],
): Promise<void> {
  const isThere = (name: string) => configurations.some((one) => one.name === name);
  for (const write of writes)
    if (write.kind === "create" || isThere(write.name)) await send(client, write, { dryRun: true });
}

/**
 * Carries out a change. Before each step it reads anew, and before each but the first step of a handover it waits until every
 * API server knows of the one before. @throws ClusterError, TagError; `unfinished` when it ended in the middle, with the state
 */
export async function carryOut(change: TagChange, world: TagWorld): Promise<void> {
  await new Execution(change, world).run();
}

class Execution {
  readonly #change: TagChange;
  readonly #world: TagWorld;
  #done = 0;
  #view: readonly WebhookConfiguration[] = [];
  /** What was sent and not yet answered. */
  #open: TagWrite | undefined;

  constructor(change: TagChange, world: TagWorld) {
    this.#change = change;
    this.#world = world;
  }

  async run(): Promise<void> {
    try {
      for (let attempts = 0; attempts < mostSteps; attempts++) {
        let writes = await this.#foresee();
        if (writes.length > 0 && this.#needsWait()) {
          await this.#wait();
          writes = await this.#foresee();
        }
        const [write] = writes;
        if (write === undefined) return;
        if (this.#done === 0) await tryOut(this.#world.client, writes, this.#view);
        await this.#step(write, this.#done + writes.length);
      }
      throw new TagError("taken", "somebody else changes the same webhook configurations again and again");
    } catch (error) {
      throw this.#explained(error);
    }
  }

  async #foresee(): Promise<readonly TagWrite[]> {
    this.#view = await readConfigurations(this.#world.client, this.#world.signal);
    if (this.#done === 0) this.#change.mayBegin(this.#view);
    return foresee(this.#change, this.#view);
  }

  /** In the middle of a handover the step before may have been made a moment ago, by a command that was interrupted. */
  #needsWait(): boolean {
    return this.#change.isHandover && (this.#done > 0 || isUnfinished(defaultOwners(this.#view)));
  }

  async #wait(): Promise<void> {
    const { propagationMs, onWait, signal } = this.#world;
    onWait(propagationMs);
    await sleep(propagationMs, undefined, { signal });
  }

  async #step(write: TagWrite, total: number): Promise<void> {
    this.#world.signal.throwIfAborted();
    this.#world.onStep(write.effect, this.#done + 1, total);
    this.#open = write;
    try {
      await send(this.#world.client, write);
      this.#done++;
      this.#view = after(this.#view, write);
    } catch (error) {
      // Somebody else changed the object first: the next round sees what it is now.
      if (!(error instanceof ClusterError && error.status === 409)) {
        if (isAnswered(error)) this.#open = undefined;
        throw error;
      }
    }
    this.#open = undefined;
  }

  #explained(error: unknown): unknown {
    const { aborted } = this.#world.signal;
    const why = aborted ? "interrupted" : error instanceof Error ? error.message : String(error);
    if (this.#done === 0 && this.#open === undefined && !aborted) return error;
    return new TagError("unfinished", `${why}\n${this.#stateText()}`, { cause: error });
  }

  #stateText(): string {
    const made = this.#done === 0 ? "No step was made." : `Steps that were made: ${this.#done}.`;
    const open =
      this.#open === undefined ? "" : ` Whether this one was made is not known: ${this.#open.effect}.`;
    const state = this.#change.isHandover
      ? ` Now ${describeOwners(defaultOwners(this.#view))}. Pods are injected once in this state too.`
      : "";
    return `${made}${open}${state} Run the same command again to complete it.`;
  }
}

/** Whether the API server has said no. Without an answer it may have made the change. */
function isAnswered(error: unknown): boolean {
  return error instanceof TagError || (error instanceof ClusterError && error.status !== undefined);
}
