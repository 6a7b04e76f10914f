import { goQuote, joinRawBytes } from "../go/index.js";
import type { Course } from "./course.js";
import type { TemplateContext } from "./execution-context.js";
import { GoTemplateError, type GoTemplateErrorCode, locate } from "./go-template-error.js";
import { LimitExceeded } from "./limit-exceeded.js";
import { type Node, nodeText } from "./nodes.js";
import type { Tree } from "./parse.js";
import type { Value } from "./value.js";

/** Computes a value from dot. */
export type Eval = (run: Run, dot: Value) => Value;

/** Executes a statement: 0 to go on, otherwise one of the signals below. */
export type Statement = (run: Run, dot: Value) => Signal;
export type Signal = 0 | typeof breakSignal | typeof continueSignal;
export const breakSignal = 1;
export const continueSignal = 2;

/** A template ready to run. */
export interface CompiledTemplate {
  readonly tree: Tree;
  /** How many variables a call of it needs. */
  readonly slots: number;
  readonly body: Statement;
}

// Measured with the default stack of Node, executions overflow beyond 3300 levels. The rest is for
// what the caller has on its stack already and for the functions that templates call.
const maxLevels = 2400;
// A call takes as much as two levels.
const callLevels = 2;

/** The state of one execution. Compiled closures get it as their first argument. */
export class Run {
  /** The node that an error is put down to; the same one that Go would name. */
  at: Node | undefined;
  /** The variables of the running template by slot. Slot 0 is `$`. */
  variables: Value[] = [];
  private template: CompiledTemplate | undefined;
  private readonly parts: string[] = [];
  private size = 0;
  private depth = 0;
  private levels = 0;

  constructor(
    readonly context: TemplateContext,
    private readonly name: string,
    /** Only for templates that were compiled to follow one. */
    readonly course?: Course,
  ) {}

  /** What was written so far, as it was written: a text for each text and each action of the template. */
  get pieces(): readonly string[] {
    return this.parts;
  }

  /** What was written so far. */
  output(): string {
    return joinRawBytes(this.parts.join(""));
  }

  write(text: string): void {
    this.size += text.length;
    if (this.size > this.context.maxOutput)
      throw new LimitExceeded(`wrote more than ${this.context.maxOutput} characters`);
    this.parts.push(text);
  }

  /** Refuses to call a template from inside so many statements where that would be too deep. */
  checkDepth(next: CompiledTemplate, statements: number): void {
    const { maxDepth } = this.context;
    if (this.depth > maxDepth) throw new LimitExceeded(`exceeded maximum template depth (${maxDepth})`);
    if (this.levels + statements + callLevels + next.tree.nesting > maxLevels)
      throw new LimitExceeded(
        `templates call one another too deep: ${this.depth} calls, ${this.levels} levels`,
      );
  }

  /** Runs a template with variables of its own. `statements` is the nesting of the place that calls it. */
  enter(template: CompiledTemplate, dot: Value, statements: number): void {
    const { at, variables, template: outer } = this;
    const levels = statements + callLevels;
    this.template = template;
    this.context.charge(template.slots);
    this.variables = new Array<Value>(template.slots).fill(undefined);
    this.variables[0] = dot;
    this.depth += 1;
    this.levels += levels;
    template.body(this, dot);
    this.levels -= levels;
    this.depth -= 1;
    this.template = outer;
    this.variables = variables;
    this.at = at;
  }

  /** Ends the execution with an error at the current node. */
  fail(message: string, cause?: unknown): never {
    throw this.error("exec", message, cause);
  }

  /** An error at the current node, with Go's words around the message. */
  error(code: GoTemplateErrorCode, message: string, cause?: unknown): GoTemplateError {
    const options = cause === undefined ? undefined : { cause };
    const { template, at } = this;
    if (template === undefined || at === undefined) {
      const place = { template: this.name, line: 0, column: 0, action: "" };
      return new GoTemplateError(code, `template: ${this.name}: ${message}`, place, options);
    }
    const { name, parseName, text } = template.tree;
    const { line, column } = locate(text, at.position);
    const action = nodeText(at);
    const start = `template: ${parseName}:${line}:${column}: executing ${goQuote(name)} at <${action}>`;
    return new GoTemplateError(
      code,
      `${start}: ${message}`,
      { template: name, line, column, action },
      options,
    );
  }
}
