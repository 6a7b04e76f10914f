import { type CallSite, type Command, compileCall, type LazyArgument } from "./call-function.js";
import { callValue } from "./call-value.js";
import { constant, constantArgument, nilArgument } from "./compile-constant.js";
import { converterTo } from "./convert-argument.js";
import { isTrue } from "./is-true.js";
import {
  type ChainNode,
  type CommandNode,
  type FieldNode,
  type IdentifierNode,
  nodeText,
  type OperandNode,
  type PipeNode,
  type VariableNode,
} from "./nodes.js";
import { type FieldCall, type MissingKey, missing, readField } from "./read-field.js";
import type { Eval, Run } from "./run.js";
import { type Binding, prepareSlots, type Scope, unset } from "./scope.js";
import { isLooseMap } from "./shape.js";
import { GoFunction, type Value } from "./value.js";

/** What compiling needs to know beside the tree. */
export interface CompileOptions {
  readonly missingKey: MissingKey;
  readonly findFunction: (
    name: string,
  ) => { readonly target: GoFunction; readonly isBuiltin: boolean } | undefined;
  /** Whether runs follow a {@link Course}. */
  readonly followsCourse?: boolean;
}

/** A compiled pipeline and the variables it declares or assigns. */
export interface Pipeline {
  readonly evaluate: Eval;
  /** In the order of the text; undefined where an assignment finds no variable. */
  readonly bindings: readonly (Binding | undefined)[];
}

type LooseTest = (run: Run) => boolean;
type LastStep = (method: GoFunction, name: string) => Command;
type Walk = (run: Run, start: Value, dot: Value, final: Value) => Value;

const noNode: OperandNode = { type: "dot", position: 0 };

const plainField: FieldCall = { call: callWithoutArguments, hasArguments: false };
const never: LooseTest = () => false;

/**
 * Compiles pipelines to closures. Where a closure sets `run.at`, Go marks the node too,
 * so that errors name the same place; the order of marking and evaluating matters for that.
 */
export class PipelineCompiler {
  constructor(
    readonly scope: Scope,
    private readonly options: CompileOptions,
  ) {}

  /** `looseSlot` is given for the element variable of a range. */
  pipeline(pipe: PipeNode, looseSlot?: number): Pipeline {
    const value = this.commands(pipe);
    const { isAssign, variables } = pipe;
    if (variables.length === 0) return { evaluate: value, bindings: [] };
    const bindings = variables.map(({ name }, index) => {
      if (isAssign) return this.scope.lookup(name);
      return this.scope.declare(name, index === variables.length - 1 ? looseSlot : undefined);
    });
    return { evaluate: assigning(value, pipe, bindings), bindings };
  }

  private commands(pipe: PipeNode): Eval {
    const [first, ...rest] = pipe.commands.map((command, index) => this.command(command, index > 0));
    if (first === undefined) return () => undefined;
    if (rest.length === 0)
      return (run, dot) => {
        run.at = pipe;
        return first(run, dot, undefined) ?? undefined;
      };
    return (run, dot) => {
      run.at = pipe;
      let value = first(run, dot, undefined) ?? undefined;
      for (const command of rest) value = command(run, dot, value) ?? undefined;
      return value;
    };
  }

  /** How a branch finds out whether a value counts as true. */
  get holds(): (run: Run, value: Value) => boolean {
    if (this.options.followsCourse !== true) return (_run, value) => isTrue(value);
    return (run, value) => run.course?.holds(value) ?? isTrue(value);
  }

  /** A command whose value the course of a run may replace. `called` is the function that it calls. */
  private replaceable(command: Command, called?: string): Command {
    if (this.options.followsCourse !== true) return command;
    return (run, dot, final) => {
      const compute = () => command(run, dot, final);
      return run.course === undefined ? compute() : run.course.value(compute, called);
    };
  }

