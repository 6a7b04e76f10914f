import { LimitExceeded } from "./limit-exceeded.js";
import type { ExecutionContext } from "./value.js";

export interface ContextOptions {
  /** The current time in milliseconds since 1970, for date functions and for the deadline. */
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** The environment variables that templates may read. Default: none. */
  readonly env?: (name: string) => string | undefined;
  /** Receives what functions have to say beside their results. Default: nobody listens. */
  readonly warn?: (message: string) => void;
  /** Statements, iterations and elements that functions make. Default: two million, about a second. */
  readonly maxSteps?: number | undefined;
  /** UTF-16 units that a template may write. Default: 16 Mi. */
  readonly maxOutput?: number | undefined;
  /** How deep templates may call one another. Default: 1000; more may be refused for want of stack. */
  readonly maxDepth?: number;
  /** The execution is to be repeatable, so functions that read the clock or draw numbers fail. Default: they do not. */
  readonly repeatable?: boolean;
  /** The time, as `now` tells it, after which the execution stops. Default: never. */
  readonly deadline?: number;
}

/** An ExecutionContext with the bounds of an execution. Executions that share one share its steps. */
export interface TemplateContext extends ExecutionContext {
  readonly maxOutput: number;
  readonly maxDepth: number;
  /** What was charged so far. */
  readonly steps: number;
}

const defaultMaxSteps = 2_000_000;
const defaultMaxOutput = 16 * 1024 * 1024;
const defaultMaxDepth = 1000;
// Reading the clock costs as much as some ten steps; a thousand steps take well under a millisecond.
const stepsBetweenClockReads = 1000;

/** Builds what a template needs to run: the world it may see and the bounds it must keep. */
export function createContext(options: ContextOptions): TemplateContext {
  return new BoundedContext(options);
}

class BoundedContext implements TemplateContext {
  readonly now: () => number;
  readonly random: () => number;
  private readonly clock: () => number;
  readonly env: (name: string) => string | undefined;
  readonly warn: (message: string) => void;
  readonly maxOutput: number;
  readonly maxDepth: number;
  private readonly maxSteps: number;
  private readonly deadline: number;
  steps = 0;
  private nextClockRead = 0;

  constructor(options: ContextOptions) {
    this.clock = options.now;
    this.now = options.repeatable ? refuse : options.now;
    this.random = options.repeatable ? refuse : options.random;
    this.env = options.env ?? (() => undefined);
    this.warn = options.warn ?? (() => undefined);
    this.maxOutput = options.maxOutput ?? defaultMaxOutput;
    this.maxDepth = options.maxDepth ?? defaultMaxDepth;
    this.maxSteps = options.maxSteps ?? defaultMaxSteps;
    this.deadline = options.deadline ?? Number.POSITIVE_INFINITY;
  }

  charge(steps: number): void {
    this.steps += steps;
    if (this.steps >= this.nextClockRead) this.check();
  }

  private check(): void {
    if (this.steps > this.maxSteps) throw new LimitExceeded(`took more than ${this.maxSteps} steps`);
    if (this.deadline !== Number.POSITIVE_INFINITY && this.clock() > this.deadline)
      throw new LimitExceeded("did not end before its deadline");
    this.nextClockRead = Math.min(this.steps + stepsBetweenClockReads, this.maxSteps + 1);
  }
}

function refuse(): never {
  throw new Error("what reads the clock or draws numbers cannot be repeated");
}
