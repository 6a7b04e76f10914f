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
  #passedMs = 0;
  #first: Scheduling | undefined;
  #newest: Scheduling | undefined;
  // Since the scheduler was first asked.
  #askedMs = 0;

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
    this.#passedMs = 0;
    this.#first = undefined;
    this.#newest = undefined;
    this.#askedMs = 0;
  }

  /** Nothing was heard until now. */
  look(now: number): void {
    const passed = Math.min(now - this.#last, longestLookMs);
    this.#last = now;
    this.#passedMs += passed;
    if (this.#passedMs < lateMs) return;
    this.#newest = this.#scheduling();
    if (this.#first === undefined) this.#first = this.#newest;
    else this.#askedMs += passed;
  }

  /** How long it has been silent, in milliseconds. */
  get ms(): number {
    const waitedMs = Math.min(this.#askedMs, this.#sinceFirst?.waitedMs ?? 0);
    return Math.min(this.#passedMs, (this.#passedMs - waitedMs) / fairShare);
  }

  /** Processor time that it used while it was silent, in milliseconds; undefined when nobody tells. */
  get ranMs(): number | undefined {
    return this.#sinceFirst?.ranMs;
  }

  /** Whether it computed or wanted to for most of the time, and was not held by something else; true when nobody tells. */
  get computed(): boolean {
    const since = this.#sinceFirst;
    return since === undefined || since.ranMs + since.waitedMs >= this.#askedMs / 2;
  }

  get #sinceFirst(): Scheduling | undefined {
    const [first, newest] = [this.#first, this.#newest];
    if (first === undefined || newest === undefined || this.#askedMs === 0) return undefined;
    return { ranMs: newest.ranMs - first.ranMs, waitedMs: newest.waitedMs - first.waitedMs };
  }
}