  private command(command: CommandNode, hasFinal: boolean): Command {
    const [first] = command.args;
    const hasArguments = hasFinal || command.args.length > 1;
    switch (first.type) {
      case "field":
        return this.field(first, command, hasFinal);
      case "chain":
        return this.chain(first, command, hasFinal);
      case "identifier":
        return this.functionCall(first, command, hasFinal);
      case "variable":
        return this.variable(first, command, hasFinal);
      case "pipe":
        return hasArguments ? notAFunction(first) : this.pipeline(first).evaluate;
      case "nil":
        return marking(first, hasArguments ? notAFunction(first) : (run) => run.fail("nil is not a command"));
      case "dot":
        return marking(first, hasArguments ? notAFunction(first) : (_run, dot) => dot);
      default:
        return marking(first, hasArguments ? notAFunction(first) : constant(first));
    }
  }

  private field(node: FieldNode, command: CommandNode | undefined, hasFinal: boolean): Command {
    const slot = this.scope.dotLooseSlot;
    const isLoose: LooseTest = slot === undefined ? never : (run) => run.variables[slot] === true;
    const walk = this.path(node.path, isLoose, this.lastStep(node, command, hasFinal));
    return this.replaceable((run, dot, final) => {
      run.at = node;
      return walk(run, dot, dot, final);
    });
  }

  private variable(node: VariableNode, command: CommandNode | undefined, hasFinal: boolean): Command {
    const read = this.readVariable(node);
    if (node.path.length === 0) {
      const hasArguments = hasFinal || (command?.args.length ?? 0) > 1;
      if (!hasArguments) return marking(node, read);
      const refuse = notAFunction(node);
      return marking(node, (run, dot) => {
        read(run, dot);
        return refuse(run);
      });
    }
    const slot = this.scope.lookup(node.name)?.looseSlot;
    const isLoose: LooseTest = slot === undefined ? never : (run) => run.variables[slot] === true;
    const walk = this.path(node.path, isLoose, this.lastStep(node, command, hasFinal));
    return this.replaceable((run, dot, final) => {
      run.at = node;
      return walk(run, read(run, dot), dot, final);
    });
  }

  private readVariable(node: VariableNode): Eval {
    const binding = this.scope.lookup(node.name);
    if (binding === undefined) return (run) => run.fail(`undefined variable: ${node.name}`);
    const { slot } = binding;
    if (!binding.mayBeUnset) return (run) => run.variables[slot];
    return (run) => {
      const value = run.variables[slot];
      return value === unset ? run.fail(`undefined variable: ${node.name}`) : value;
    };
  }

  private chain(node: ChainNode, command: CommandNode | undefined, hasFinal: boolean): Command {
    if (node.node.type === "nil")
      return marking(node, (run) => run.fail(`indirection through explicit nil in ${nodeText(node)}`));
    const receiver = this.operand(node.node);
    const walk = this.path(node.path, never, this.lastStep(node, command, hasFinal));
    return this.replaceable((run, dot, final) => {
      run.at = node;
      return walk(run, receiver(run, dot), dot, final);
    });
  }

  private lastStep(
    node: FieldNode | VariableNode | ChainNode,
    command: CommandNode | undefined,
    hasFinal: boolean,
  ): LastStep | undefined {
    const operands = command === undefined ? [] : command.args.slice(1);
    if (operands.length === 0 && !hasFinal) return undefined;
    const args = operands.map((operand) => this.lazyArgument(operand));
    return (method, name) => compileCall(method, { name, node, args, hasFinal });
  }

  /** Walks a path from a receiver. Only its last step takes arguments. */
  private path(path: readonly string[], startIsLoose: LooseTest, lastStep: LastStep | undefined): Walk {
    const { missingKey } = this.options;
    const plain = lastStep === undefined ? path : path.slice(0, -1);
    const last = path[path.length - 1];
    return (run, start, dot, final) => {
      let value = start;
      let isLoose = false;
      for (let index = 0; index < plain.length; index++) {
        const name = plain[index] ?? "";
        if (isLooseMap(value)) {
          const entry: Value = Object.hasOwn(value, name) ? value[name] : undefined;
          value = entry === undefined ? missing(run, name, missingKey, null) : entry;
          isLoose = true;
        } else {
          value = readField(
            run,
            value,
            name,
            missingKey,
            isLoose || (index === 0 && startIsLoose(run)),
            plainField,
          );
          isLoose = false;
        }
      }
      if (lastStep === undefined || last === undefined) return value;
      const call: FieldCall["call"] = (_run, method, name) => lastStep(method, name)(run, dot, final);
      const known = isLoose || (plain.length === 0 && startIsLoose(run));
      return readField(run, value, last, missingKey, known, { call, hasArguments: true });
    };
  }

