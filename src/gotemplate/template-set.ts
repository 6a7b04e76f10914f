import { goQuote, hasRawBytes } from "../go/index.js";
import { builtinFunctions } from "./builtin-functions.js";
import { type TemplateOptions as CompileOptions, compileTemplate } from "./compile-statement.js";
import { type Course, type Fit, OwnCourse, SameCourse } from "./course.js";
import type { TemplateContext } from "./execution-context.js";
import { GoTemplateError } from "./go-template-error.js";
import { isLimit } from "./is-limit.js";
import { LimitExceeded } from "./limit-exceeded.js";
import { isEmptyTree, parse, type Tree } from "./parse.js";
import type { MissingKey } from "./read-field.js";
import { type CompiledTemplate, Run } from "./run.js";
import { callsOnly, type TraceOptions, Traces } from "./trace/traces.js";
import { type FunctionMap, isRepeatable, type Value } from "./value.js";

export interface TemplateOptions {
  /** The functions that templates may call beside the built-in ones, whose names they may take over. */
  readonly functions: FunctionMap;
  /** What opens and closes an action. Default: `{{` and `}}`; an empty string is the default too. */
  readonly delims?: { readonly left: string; readonly right: string };
  /** What a map gives for an absent key: no value, the zero of its elements, or an error. Default: no value. */
  readonly missingKey?: MissingKey;
}

/** An execution that can be repeated the same way: with the same branches, and as many turns of each loop. */
export interface RepeatableExecution {
  /** What was written, cut where texts and actions of the template begin. Together they are the text. */
  readonly pieces: readonly string[];
  /**
   * What is written of other data: as many pieces. `fit` is given each value that is read or computed, and what it was in the
   * first execution. Throws GoTemplateError with code `limit` when it passes a bound of the context.
   */
  repeat(data: Value, context: TemplateContext, fit: Fit): readonly string[];
}

/** A template of a set, ready to be executed any number of times. */
export interface Template {
  readonly name: string;
  /** What was parsed. The tree of a template that is defined again later is replaced. */
  readonly tree: Tree;
  /**
   * Runs the template on its data and returns what it wrote. Nothing is written when it fails.
   * Throws GoTemplateError with code `exec`, or `limit` when it passes a bound of the context.
   */
  execute(data: Value, context: TemplateContext): string;
  /** Runs the template as `execute` does, so that it can run once more the same way with other data. Throws as `execute`. */
  executeRepeatably(data: Value, context: TemplateContext): RepeatableExecution;
  /** Whether the template, and all that it calls, use only functions that the test accepts. */
  callsOnly(accepts: (functionName: string) => boolean): boolean;
  /**
   * Begins recordings of the template as it is now. Undefined when it, or a template that it calls, uses a function that
   * is not repeatable.
   */
  traces<T>(options: TraceOptions): Traces<T> | undefined;
}

/** Templates that can call one another, as Go's associated templates. The first is the root. */
export class TemplateSet {
  private readonly compiled = new Map<string, CompiledTemplate>();
  /** Those that follow a course, compiled when one is first asked for. */
  private readonly followers = new Map<Tree, CompiledTemplate>();
  private readonly templates = new Map<string, Template>();

  /** `rootName` only serves messages: a template of this name exists once its text is parsed. */
  constructor(
    private readonly rootName: string,
    private readonly options: TemplateOptions,
  ) {}

  /**
   * Parses a text into the set under a name, with everything it defines, as root.New(name).Parse(text).
   * A definition replaces an earlier one of its name, unless it is empty. Within one text a name may be defined once.
   * Throws GoTemplateError with code `parse`, or `limit` when it nests too deep; the set is then as before.
   */
  parse(name: string, text: string): Template {
    const { functions, delims } = this.options;
    const hasFunction = (word: string) => functions.has(word) || builtinFunctions.has(word);
    const compiled = boundedByStack(name, () => {
      const trees = parse(name, text, {
        left: delims?.left || "{{",
        right: delims?.right || "}}",
        hasFunction,
      });
      return [...trees.values()].filter((tree) => this.takes(tree)).map((tree) => this.compile(tree));
    });
    for (const template of compiled) this.compiled.set(template.tree.name, template);
    for (const { tree } of compiled) this.template(tree.name);
    return this.template(name);
  }

  /** The template of this name, undefined when the set has none. */
  lookup(name: string): Template | undefined {
    return this.templates.get(name);
  }

