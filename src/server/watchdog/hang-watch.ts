import { type HangLimits, unreadyMs } from "./hang-limits.js";
import type { Scheduling } from "./scheduling.js";
import type { SharedPulse } from "./shared-pulse.js";
import { Silence } from "./silence.js";

/** What a look at a main thread found. */
export interface HangFinding {
  /** How long its event loop has been silent, and what processor time it used meanwhile, in milliseconds. */
  readonly silentMs: number;
  readonly ranMs: number | undefined;
  /** The body of the review that held it all the time; found once in each silence. */
  readonly blamed?: Uint8Array;
  /** Whether the process is to be ended. */
  readonly end: boolean;
}

/** Judges by its pulse whether a main thread hangs, and which review is to blame. */
export class HangWatch {
  readonly #pulse: SharedPulse;
  readonly #limits: HangLimits;
  readonly #silence: Silence;
  #beats: number;
  #suspect: number | undefined;
  #blamed = false;

  /**
   * @param now milliseconds of a clock that never jumps
   * @param scheduling asks how the main thread was scheduled
   */
  constructor(pulse: SharedPulse, limits: HangLimits, now: number, scheduling: () => Scheduling | undefined) {
    this.#pulse = pulse;
    this.#limits = limits;
    this.#silence = new Silence(now, scheduling);
    this.#beats = pulse.beats;
  }

  /** Looks. to be called every `beatMs`. */
  look(now: number): HangFinding {
    this.#listen(now);
    const { ms: silentMs, ranMs } = this.#silence;
    const { endMs, compileMs } = this.#limits;
    const end = silentMs >= (this.#pulse.compiling ? compileMs : endMs);
    const blamed = this.#blame();
    return { silentMs, ranMs, end, ...(blamed === undefined ? {} : { blamed }) };
  }

  #listen(now: number): void {
    const { beats } = this.#pulse;
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#silence.heard(now);
      this.#suspect = undefined;
      this.#blamed = false;
      return;
    }
    this.#silence.look(now);
    // Work goes on in one turn of the loop; a review that is in flight from here to the limit is one that does not end.
    if (this.#silence.ms < unreadyMs) this.#suspect = this.#pulse.reviewNumber;
  }

  #blame(): Uint8Array | undefined {
    const { ms, computed } = this.#silence;
    if (this.#blamed || this.#suspect === undefined || ms < this.#limits.blameMs) return undefined;
    // A review does nothing but compute. A thread that did not run was held by something else: a debugger, a page that the
    // disk does not give.
    if (!computed) return undefined;
    const { review } = this.#pulse;
    if (review?.number !== this.#suspect) return undefined;
    this.#blamed = true;
    return review.body;
  }
}
