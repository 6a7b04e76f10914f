import { url as inspectorUrl } from "node:inspector";
import { Worker } from "node:worker_threads";
import type { Log } from "../../telemetry/index.js";
import { beatMs, type HangLimits } from "./hang-limits.js";
import type { Quarantine } from "./quarantine.js";
import { readQuarantinedReview } from "./quarantine-file.js";
import type { SharedPulse } from "./shared-pulse.js";
import type { ThreadDuty } from "./thread-duty.js";
import { threadFile } from "./thread-file.js";

/** What a watchdog is made of. */
export interface WatchdogOptions {
  readonly pulse: SharedPulse;
  readonly quarantine: Quarantine;
  readonly limits: HangLimits;
  readonly report: ThreadDuty["report"];
  readonly log: Log;
}

// What the thread needs at most is a copy of one body and the pages of its program.
const threadMemory = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };
// Should the thread fail again and again, then not without a pause.
const restartMs = 1000;

/** Gives the signs of this process's event loop, and keeps the thread that listens for them. It holds no process open. Decided in ADR 0207. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #beat: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  start(): void {
    const { pulse, quarantine } = this.#options;
    const beat = () => {
      pulse.beat(inspectorUrl() !== undefined);
      quarantine.expire();
    };
    beat();
    this.#beat = setInterval(beat, beatMs);
    this.#beat.unref();
    this.#startThread();
  }

  /** From now on nobody watches. */
  stop(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#restart);
    this.#beat = undefined;
    this.#options.pulse.stop();
  }

  #startThread(): void {
    const { pulse, quarantine, limits, report, log } = this.#options;
    const workerData: ThreadDuty = { buffer: pulse.buffer, limits, report };
    const thread = new Worker(new URL(threadFile), {
      workerData,
      resourceLimits: threadMemory,
      // Flags of the command line are for the main thread; no flag keeps this one from watching.
      execArgv: [],
      name: "watchdog",
    });
    thread.unref();
    thread.on("message", (message: unknown) => quarantine.add(...readQuarantinedReview(message, Date.now())));
    thread.on("error", (error) => {
      log.error("the watching thread failed and is started again", { error: String(error) });
    });
    thread.on("exit", () => {
      if (this.#beat === undefined) return;
      this.#restart = setTimeout(() => this.#startThread(), restartMs);
      this.#restart.unref();
    });
  }
}
