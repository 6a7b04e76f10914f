import {
  createContext,
  type GoStruct,
  GoTemplateError,
  type RepeatableExecution,
  type Template,
  type TemplateContext,
} from "../gotemplate/index.js";
import type { InjectionContext } from "./injection-context.js";
import { InjectionError } from "./injection-error.js";
import type { RequestBudget } from "./request-budget.js";

/** What a template may ask of the world while it runs. */
export interface World {
  readonly context: InjectionContext;
  readonly environment: Readonly<Record<string, string>>;
  readonly warn: (message: string) => void;
  /** The execution is recorded or replayed, so nothing in it may differ from pod to pod: no clock, no chance. */
  readonly repeatable?: boolean;
  /** What all executions for a pod may cost together. */
  readonly budget: RequestBudget;
}

/** The context of one execution. */
export function templateContext(world: World): TemplateContext {
  const { context, environment, warn, repeatable = false, budget } = world;
  return createContext({
    repeatable,
    now: context.now ?? budget.now,
    random: context.random ?? Math.random,
    env: (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined),
    warn,
    deadline: budget.deadline,
    maxSteps: budget.isLimited ? budget.stepsLeft : undefined,
    maxOutput: budget.isLimited ? budget.limits.output : undefined,
  });
}

/** Runs a template. Throws InjectionError `template-failed`, `work-exceeded` or `deadline-exceeded`. */
export function executeTemplate(template: Template, data: GoStruct, world: World): string {
  const context = templateContext(world);
  const text = failing(world, () => template.execute(data, context));
  world.budget.spend(context.steps);
  return text;
}

/** Runs a template so that it can run again the same way. Throws as `executeTemplate`, and so does each repetition. */
export function executeRepeatably(template: Template, data: GoStruct, world: World): RepeatableExecution {
  const { budget } = world;
  const context = templateContext(world);
  const { pieces, repeat } = failing(world, () => template.executeRepeatably(data, context));
  budget.spend(context.steps);
  return {
    pieces,
    repeat: (other, again, fit) => {
      const repeated = failing(world, () => repeat(other, again, fit));
      budget.spend(again.steps);
      return repeated;
    },
  };
}

function failing<T>({ budget }: World, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof GoTemplateError)) throw cause;
    throw new InjectionError(
      budget.isOver() ? "deadline-exceeded" : "template-failed",
      `failed to run injection template: ${cause.message}`,
      { cause },
    );
  }
}
