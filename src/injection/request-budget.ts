import { InjectionError } from "./injection-error.js";
import { type RequestLimits, unlimited } from "./request-limits.js";

/** What a request may cost. */
export interface BudgetOptions {
  /** Milliseconds since 1970. The default is Date.now. */
  readonly now?: (() => number) | undefined;
  /** When `now()` passes this, the request fails. The default is never. */
  readonly deadline?: number | undefined;
  /** The default is none. */
  readonly limits?: RequestLimits;
  /** Bytes of the text that the pod was read from: a short one needs no check for much that only a long one can hold. */
  readonly size?: number | undefined;
}

/** Reading the clock takes as long as some steps; so many steps take well under a millisecond. */
const stepsBetweenLooks = 1000;

/**
 * A pod of fewer bytes is done in a tenth of a millisecond, if nothing that is counted makes it longer. There each fourth check looks
 * at the clock, which is three looks for all of it: a dozen cost a hundredth of an injection.
 */
const smallPod = 16 * 1024;
const checksBetweenLooks = 4;

/**
 * What one request may cost, and what it has cost. It is made where the request comes in and goes with it to its end: each step
 * of the work looks whether the time is over, and each loop that a pod can lengthen counts. First the loops are short by
 * themselves, then limits keep what they run over small; the deadline is the last net.
 *
 * Decided in ADR 0211.
 */
export class RequestBudget {
  readonly limits: RequestLimits;
  /** Bytes of the text that the pod was read from; infinite where nobody knows. */
  readonly size: number;
  /** The clock of the request. */
  readonly now: () => number;
  readonly #deadline: number;
  #steps = 0;
  #output = 0;
  #nextLook = stepsBetweenLooks;
  #checks = 0;

  constructor({ now = Date.now, deadline, limits = unlimited, size }: BudgetOptions = {}) {
    this.limits = limits;
    this.size = size ?? Number.POSITIVE_INFINITY;
    this.now = now;
    this.#deadline = deadline ?? Number.POSITIVE_INFINITY;
  }

  /** Whether it limits steps and output. */
  get isLimited(): boolean {
    return this.limits.steps !== Number.POSITIVE_INFINITY;
  }

  /** The steps that were spent so far. */
  get steps(): number {
    return this.#steps;
  }

  /** How many steps are left. */
  get stepsLeft(): number {
    return Math.max(this.limits.steps - this.#steps, 0);
  }

  /** How much templates may still write, in UTF-16 units. */
  get outputLeft(): number {
    return Math.max(this.limits.output - this.#output, 0);
  }

  /** When the time is over, by the clock of the request; infinite for never. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Whether the time is over. */
  isOver(): boolean {
    return this.#deadline !== Number.POSITIVE_INFINITY && this.now() > this.#deadline;
  }

  /** Throws InjectionError `deadline-exceeded` when the time is over. For the places between two parts of the work. */
  check(): void {
    if (this.#checks++ % checksBetweenLooks === 0 || this.size > smallPod) this.look();
  }

  /** As `check`, and looks at the clock whatever the size of the pod is. */
  look(): void {
    if (this.isOver()) throw new InjectionError("deadline-exceeded", "the time for this request is over");
  }

  /**
   * Counts steps of a loop: an item that is looked at, merged, compared or written. Looks at the clock now and then.
   * Throws InjectionError `work-exceeded` or `deadline-exceeded`.
   */
  readonly spend = (steps: number): void => {
    this.#steps += steps;
    if (this.#steps < this.#nextLook) return;
    this.#nextLook = this.#steps + stepsBetweenLooks;
    if (this.#steps > this.limits.steps)
      throw new InjectionError(
        "work-exceeded",
        `the pod takes more than ${this.limits.steps} steps of work; make its lists, or those of its annotations, shorter`,
      );
    this.look();
  };

  /** Counts what templates have written, in UTF-16 units. Throws InjectionError `work-exceeded`. */
  spendOutput(length: number): void {
    this.#output += length;
    if (this.#output > this.limits.output)
      throw new InjectionError(
        "work-exceeded",
        `the templates of the pod write more than ${this.limits.output} characters`,
      );
  }
}
