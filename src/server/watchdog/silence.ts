import { beatMs } from "./hang-limits.js";
import type { Scheduling } from "./scheduling.js";

// A look that comes later than this was itself kept from running: the machine was suspended, the container frozen, every
// process starved. What is beyond says nothing about the other side.
const longestLookMs = 2 * beatMs;
// Asking the scheduler costs some tens of microseconds, so it is asked about those who are late only.
const lateMs = 2 * beatMs;

// A thread that has a sixth of a processor counts in full, one that has less by what it had. Eight seconds of silence are then
// more than one of computing, which neither a collection of the heap nor an honest review takes; and a loop that never ends is
// found in time on a machine where five others want the same processor.
const fairShare = 1 / 6;

/**
 * Counts how long an event loop has been silent though it could have given a sign. Not counted is time in which the one who
 * looks did not run either, nor, beyond a fair share, time in which the other thread was ready to run and had no processor: who
 * is starved is slow, but does not hang (ADR 0207).
 */
export class Silence {
  readonly #scheduling: () => Scheduling | undefined;
  #last: number;
  #before: Scheduling | undefined;
  #passedMs = 0;
  #waitedMs = 0;
  #ranMs = 0;
  #told = false;

  /**
   * @param now milliseconds of a clock that never jumps
   * @param scheduling asks how the thread was scheduled that runs the event loop
   */
  constructor(now: number, scheduling: () => Scheduling | undefined) {
    this.#last = now;
    this.#scheduling = scheduling;
  }

  /** The event loop gave a sign. */
  heard(now: number): void {
    this.#last = now;
    this.#before = undefined;
    this.#passedMs = 0;
    this.#waitedMs = 0;
    this.#ranMs = 0;
    this.#told = false;
  }

  /** Nothing was heard until now. */
  look(now: number): void {
    const passed = Math.min(now - this.#last, longestLookMs);
    this.#last = now;
    const before = this.#before;
    this.#passedMs += passed;
    const current = this.#passedMs >= lateMs ? this.#scheduling() : undefined;
    this.#before = current;
    if (before === undefined || current === undefined) return;
    this.#told = true;
    this.#waitedMs += Math.min(passed, current.waitedMs - before.waitedMs);
    this.#ranMs += current.ranMs - before.ranMs;
  }

  /** How long it has been silent, in milliseconds. */
  get ms(): number {
    return Math.min(this.#passedMs, (this.#passedMs - this.#waitedMs) / fairShare);
  }

  /** Processor time that it used while it was silent, in milliseconds; undefined when nobody tells. */
  get ranMs(): number | undefined {
    return this.#told ? this.#ranMs : undefined;
  }
}
