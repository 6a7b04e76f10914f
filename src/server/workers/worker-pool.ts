import cluster, { type Worker as ClusterWorker } from "node:cluster";
import { changeOf, type LiveSnapshot } from "../../config/index.js";
import type { Log, LogLevel, MetricsState, PrometheusMetrics } from "../../telemetry/index.js";
import { atMost } from "../at-most.js";
import { type Check, runChecks } from "../readiness.js";
import { ServerError } from "../server-error.js";
import type { Servers } from "../servers.js";
import type { ServingIdentity } from "../serving.js";
import { beatMs, type HangLimits } from "../watchdog/hang-limits.js";
import type { Quarantine } from "../watchdog/quarantine.js";
import { Confirmations, everything } from "./confirmations.js";
import { isMessage, type ToPrimary, type ToWorker } from "./message.js";
import { WatchedWorker } from "./watched-worker.js";

/** One worker as the primary knows it. */
interface Member {
  readonly worker: ClusterWorker;
  readonly startedAt: number;
  readonly watched: WatchedWorker;
  /** It was told to start: from then on it hears of every change. */
  begun: boolean;
  serving: boolean;
  generation: number;
  identityNumber: number;
  metrics: MetricsState;
}

/** What a pool needs of the world. */
export interface WorkerPoolOptions {
  readonly workers: number;
  readonly log: Log;
  readonly metrics: PrometheusMetrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
  readonly limits: HangLimits;
  readonly quarantine: Quarantine;
}

// A worker that dies at once would be started again at once, without end.
const restartDelayMs = 100;
const longestRestartDelayMs = 10_000;
// A scrape waits so long for a worker that is busy; then what it last said counts.
const metricsTimeoutMs = 1000;

/**
 * Serves through several processes on one port. The primary hands every worker the same texts with their generation, later what changed in them,
 * waits until each has confirmed, replaces a worker that dies or hangs, and adds up what they count.
 *
 * Decided in ADR 0202.
 */
