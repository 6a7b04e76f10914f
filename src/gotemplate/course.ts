import { isLimit } from "./is-limit.js";
import { isTrue } from "./is-true.js";
import { isLooseMap } from "./shape.js";
import type { LooseMap, Value } from "./value.js";

/** What a compiled template asks where its data could lead it one way or another. */
export interface Course {
  /** The value of a field, or of a call of the function of this name. */
  value(compute: () => Value, called?: string): Value;
  /** Whether a value counts as true. */
  holds(value: Value): boolean;
  /** What a range walks over. */
  elements(value: Value): Value;
}

/** What one question came to. */
interface Step {
  answer: Value;
  /** The step that follows it, behind those of its operands. */
  next: number;
}

/** The course of an execution that its data lead, kept step by step. */
export class OwnCourse implements Course {
  readonly steps: Step[] = [];

  value(compute: () => Value): Value {
    const step: Step = { answer: undefined, next: 0 };
    this.steps.push(step);
    step.answer = compute();
    step.next = this.steps.length;
    return step.answer;
  }

  holds(value: Value): boolean {
    const answer = isTrue(value);
    this.steps.push({ answer, next: this.steps.length + 1 });
    return answer;
  }

  elements(value: Value): Value {
    // A body may change the map that it is run for.
    const answer = isLooseMap(value) ? copyOf(value) : value;
    this.steps.push({ answer, next: this.steps.length + 1 });
    return value;
  }
}

/** Copies its own entries, `__proto__` too. */
function copyOf(map: LooseMap): LooseMap {
  return Object.fromEntries(Object.entries(map));
}

/**
 * Makes a value fit the way that an execution is led: `first` is what the earlier execution had there, `again` what this one
 * has; undefined where it could not be computed. The result must have as many elements as `first`. `called` is the function
 * that computed both.
 */
export type Fit = (
  first: Value,
  again: { readonly value: Value } | undefined,
  called: string | undefined,
) => Value;

/** The course of an earlier execution, for one with other data: it takes the same branches and as many turns of each loop. */
export class SameCourse implements Course {
  #at = 0;

  constructor(
    private readonly steps: readonly Step[],
    private readonly fit: Fit,
  ) {}

  value(compute: () => Value, called?: string): Value {
    const { answer, next } = this.#step();
    const again = attempt(compute);
    this.#at = next;
    return this.fit(answer, again, called);
  }

  holds(): boolean {
    return this.#step().answer === true;
  }

  elements(value: Value): Value {
    return this.fit(this.#step().answer, { value }, undefined);
  }

  #step(): Step {
    const step = this.steps[this.#at];
    if (step === undefined) throw new Error("an execution went on where the one before it had ended");
    this.#at += 1;
    return step;
  }
}

/** What cannot be computed of other data is no failure: it could be of the data that led the way. A limit is one. */
function attempt(compute: () => Value): { readonly value: Value } | undefined {
  try {
    return { value: compute() };
  } catch (error) {
    if (isLimit(error)) throw error;
    return undefined;
  }
}
