import { quoteExcerpt } from "../go/index.js";
import { type CompileOptions, type Pipeline, PipelineCompiler } from "./compile-pipeline.js";
import type { ActionNode, BranchNode, ListNode, StatementNode, TemplateNode } from "./nodes.js";
import { rangeWeight, type Tree } from "./parse.js";
import { printedText } from "./printed-text.js";
import { compileRange, type RangeParts } from "./range-loop.js";
import {
  breakSignal,
  type CompiledTemplate,
  continueSignal,
  type Eval,
  type Run,
  type Statement,
} from "./run.js";
import { Scope } from "./scope.js";

export interface TemplateOptions extends CompileOptions {
  /** The template of this name at the time of the call. */
  readonly findTemplate: (name: string) => CompiledTemplate | undefined;
}

/** Compiles a tree to closures. Nothing of the tree is walked when the template runs. */
export function compileTemplate(tree: Tree, options: TemplateOptions): CompiledTemplate {
  const compiler = new StatementCompiler(options);
  const body = compiler.list(tree.root);
  return { tree, slots: compiler.scope.slotCount, body };
}

class StatementCompiler {
  readonly scope = new Scope();
  private nesting = 0;
  private readonly pipelines: PipelineCompiler;

  constructor(private readonly options: TemplateOptions) {
    this.pipelines = new PipelineCompiler(this.scope, options);
  }

  list(list: ListNode): Statement {
    const statements = list.nodes.map((node) => this.statement(node));
    const count = statements.length;
    const [only] = statements;
    if (only !== undefined && count === 1)
      return (run, dot) => {
        run.context.charge(1);
        return only(run, dot);
      };
    return (run, dot) => {
      run.context.charge(count);
      for (const statement of statements) {
        const signal = statement(run, dot);
        if (signal !== 0) return signal;
      }
      return 0;
    };
  }

  private statement(node: StatementNode): Statement {
    switch (node.type) {
      case "text": {
        const { text } = node;
        return (run) => {
          run.write(text);
          return 0;
        };
      }
      case "action":
        return this.action(node);
      case "if":
      case "with":
        return this.nested(1, () => this.ifOrWith(node));
      case "range":
        return this.nested(rangeWeight, () => this.range(node));
      case "template":
        return this.templateCall(node);
      case "break":
        return () => breakSignal;
      case "continue":
        return () => continueSignal;
    }
  }

  private nested(weight: number, compile: () => Statement): Statement {
    this.nesting += weight;
    const statement = this.scope.within(compile);
    this.nesting -= weight;
    return statement;
  }

  private action(node: ActionNode): Statement {
    const { evaluate } = this.pipelines.pipeline(node.pipe);
    if (node.pipe.variables.length > 0)
      return (run, dot) => {
        evaluate(run, dot);
        return 0;
      };
    return (run, dot) => {
      const value = evaluate(run, dot);
      run.at = node;
      run.write(typeof value === "string" ? value : printedText(run, node, value));
      return 0;
    };
  }

  private ifOrWith(node: BranchNode): Statement {
    const { evaluate } = this.pipelines.pipeline(node.pipe);
    const changesDot = node.type === "with";
    const compileList = () => this.scope.within(() => this.list(node.list));
    const list = changesDot ? this.scope.withDot(undefined, compileList) : compileList();
    const otherwise = this.elseList(node);
    const { holds } = this.pipelines;
    return (run, dot) => {
      const value = evaluate(run, dot);
      return holds(run, value) ? list(run, changesDot ? value : dot) : otherwise(run, dot);
    };
  }

  private elseList(node: BranchNode): Statement {
    const { elseList } = node;
    return elseList === undefined ? () => 0 : this.scope.within(() => this.list(elseList));
  }

  private range(node: BranchNode): Statement {
    const looseSlot = this.scope.newSlot();
    const pipeline = this.pipelines.pipeline(node.pipe, looseSlot);
    const body = this.scope.withDot(looseSlot, () => this.scope.within(() => this.list(node.list)));
    return compileRange({
      evaluate: pipeline.evaluate,
      body,
      otherwise: this.elseList(node),
      looseSlot,
      ...this.loopSlots(pipeline),
    });
  }

  /** With one variable it is the element, with two the first is the index or key. */
  private loopSlots({ bindings }: Pipeline): Pick<RangeParts, "keySlot" | "elementSlot"> {
    const slots = bindings.map((binding) => binding?.slot);
    return slots.length > 1
      ? { keySlot: slots[0], elementSlot: slots[1] }
      : { keySlot: undefined, elementSlot: slots[0] };
  }

  private templateCall(node: TemplateNode): Statement {
    const { name, pipe } = node;
    const { nesting } = this;
    const argument: Eval = pipe === undefined ? () => undefined : this.pipelines.pipeline(pipe).evaluate;
    return (run: Run, dot) => {
      run.at = node;
      const target = this.options.findTemplate(name);
      if (target === undefined) return run.fail(`template ${quoteExcerpt(name)} not defined`);
      run.checkDepth(target, nesting);
      run.enter(target, argument(run, dot), nesting);
      return 0;
    };
  }
}