  private functionCall(node: IdentifierNode, command: CommandNode | undefined, hasFinal: boolean): Command {
    const found = this.options.findFunction(node.name);
    if (found === undefined)
      return marking(node, (run) => run.fail(`"${node.name}" is not a defined function`));
    const { target, isBuiltin } = found;
    const operands = command === undefined ? [] : command.args.slice(1);
    if (isBuiltin && (node.name === "and" || node.name === "or") && (operands.length > 0 || hasFinal))
      return marking(node, this.shortCircuit(operands, node.name === "or", hasFinal));
    const args = operands.map((operand) => this.lazyArgument(operand));
    const site: CallSite = { name: node.name, node: command ?? node, args, hasFinal };
    const [first] = operands;
    const named =
      isBuiltin && node.name === "call" && first !== undefined ? callOf(nodeText(first), target) : target;
    return this.replaceable(marking(node, compileCall(named, site)), node.name);
  }

  /** `and` and `or` evaluate no more arguments than they need. */
  private shortCircuit(operands: readonly OperandNode[], stopAt: boolean, hasFinal: boolean): Command {
    const { result: evals, declared } = this.scope.conditionally(() =>
      operands.map((operand) => this.lazyArgument(operand)("reflect")),
    );
    const { holds } = this;
    return (run, dot, final) => {
      if (declared.length > 0) prepareSlots(run.variables, declared);
      let value: Value;
      for (const evaluate of evals) {
        value = evaluate(run, dot);
        if (holds(run, value) === stopAt) return value;
      }
      return hasFinal ? final : value;
    };
  }

  private lazyArgument(node: OperandNode): LazyArgument {
    switch (node.type) {
      case "nil":
        return (type) => marking(node, nilArgument(type));
      case "bool":
      case "number":
      case "string":
        return (type) => marking(node, constantArgument(node, type));
      default: {
        const evaluate = this.operand(node);
        return (type) => {
          const convert = converterTo(type);
          return type === "reflect" ? evaluate : (run, dot) => convert(run, evaluate(run, dot));
        };
      }
    }
  }

  /** An operand that is no command: nothing is applied to it. */
  private operand(node: OperandNode): Eval {
    switch (node.type) {
      case "field":
        return this.field(node, undefined, false);
      case "variable":
        return this.variable(node, undefined, false);
      case "chain":
        return this.chain(node, undefined, false);
      case "identifier":
        return this.functionCall(node, undefined, false);
      case "pipe":
        return this.pipeline(node).evaluate;
      case "dot":
        return marking(node, (_run, dot) => dot);
      case "nil":
        return () => undefined;
      default:
        return constant(node);
    }
  }
}

/** Calls a method that a path ends in or goes through. */
export function callWithoutArguments(run: Run, method: GoFunction, name: string): Value {
  return compileCall(method, { name, node: run.at ?? noNode, args: [], hasFinal: false })(run, undefined);
}

function marking<T extends Value>(
  node: OperandNode,
  evaluate: (run: Run, dot: Value, final?: Value) => T,
): Command {
  return (run, dot, final) => {
    run.at = node;
    return evaluate(run, dot, final);
  };
}

function notAFunction(node: OperandNode): (run: Run) => never {
  return (run) => run.fail(`can't give argument to non-function ${nodeText(node)}`);
}

function assigning(value: Eval, pipe: PipeNode, bindings: readonly (Binding | undefined)[]): Eval {
  const [first] = bindings;
  if (first !== undefined && bindings.length === 1)
    return (run, dot) => {
      const result = value(run, dot);
      run.variables[first.slot] = result;
      return result;
    };
  return (run, dot) => {
    const result = value(run, dot);
    for (const [index, binding] of bindings.entries()) {
      if (binding === undefined) run.fail(`undefined variable: ${pipe.variables[index]?.name}`);
      else run.variables[binding.slot] = result;
    }
    return result;
  };
}

/** The built-in `call` with the text of the function in its messages. */
function callOf(text: string, call: GoFunction): GoFunction {
  return new GoFunction(call.name, "unknown", call.parameters, call.variadic, ([target, ...args], context) =>
    callValue(text, target, args, context),
  );
}
