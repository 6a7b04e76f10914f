import { hasRawBytes } from "../../go/index.js";
import type { TemplateContext } from "../execution-context.js";
import type { Node } from "../nodes.js";
import { type CompiledTemplate, Run } from "../run.js";
import type { Value } from "../value.js";
import type { Lookup } from "./operation.js";
import { Recorder, type RecorderOptions, type Recording } from "./recorder.js";
import { type Path, type Replay, TraceTree } from "./trace-tree.js";

/** How recordings of a template are made. */
export type TraceOptions = Pick<RecorderOptions, "mapFunction" | "lookups" | "isFixed">;

/** What was written by an execution that was recorded. */
export interface Recorded {
  /** One text more than there are dynamic ones. */
  readonly fixed: readonly string[];
  readonly dynamic: readonly string[];
}

/**
 * Executions of a template by what earlier ones did: only what depends on the data is computed again.
 *
 * An execution is recorded once for each path through the template, that is for each sequence of branches and loop turns.
 * A replay computes what the recording computed from the data, asks the same questions, and ends where an answer is new.
 * What it gives is what {@link Template.execute} gives, but for work that is not charged because it is not done.
 */
export class Traces<T> {
  private readonly tree = new TraceTree<T>();

  constructor(
    private readonly template: CompiledTemplate,
    private readonly options: RecorderOptions,
  ) {}

  /** How many paths are known. */
  get size(): number {
    return this.tree.size;
  }

  /**
   * What the template writes for these data; undefined when they take a path that is not known, or when only the template
   * itself can tell, which includes every failure.
   */
  replay(data: Value, context: TemplateContext): Replay<T> | undefined {
    try {
      // A deadline that has passed ends this execution as it ends one of the template.
      context.charge(1);
      return this.tree.replay(new Run(context, this.template.tree.name), data);
    } catch {
      // The template fails here too, and with the right words.
      return undefined;
    }
  }

  /**
   * Executes the template, and knows its path from now on, unless it cannot be followed. True when the path is new.
   *
   * @param expected what the template wrote for these data
   * @param payload made from the path's texts, kept with the path
   */
  record(
    data: Value,
    context: TemplateContext,
    expected: string,
    payload: (recorded: Recorded) => T,
  ): boolean {
    const recording = this.follow(data, context);
    if (recording === undefined) return false;
    const { fixed, dynamicTexts: dynamic } = recording;
    if (joined(fixed, dynamic) !== expected || hasRawBytes(expected)) return false;
    return this.tree.add(recording, payload({ fixed, dynamic }));
  }

  private follow(data: Value, context: TemplateContext): Recording | undefined {
    try {
      const run = new Run(context, this.template.tree.name);
      return new Recorder(run, this.options).record(this.template, data);
    } catch {
      // What cannot be followed goes on being executed, and a failure is reported there.
      return undefined;
    }
  }

  /** Forgets the path that was not used for longest, and returns what was kept for it. */
  evict(): T | undefined {
    return this.tree.evict();
  }
}

/** The text that fixed and dynamic texts make. */
export function joined(fixed: readonly string[], dynamic: readonly string[]): string {
  let text = fixed[0] ?? "";
  for (let at = 0; at < dynamic.length; at++) text += (dynamic[at] ?? "") + (fixed[at + 1] ?? "");
  return text;
}

/** Whether a template, and all that it calls, use only functions that the test accepts. */
export function callsOnly(
  template: CompiledTemplate,
  accepts: (name: string) => boolean,
  findTemplate: (name: string) => CompiledTemplate | undefined,
): boolean {
  const seen = new Set<CompiledTemplate>();
  const look = (one: CompiledTemplate | undefined): boolean => {
    if (one === undefined || seen.has(one)) return true;
    seen.add(one);
    return visit(one.tree.root);
  };
  const visit = (node: Node | undefined): boolean => {
    switch (node?.type) {
      case "list":
        return node.nodes.every(visit);
      case "action":
        return visit(node.pipe);
      case "if":
      case "with":
      case "range":
        return visit(node.pipe) && visit(node.list) && visit(node.elseList);
      case "template":
        return visit(node.pipe) && look(findTemplate(node.name));
      case "pipe":
        return node.commands.every(visit);
      case "command":
        return node.args.every(visit);
      case "chain":
        return visit(node.node);
      case "identifier":
        return accepts(node.name);
      default:
        return true;
    }
  };
  return look(template);
}

export type { Lookup, Path, Replay };
