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

/** What a template may ask of the world while it runs. */
export interface World {
  readonly context: InjectionContext;
  readonly environment: Readonly<Record<string, string>>;
  readonly warn: (message: string) => void;
  /** The execution is recorded or replayed, so nothing in it may differ from pod to pod: no clock, no chance. */
  readonly repeatable?: boolean;
}

/** The context of one execution. */
export function templateContext({ context, environment, warn, repeatable = false }: World): TemplateContext {
  return createContext({
    repeatable,
    now: context.now ?? Date.now,
    random: context.random ?? Math.random,
    env: (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined),
    warn,
    deadline: context.deadline ?? Number.POSITIVE_INFINITY,
  });
}

/** Runs a template. Throws InjectionError `template-failed` or `deadline-exceeded`. */
export function executeTemplate(template: Template, data: GoStruct, world: World): string {
  return failing(world, () => template.execute(data, templateContext(world)));
}

/** Runs a template so that it can run again the same way. Throws as `executeTemplate`, and so does each repetition. */
export function executeRepeatably(template: Template, data: GoStruct, world: World): RepeatableExecution {
  const { pieces, repeat } = failing(world, () => template.executeRepeatably(data, templateContext(world)));
  return { pieces, repeat: (...again) => failing(world, () => repeat(...again)) };
}

function failing<T>({ context }: World, run: () => T): T {
  const { now = Date.now, deadline } = context;
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof GoTemplateError)) throw cause;
    const late = deadline !== undefined && now() > deadline;
    throw new InjectionError(
      late ? "deadline-exceeded" : "template-failed",
      `failed to run injection template: ${cause.message}`,
      { cause },
    );
  }
}
