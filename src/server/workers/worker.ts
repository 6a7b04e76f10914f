import { url as inspectorUrl } from "node:inspector";
import { applyChange, type LiveSnapshot, SnapshotLoader, type SourceTexts } from "../../config/index.js";
import { limitsOfOne } from "../gate.js";
import { ServerError } from "../server-error.js";
import { Serving } from "../serving.js";
import type { ServingWorld } from "../single.js";
import type { TlsPolicy } from "../tls-policy.js";
import type { HangGuard } from "../watchdog/hang-guard.js";
import { beatMs } from "../watchdog/hang-limits.js";
import type { Watchdog } from "../watchdog/watchdog.js";
import type { WebhookOptions } from "../webhook-options.js";
import {
  type ChangeMessage,
  type ConfigurationMessage,
  isMessage,
  type ToPrimary,
  type ToWorker,
} from "./message.js";

/** What a worker needs of the world. */
export interface WorkerWorld extends ServingWorld {
  readonly guard: HangGuard;
  /** Watches this process, once it serves. */
  readonly watchdog: Watchdog;
}

/** The line to the primary. */
export interface PrimaryLine {
  send(message: ToPrimary): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Hangs up; the process can then end. */
  hangUp(): void;
}

/**
 * Serves as one of several workers: everything it knows comes from the primary. Resolves when it was told to close and
 * has done so.
 */
export async function runWorker(
  options: WebhookOptions,
  policy: TlsPolicy,
  world: WorkerWorld,
  line: PrimaryLine,
): Promise<void> {
  const worker = new Worker(options, policy, world, line);
  const beat = setInterval(() => {
    line.send({ kind: "beat", inspected: inspectorUrl() !== undefined });
  }, beatMs);
  await worker.closed;
  clearInterval(beat);
  world.watchdog.stop();
  line.hangUp();
}

class Worker {
  readonly closed: Promise<void>;
  readonly #options: WebhookOptions;
  readonly #policy: TlsPolicy;
  readonly #world: WorkerWorld;
  readonly #line: PrimaryLine;
  #end: () => void = () => {};
  #serving: Serving | undefined;
  readonly #loader: SnapshotLoader;
  /** The newest texts, also where they could not be taken: the next change is one of them. */
  #texts: SourceTexts | undefined;
  #live: LiveSnapshot | undefined;
  #primaryReady = false;

  constructor(options: WebhookOptions, policy: TlsPolicy, world: WorkerWorld, line: PrimaryLine) {
    this.#options = options;
    this.#policy = policy;
    this.#world = world;
    this.#line = line;
    this.#loader = new SnapshotLoader(options.settings);
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
    // One after the other: a configuration that comes while the server starts waits for it.
    let last = Promise.resolve();
    line.onMessage((message) => {
      if (!isMessage(message)) return;
      last = last.then(() => this.#handle(message)).catch((error: unknown) => this.#fail(error));
    });
    line.send({ kind: "hello" });
  }

  async #handle(message: ToWorker): Promise<void> {
    switch (message.kind) {
      case "start":
        return this.#start(message);
      case "configure":
        return this.#configure(message.configuration);
      case "identify":
        this.#serving?.swap(message.identity);
        return this.#line.send({ kind: "identified", identityNumber: message.identityNumber });
      case "ready":
        this.#primaryReady = message.ready;
        return;
      case "log-level":
        return this.#world.log.setLevel(message.logLevel);
      case "metrics":
        return this.#line.send({
          kind: "metrics",
          number: message.number,
          state: await this.#world.metrics.state(),
        });
      case "quarantine":
        return this.#world.guard.quarantine.replace(message.reviews);
      case "drain":
        return this.#serving?.drain();
      case "close":
        await this.#serving?.close(message.graceMs);
        this.#end();
    }
  }

  async #start({ configuration, identity, identityNumber, logLevel }: ToWorker & { kind: "start" }) {
    this.#world.log.setLevel(logLevel);
    this.#line.send({ kind: "compiling" });
    this.#live = this.#compile(configuration);
    const { https: address, timeouts, workers } = this.#options;
    const limits = limitsOfOne(this.#options.limits, workers);
    this.#serving = new Serving({
      ...this.#world,
      address,
      timeouts,
      limits,
      identity,
      policy: this.#policy,
      live: () => this.#current(),
      checks: [
        {
          name: "primary",
          run: () => ({ ok: this.#primaryReady, detail: this.#primaryReady ? "is ready" : "is not ready" }),
        },
        {
          name: "drain",
          run: () => ({ ok: !this.#isDraining(), detail: this.#isDraining() ? "is ending" : "none" }),
        },
      ],
    });
    await this.#serving.listen();
    this.#world.watchdog.start();
    const { address: host, port } = this.#serving.address;
    this.#line.send({ kind: "serving", address: host, port });
    this.#line.send({ kind: "configured", generation: configuration.generation });
    this.#line.send({ kind: "identified", identityNumber });
  }

  #configure({ generation, change }: ChangeMessage): void {
    this.#line.send({ kind: "compiling" });
    try {
      const texts = this.#texts;
      if (texts === undefined) throw new ServerError("worker-failed", "the worker was not started");
      this.#live = this.#world.guard.compile(() =>
        this.#compile({ generation, texts: applyChange(texts, change) }),
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#line.send({ kind: "configuration-refused", generation, message });
      return;
    }
    this.#line.send({ kind: "configured", generation });
  }

  #compile({ generation, texts }: ConfigurationMessage): LiveSnapshot {
    this.#texts = texts;
    const snapshot = this.#loader.compile(texts, this.#live);
    return { snapshot, generation, texts, since: this.#world.now() };
  }

  #current(): LiveSnapshot {
    if (this.#live === undefined) throw new ServerError("worker-failed", "the worker was not started");
    return this.#live;
  }

  #isDraining(): boolean {
    return this.#serving?.draining ?? false;
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#world.log.error("worker failed", { error: message });
    this.#line.send({ kind: "failed", message });
  }
}