export class WorkerPool implements Servers {
  readonly #options: WorkerPoolOptions;
  readonly #members = new Map<number, Member>();
  readonly #confirmations = new Confirmations();
  #configuration: LiveSnapshot | undefined;
  #identity: ServingIdentity | undefined;
  #identityNumber = 0;
  #ready: readonly Check[] = [];
  #readyTold = false;
  #lookTimer: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #restarts = new Set<NodeJS.Timeout>();
  #address: { address: string; port: number } | undefined;
  #retired: MetricsState = [];
  #retiring: Promise<void> = Promise.resolve();
  #scrape = 0;
  #quickDeaths = 0;
  #draining = false;
  #closing = false;
  #started = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    cluster.setupPrimary({
      // Plain objects of JSON are not all that is sent: numbers may be bigint.
      serialization: "advanced",
      stdio: ["inherit", "inherit", "inherit", "ipc", "pipe"],
    });
    options.quarantine.onChange((reviews) => this.#broadcast({ kind: "quarantine", reviews }));
  }

  get checks(): readonly Check[] {
    return [{ name: "workers", run: () => this.#workersCheck() }];
  }

  /**
   * The primary is there to replace workers, but while none answers nobody does. It answers for them only before they start
   * and when they end.
   */
  get liveChecks(): readonly Check[] {
    const run = () => {
      const { ok, detail } = this.#workersCheck();
      return { ok: ok || !this.#started || this.#closing, detail };
    };
    return [{ name: "workers", run }];
  }

  async start(live: LiveSnapshot, identity: ServingIdentity, ready: readonly Check[]): Promise<void> {
    this.#configuration = live;
    this.#identity = identity;
    this.#ready = ready;
    const look = () => {
      for (const { watched } of this.#members.values()) watched.look();
    };
    this.#lookTimer = setInterval(look, beatMs);
    this.#lookTimer.unref();
    for (let count = 0; count < this.#options.workers; count++) this.#fork();
    await this.#confirmations.until(() => this.#servingCount() >= this.#options.workers);
    this.#started = true;
    this.#timer = setInterval(() => this.#tellReady(), 250);
    this.#timer.unref();
  }

  address(): { readonly address: string; readonly port: number } {
    if (this.#address === undefined) throw new ServerError("listen-failed", "no worker listens");
    return this.#address;
  }

  async configure(live: LiveSnapshot): Promise<void> {
    const sent = this.#configuration;
    if (sent === undefined) throw new ServerError("worker-failed", "the workers were not started");
    this.#configuration = live;
    const { generation, texts } = live;
    // Whoever has begun was sent the one before, for a line keeps its order.
    const change = changeOf(sent.texts, texts);
    this.#broadcast({ kind: "configure", configuration: { generation, change } });
    await this.#confirmations.until(() => this.#all((member) => member.generation >= generation), generation);
  }

  async identify(identity: ServingIdentity): Promise<void> {
    this.#identity = identity;
    const identityNumber = ++this.#identityNumber;
    this.#broadcast({ kind: "identify", identity, identityNumber });
    await this.#confirmations.until(() => this.#all((member) => member.identityNumber >= identityNumber));
  }

  drain(): void {
    this.#draining = true;
    this.#broadcast({ kind: "drain" });
  }

  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    clearInterval(this.#lookTimer);
    for (const restart of this.#restarts) clearTimeout(restart);
    const gone = [...this.#members.values()].map(
      ({ worker }) => new Promise<void>((resolve) => worker.once("exit", () => resolve())),
    );
    this.#broadcast({ kind: "close", graceMs });
    for (const { worker, begun } of this.#members.values()) if (!begun) worker.process.kill("SIGKILL");
    await atMost(Promise.all(gone), graceMs + 2000);
    for (const { worker } of this.#members.values()) worker.process.kill("SIGKILL");
    await Promise.all(gone);
  }

  setLogLevel(logLevel: LogLevel): void {
    this.#broadcast({ kind: "log-level", logLevel });
  }

  async metricsText(): Promise<string> {
    const number = ++this.#scrape;
    const asked = this.#answering();
    const answers = asked.map(
      (member) =>
        new Promise<void>((resolve) => {
          // A page is asked for every few seconds for months: nothing may stay behind.
          const done = () => {
            member.worker.off("message", listener);
            member.worker.off("exit", done);
            resolve();
          };
          const listener = (message: unknown) => {
            if (isMessage(message) && message.kind === "metrics" && message.number === number) done();
          };
          member.worker.on("message", listener);
          member.worker.on("exit", done);
        }),
    );
    for (const member of asked) this.#send(member, { kind: "metrics", number });
    await atMost(Promise.all(answers), metricsTimeoutMs);
    await this.#retiring;
    const { metrics } = this.#options;
    metrics.set("pillion_workers", this.#answering().length);
    const states = [...this.#members.values()].map((member) => member.metrics);
    return metrics.aggregate([...states, this.#retired].filter((state) => state.length > 0));
  }

  #fork(): void {
    const { log, now } = this.#options;
    const worker = cluster.fork();
    const member: Member = {
      worker,
      startedAt: now(),
      watched: new WatchedWorker(worker, this.#options),
      begun: false,
      serving: false,
      generation: 0,
      identityNumber: -1,
      metrics: [],
    };
    this.#members.set(worker.id, member);
    worker.on("message", (message: unknown) => {
      if (isMessage(message)) this.#hear(member, message);
    });
    worker.on("error", (error) => log.error("line to a worker failed", { error: error.message }));
    worker.once("exit", (code, signal) => this.#bury(member, signal ?? String(code)));
  }

  /** Tells a new worker all it needs, as it is now. */
  #begin(member: Member): void {
    if (this.#configuration === undefined || this.#identity === undefined) return;
    const { generation, texts } = this.#configuration;
    member.begun = true;
    this.#send(member, { kind: "quarantine", reviews: this.#options.quarantine.reviews });
    this.#send(member, {
      kind: "start",
      configuration: { generation, texts },
      identity: this.#identity,
      identityNumber: this.#identityNumber,
      logLevel: this.#options.log.level(),
    });
    if (this.#draining) this.#send(member, { kind: "drain" });
  }

  #hear(member: Member, message: ToPrimary): void {
    member.watched.hear(message);
    switch (message.kind) {
      case "hello":
        this.#begin(member);
        break;
      case "serving":
        member.serving = true;
        this.#address = { address: message.address, port: message.port };
        this.#send(member, { kind: "ready", ready: this.#readyTold });
        break;
      case "configured":
        member.generation = message.generation;
        break;
      case "configuration-refused":
        this.#confirmations.refuse(message.generation, new ServerError("worker-failed", message.message));
        break;
      case "identified":
        member.identityNumber = message.identityNumber;
        break;
      case "metrics":
        member.metrics = message.state;
        break;
      case "failed":
        // What cannot serve at the start never will; later, a new worker may.
        if (!this.#started)
          this.#confirmations.refuse(everything, new ServerError("worker-failed", message.message));
        member.worker.process.kill("SIGKILL");
        break;
      case "beat":
      case "compiling":
        return;
    }
    this.#confirmations.settle();
  }

  #bury(member: Member, how: string): void {
    const { log, metrics, now } = this.#options;
    this.#members.delete(member.worker.id);
    this.#retire(member.metrics);
    this.#confirmations.settle();
    if (this.#closing) return;
    if (!this.#started) {
      const why = `a worker ended (${how}) before it served`;
      this.#confirmations.refuse(everything, new ServerError("worker-failed", why));
      return;
    }
    metrics.increment("pillion_worker_restarts_total");
    log.error("a worker ended and is replaced", { worker: member.worker.process.pid, how });
    this.#quickDeaths = now() - member.startedAt < 5000 ? this.#quickDeaths + 1 : 0;
    const delay = Math.min(longestRestartDelayMs, restartDelayMs * 2 ** Math.min(this.#quickDeaths, 10));
    const restart = setTimeout(() => {
      this.#restarts.delete(restart);
      this.#fork();
    }, delay);
    this.#restarts.add(restart);
  }

  #retire(state: MetricsState): void {
    if (state.length === 0) return;
    this.#retiring = this.#retiring.then(async () => {
      const states = this.#retired.length === 0 ? [state] : [this.#retired, state];
      this.#retired = await this.#options.metrics.retire(states);
    });
  }

  #answering(): readonly Member[] {
    return [...this.#members.values()].filter(({ serving, watched }) => serving && watched.answers);
  }

  #servingCount(): number {
    return [...this.#members.values()].filter((member) => member.serving).length;
  }

  /** Of workers that serve: one that is starting was given the newest, and one that is gone needs it no more. */
  #all(test: (member: Member) => boolean): boolean {
    return [...this.#members.values()].filter((member) => member.serving).every(test);
  }

  #tellReady(): void {
    const ready = runChecks(this.#ready, false).status === 200;
    if (ready === this.#readyTold) return;
    this.#readyTold = ready;
    this.#broadcast({ kind: "ready", ready });
  }

  #broadcast(message: ToWorker): void {
    for (const member of this.#members.values()) if (member.begun) this.#send(member, message);
  }

  // A worker that is just ending has no line any more; its end is handled elsewhere.
  #send({ worker }: Member, message: ToWorker): void {
    if (worker.isConnected()) worker.send(message, () => {});
  }

  #workersCheck(): { ok: boolean; detail: string } {
    const answering = this.#answering().length;
    const silent = this.#servingCount() - answering;
    const detail = `${answering} of ${this.#options.workers} serve`;
    return { ok: answering > 0, detail: silent === 0 ? detail : `${detail}, ${silent} do not answer` };
  }
}
