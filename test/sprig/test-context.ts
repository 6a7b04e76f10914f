import type { ExecutionContext } from "../../src/gotemplate/index.js";

/** A context with a fixed clock, counted random numbers and a limit of work. */
export interface TestContext extends ExecutionContext {
  /** The steps paid for so far. */
  readonly steps: number;
}

export interface TestContextOptions {
  readonly now?: number;
  readonly random?: () => number;
  readonly env?: Readonly<Record<string, string>>;
  readonly limit?: number;
}

export class OutOfSteps extends Error {}

export function testContext(options: TestContextOptions = {}): TestContext {
  let steps = 0;
  let seed = 0;
  return {
    get steps() {
      return steps;
    },
    now: () => options.now ?? 1_700_000_000_123,
    random: options.random ?? (() => (seed = (seed + 0.6180339887) % 1)),
    env: (name) => options.env?.[name],
    warn: () => undefined,
    charge(count) {
      steps += count;
      if (steps > (options.limit ?? 1_000_000)) throw new OutOfSteps(`more than ${options.limit} steps`);
    },
  };
}