  /** Runs a template of the set by name, as ExecuteTemplate. Throws as Template.execute, also when there is none. */
  execute(name: string, data: Value, context: TemplateContext): string {
    const template = this.templates.get(name);
    if (template !== undefined) return template.execute(data, context);
    const message = `template: no template ${goQuote(name)} associated with template ${goQuote(this.rootName)}`;
    throw new GoTemplateError("exec", message, { template: name, line: 0, column: 0, action: "" });
  }

  /** An empty tree does not replace a template of its name. */
  private takes(tree: Tree): boolean {
    return !this.compiled.has(tree.name) || !isEmptyTree(tree.root);
  }

  private compile(tree: Tree): CompiledTemplate {
    return compileTemplate(tree, this.surroundings());
  }

  /** What a template of the set sees of it. */
  private surroundings(): CompileOptions {
    const { functions, missingKey } = this.options;
    return {
      missingKey: missingKey ?? "default",
      findFunction: (name) => {
        const own = functions.get(name);
        const target = own ?? builtinFunctions.get(name);
        return target === undefined ? undefined : { target, isBuiltin: own === undefined };
      },
      findTemplate: (name) => this.compiled.get(name),
    };
  }

  /** The template of this name as it is now, such that its runs follow a course; undefined when there is none. */
  private follower(name: string): CompiledTemplate | undefined {
    const tree = this.compiled.get(name)?.tree;
    if (tree === undefined) return undefined;
    const known = this.followers.get(tree);
    if (known !== undefined) return known;
    const findTemplate = (called: string) => this.follower(called);
    const options = { ...this.surroundings(), followsCourse: true, findTemplate };
    const made = boundedByStack(name, () => compileTemplate(tree, options));
    this.followers.set(tree, made);
    return made;
  }

  private template(name: string): Template {
    const known = this.templates.get(name);
    if (known !== undefined) return known;
    const { compiled } = this;
    const current = () => {
      const template = compiled.get(name);
      if (template !== undefined) return template;
      const message = `template: ${name}: ${goQuote(name)} is an incomplete or empty template`;
      throw new GoTemplateError("exec", message, { template: name, line: 0, column: 0, action: "" });
    };
    const template: Template = {
      name,
      get tree() {
        return current().tree;
      },
      execute: (data, context) => execute(current(), data, context).output(),
      executeRepeatably: (data, context) => {
        const follower = this.follower(name) ?? current();
        const course = new OwnCourse();
        return {
          pieces: piecesOf(execute(follower, data, context, course)),
          repeat: (other, again, fit) =>
            piecesOf(execute(follower, other, again, new SameCourse(course.steps, fit))),
        };
      },
      callsOnly: (accepts) => callsOnly(current(), accepts, (called) => compiled.get(called)),
      traces: <T>(options: TraceOptions) => {
        const surroundings = this.surroundings();
        const repeatable = (called: string) =>
          isRepeatable(surroundings.findFunction(called)?.target.effect ?? "unknown");
        return callsOnly(current(), repeatable, surroundings.findTemplate)
          ? new Traces<T>(current(), { ...surroundings, ...options })
          : undefined;
      },
    };
    this.templates.set(name, template);
    return template;
  }
}

/**
 * Parses one text, with everything it defines, into a set of its own.
 * Throws GoTemplateError with code `parse` for anything Go's parser refuses, unknown functions among it,
 * and with code `limit` for statements and parentheses that nest too deep.
 */
export function parseTemplate(name: string, text: string, options: TemplateOptions): Template {
  return new TemplateSet(name, options).parse(name, text);
}

function execute(template: CompiledTemplate, data: Value, context: TemplateContext, course?: Course): Run {
  const run = new Run(context, template.tree.name, course);
  try {
    run.enter(template, data === null ? undefined : data, 0);
  } catch (error) {
    if (!isLimit(error) || error instanceof GoTemplateError) throw error;
    throw run.error("limit", limitMessage(error), error);
  }
  return run;
}

/** What a run wrote. Where bytes of two pieces may make one character there is but one piece. */
function piecesOf(run: Run): readonly string[] {
  return hasRawBytes(run.pieces.join("")) ? [run.output()] : run.pieces;
}

/** How much stack there is depends on the caller; one that has used most of it gets an error, too. */
function boundedByStack<T>(name: string, compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    if (!isLimit(cause) || cause instanceof GoTemplateError) throw cause;
    const place = { template: name, line: 0, column: 0, action: "" };
    throw new GoTemplateError("limit", `template: ${name}: ${limitMessage(cause)}`, place, { cause });
  }
}

function limitMessage(error: Error): string {
  return error instanceof LimitExceeded ? error.message : "took more JavaScript stack than there is";
}
