import type { Worker } from "node:cluster";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Log, Metrics } from "../../telemetry/index.js";
import { hangExitCode } from "../watchdog/end-process.js";
import { type HangLimits, unreadyMs } from "../watchdog/hang-limits.js";
import type { Quarantine } from "../watchdog/quarantine.js";
import { readQuarantinedReview } from "../watchdog/quarantine-file.js";
import { readScheduling } from "../watchdog/scheduling.js";
import { Silence } from "../watchdog/silence.js";
import { reportDescriptor, type ToPrimary } from "./message.js";
import { untakenConnection } from "./untaken-connection.js";

/** What the watch over a worker needs of the world. */
export interface WatchedWorkerOptions {
  readonly limits: HangLimits;
  readonly quarantine: Quarantine;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
}

/** A worker as the primary watches it: by the signs of its event loop, and by what its own watching thread reports. */
export class WatchedWorker {
  readonly #worker: Worker;
  readonly #options: WatchedWorkerOptions;
  readonly #silence: Silence;
  // A worker that starts compiles.
  #compiling = true;
  #inspected = false;
  #answered = true;
  #ended = false;

  constructor(worker: Worker, options: WatchedWorkerOptions) {
    const { pid = 0, stdio } = worker.process;
    this.#worker = worker;
    this.#options = options;
    this.#silence = new Silence(options.ticks(), () => readScheduling(pid));
    const reports = stdio[reportDescriptor];
    // What goes wrong with the pipe is that the worker is gone.
    if (reports instanceof Readable)
      createInterface({ input: reports.on("error", () => {}) }).on("line", (line) => this.#accuse(line));
    worker.once("exit", untakenConnection(worker));
    worker.once("exit", (code) => {
      if (code === hangExitCode) this.#count();
    });
  }

  /** Whatever it says, it says from its event loop. */
  hear(message: ToPrimary): void {
    this.#silence.heard(this.#options.ticks());
    if (message.kind === "beat") this.#inspected = message.inspected;
    else if (message.kind !== "hello") this.#compiling = message.kind === "compiling";
  }

  get answers(): boolean {
    return this.#silence.ms < unreadyMs;
  }

  /** Looks whether it answers, and ends it when it hangs. To be called every `beatMs`. */
  look(): void {
    const { log, limits, ticks } = this.#options;
    this.#silence.look(ticks());
    if (this.answers !== this.#answered && !this.#compiling) {
      this.#answered = this.answers;
      if (this.#answered) log.info("a worker answers again", { worker: this.#worker.process.pid });
      else log.warn("a worker does not answer", this.#fields());
    }
    if (this.#ended || this.#inspected) return;
    if (this.#silence.ms < (this.#compiling ? limits.compileMs : limits.endMs)) return;
    this.#count();
    this.#worker.process.kill("SIGKILL");
  }

  /** Counts its hang, whether the primary or its own watching thread ends it. */
  #count(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.metrics.increment("pillion_worker_hangs_total");
    this.#options.log.error("a worker hangs and is ended", this.#fields());
  }

  /** Its watching thread tells of the review that holds the event loop. */
  #accuse(line: string): void {
    const { log, quarantine, now } = this.#options;
    for (const review of readReport(line, now())) {
      const { uid, namespace, kind, bytes } = review;
      log.error("a review holds a worker's event loop, and is quarantined", {
        ...{ uid, namespace, kind, bytes },
        ...this.#fields(),
      });
      quarantine.add(review);
    }
  }

  #fields() {
    const { ms, ranMs } = this.#silence;
    return {
      worker: this.#worker.process.pid,
      silentMs: Math.round(ms),
      processorMs: ranMs === undefined ? undefined : Math.round(ranMs),
    };
  }
}

// The line of a worker that was ended in the midst of it is none.
function readReport(line: string, now: number): ReturnType<typeof readQuarantinedReview> {
  try {
    return readQuarantinedReview(JSON.parse(line), now);
  } catch {
    return [];
  }
}
