import { sortedKeys } from "../../go/index.js";
import { parameterType } from "../call-function.js";
import { constant, constantArgument, nilArgument } from "../compile-constant.js";
import { converterTo } from "../convert-argument.js";
import { isTrue } from "../is-true.js";
import type {
  ActionNode,
  BranchNode,
  CommandNode,
  ListNode,
  Node,
  OperandNode,
  PipeNode,
  StatementNode,
  TemplateNode,
} from "../nodes.js";
import { printedText } from "../printed-text.js";
import type { MissingKey } from "../read-field.js";
import { breakSignal, type CompiledTemplate, continueSignal, type Run, type Signal } from "../run.js";
import { entriesOf, itemsOf } from "../shape.js";
import { GoFunction, GoScalar, isRepeatable, type Value } from "../value.js";
import {
  type Argument,
  callOperation,
  entriesOperation,
  entryOperation,
  fieldOf,
  fieldOperation,
  itemOperation,
  keysOperation,
  type Lookup,
  memberOperation,
  type Operation,
  resultOperation,
  rootOperation,
} from "./operation.js";
import { shapeOf } from "./shape-of.js";

/** What the recorder needs to know of a template and of its data. */
export interface RecorderOptions {
  readonly missingKey: MissingKey;
  readonly findFunction: (
    name: string,
  ) => { readonly target: GoFunction; readonly isBuiltin: boolean } | undefined;
  readonly findTemplate: (name: string) => CompiledTemplate | undefined;
  /** The function that makes a map of the keys and values it is given, if there is one. */
  readonly mapFunction: string | undefined;
  /**
   * Functions that look up the key, their second argument, in their first: what the first is as entries. Where the key is
   * absent, the result depends on the other arguments alone.
   */
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** Whether a field of dot is the same in every execution that the recording is for. */
  readonly isFixed: (field: string) => boolean;
}

/** What decides how an execution goes on: whether a value is true, what shape it has, or whether entries lack a key. */
export interface Question {
  readonly kind: "truth" | "shape" | "absence";
  readonly operation: Operation;
  /** The key, where the kind is absence. */
  readonly key: string;
}

/** A question and how it was answered. */
export interface Guard {
  readonly question: Question;
  readonly answer: string | boolean;
}

/** Something an execution must do in its order: compute a value that could fail, or ask. */
export type Step = Operation | Guard;

/** A value that an action writes. */
export interface Written {
  /** The index of the operation that gives it. */
  readonly index: number;
  readonly node: ActionNode;
}

/** One execution, as what it did with its data. */
export interface Recording {
  readonly steps: readonly Step[];
  /** What was written, whatever the data are: one text more than there are dynamic ones, which stand between them. */
  readonly fixed: readonly string[];
  readonly dynamic: readonly Written[];
  /** What was written of the dynamic values in this execution. */
  readonly dynamicTexts: readonly string[];
  readonly operations: number;
}

/** Thrown where a template does what the recorder does not follow. It is no error of the template. */
export class NotRecordable extends Error {}

/** A value, and how it comes from the data; without an operation it is the same in every execution. */
interface Traced {
  readonly value: Value;
  readonly operation: Operation | undefined;
  /** The members of a dict that the template itself built. */
  readonly members?: ReadonlyMap<string, Traced>;
}

/** What a call of a function is given where it stands. */
interface CallPlace {
  readonly operands: readonly OperandNode[];
  readonly dot: Traced;
  /** What the command before it hands on. */
  readonly final: Traced | undefined;
  /** Whether the call is a command of its own. */
  readonly isResult: boolean;
}

interface Variable {
  readonly name: string;
  current: Traced;
}

const nothing: Traced = { value: undefined, operation: undefined };
const maxOperations = 4000;
const maxCalls = 100;

function fixedValue(value: Value): Traced {
  return { value, operation: undefined };
}

/**
 * Executes a template once and notes what it computes from its data. What does not depend on the data is computed here
 * and stands in the recording as its result; a loop stands in it as its turns.
 *
 * Decided in ADR 0500.
 */
export class Recorder {
  private readonly steps: Step[] = [];
  private readonly fixed: string[] = [""];
  private readonly dynamic: Written[] = [];
  private readonly dynamicTexts: string[] = [];
  private readonly known = new Map<string, Operation>();
  private readonly lookups = new Map<Lookup, number>();
  private readonly asked = new Set<Operation>();
  private readonly absences = new Set<string>();
  private readonly shaped = new Set<Operation>();
  private readonly root: Operation;
  private variables: Variable[] = [];
  private count = 0;
  private calls = 0;

  constructor(
    private readonly run: Run,
    private readonly options: RecorderOptions,
  ) {
    this.root = rootOperation(this.nextIndex());
  }

  /**
   * Executes a template on a struct.
   *
   * @throws NotRecordable where it cannot be followed; GoTemplateError where it fails
   */
  record(template: CompiledTemplate, data: Value): Recording {
    this.call(template, { value: data, operation: this.root });
    const { steps, fixed, dynamic, dynamicTexts, count } = this;
    return { steps, fixed, dynamic, dynamicTexts, operations: count };
  }

  private call(template: CompiledTemplate, dot: Traced): void {
    this.calls += 1;
    if (this.calls > maxCalls) throw new NotRecordable("too many calls of templates");
    const outer = this.variables;
    this.variables = [{ name: "$", current: dot }];
    this.list(template.tree.root, dot);
    this.variables = outer;
  }

  private nextIndex(): number {
    if (this.count >= maxOperations) throw new NotRecordable("too many operations");
    this.count += 1;
    return this.count - 1;
  }

  /** The operation of this key: the same computation is done once. */
  private operation(key: string, make: (index: number) => Operation, canFail = true): Operation {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made = make(this.nextIndex());
    this.known.set(key, made);
    if (canFail) this.steps.push(made);
    return made;
  }

  private list({ nodes }: ListNode, dot: Traced): Signal {
    for (const node of nodes) {
      const signal = this.statement(node, dot);
      if (signal !== 0) return signal;
    }
    return 0;
  }

  private statement(node: StatementNode, dot: Traced): Signal {
    this.run.context.charge(1);
    switch (node.type) {
      case "text":
        this.write(node.text);
        return 0;
      case "action":
        this.action(node, dot);
        return 0;
      case "if":
      case "with":
        return this.within(() => this.branch(node, dot));
      case "range":
        return this.within(() => this.range(node, dot));
      case "template":
        this.templateCall(node, dot);
        return 0;
      case "break":
        return breakSignal;
      case "continue":
        return continueSignal;
    }
  }

  private within<T>(execute: () => T): T {
    const { length } = this.variables;
    const result = execute();
    this.variables.length = length;
    return result;
  }

  private write(text: string): void {
    const last = this.fixed.length - 1;
    this.fixed[last] = (this.fixed[last] ?? "") + text;
  }

  private action(node: ActionNode, dot: Traced): void {
    const { value, operation } = this.pipeline(node.pipe, dot);
    if (node.pipe.variables.length > 0) return;
    this.run.at = node;
    const text = typeof value === "string" ? value : printedText(this.run, node, value);
    if (operation === undefined) {
      this.write(text);
      return;
    }
    this.dynamicTexts.push(text);
    this.steps.push(operation);
    this.dynamic.push({ index: operation.index, node });
    this.fixed.push("");
  }

  private branch(node: BranchNode, dot: Traced): Signal {
    const tested = this.pipeline(node.pipe, dot);
    const { list, elseList } = node;
    if (this.isTrue(tested)) return this.within(() => this.list(list, node.type === "with" ? tested : dot));
    return elseList === undefined ? 0 : this.within(() => this.list(elseList, dot));
  }

  private isTrue({ value, operation }: Traced): boolean {
    const answer = isTrue(value);
    if (operation !== undefined && !this.asked.has(operation)) {
      this.asked.add(operation);
      this.ask({ kind: "truth", operation, key: "" }, answer);
    }
    return answer;
  }

  private ask(question: Question, answer: string | boolean): void {
    this.steps.push({ question, answer });
  }

  private range(node: BranchNode, dot: Traced): Signal {
    const { pipe } = node;
    if (pipe.isAssign) throw new NotRecordable("range assigns to variables that are there");
    const ranged = this.commands(pipe, dot);
    const turns = this.turns(ranged);
    const [first, second] = pipe.variables;
    for (const [key, element] of turns) {
      const signal = this.within(() => {
        if (second !== undefined) {
          if (key === undefined) throw new NotRecordable("range over an integer with two variables");
          if (first !== undefined) this.variables.push({ name: first.name, current: key });
          this.variables.push({ name: second.name, current: element });
        } else if (first !== undefined) this.variables.push({ name: first.name, current: element });
        return this.within(() => this.list(node.list, element));
      });
      if (signal === breakSignal) break;
    }
    const { elseList } = node;
    if (turns.length === 0 && elseList !== undefined) return this.within(() => this.list(elseList, dot));
    return 0;
  }

  /** The keys and elements that range walks. */
  private turns({ value, operation }: Traced): [Traced | undefined, Traced][] {
    if (operation !== undefined && !this.shaped.has(operation)) {
      this.shaped.add(operation);
      this.ask({ kind: "shape", operation, key: "" }, shapeOf(value));
    }
    if (value === undefined || value === null) return [];
    const items = itemsOf(value);
    if (items !== undefined)
      return items.map((item, index) => [fixedValue(BigInt(index)), this.item(item, index, operation)]);
    const entries = entriesOf(value);
    if (entries !== undefined) return this.entries(entries, operation);
    return integersTo(value).map((number) => [undefined, fixedValue(number)]);
  }

  private item(value: Value, at: number, list: Operation | undefined): Traced {
    if (list === undefined) return fixedValue(value);
    const make = (index: number) => itemOperation(index, list, at);
    return { value, operation: this.operation(`item ${list.index} ${at}`, make, false) };
  }

  private entries(
    entries: Readonly<Record<string, Value>>,
    map: Operation | undefined,
  ): [Traced | undefined, Traced][] {
    const names = sortedKeys(entries);
    if (map === undefined) return names.map((name) => [fixedValue(name), fixedValue(entries[name])]);
    const keys = this.operation(`keys ${map.index}`, (index) => keysOperation(index, map), false);
    return names.map((name, at) => {
      const key = this.item(name, at, keys);
      const { operation } = key;
      if (operation === undefined) return [key, fixedValue(entries[name])];
      const make = (index: number) => entryOperation(index, map, operation);
      const entry = this.operation(`entry ${map.index} ${operation.index}`, make, false);
      return [key, { value: entries[name], operation: entry }];
    });
  }

  private templateCall({ name, pipe }: TemplateNode, dot: Traced): void {
    const target = this.options.findTemplate(name);
    if (target === undefined) throw new NotRecordable("a template that is not there");
    this.call(target, pipe === undefined ? nothing : this.pipeline(pipe, dot));
  }

  private pipeline(pipe: PipeNode, dot: Traced): Traced {
    const result = this.commands(pipe, dot);
    const [variable, ...more] = pipe.variables;
    if (variable === undefined) return result;
    if (more.length > 0) throw new NotRecordable("a declaration of several variables");
    if (pipe.isAssign) this.variable(variable.name).current = result;
    else this.variables.push({ name: variable.name, current: result });
    return result;
  }

  private commands(pipe: PipeNode, dot: Traced): Traced {
    let final: Traced | undefined;
    for (const command of pipe.commands) final = this.result(this.command(command, dot, final));
    return final ?? nothing;
  }

  /** What a command hands on: nil becomes no value. */
  private result(traced: Traced): Traced {
    const { value, operation } = traced;
    if (operation === undefined || traced.members !== undefined || operation === this.root)
      return value === null ? nothing : traced;
    if (operation.isResult) return { ...traced, value: value ?? undefined };
    const make = (index: number) => resultOperation(index, operation);
    return {
      value: value ?? undefined,
      operation: this.operation(`result ${operation.index}`, make, false),
    };
  }

  private command(command: CommandNode, dot: Traced, final: Traced | undefined): Traced {
    const [first, ...operands] = command.args;
    if (first.type === "identifier")
      return this.functionCall(first.name, command, { operands, dot, final, isResult: true });
    if (operands.length > 0 || final !== undefined)
      throw new NotRecordable("arguments for what is no function");
    return this.operand(first, dot, true);
  }

  private operand(node: OperandNode, dot: Traced, isResult = false): Traced {
    switch (node.type) {
      case "field":
        return this.path(dot, node.path, node);
      case "variable":
        return this.path(this.variable(node.name).current, node.path, node);
      case "chain":
        return this.path(this.operand(node.node, dot), node.path, node);
      case "identifier":
        return this.functionCall(node.name, node, { operands: [], dot, final: undefined, isResult });
      case "pipe":
        if (node.variables.length > 0) throw new NotRecordable("a declaration in parentheses");
        return this.commands(node, dot);
      case "dot":
        return dot;
      case "nil":
        return nothing;
      default:
        return fixedValue(constant(node)(this.run, undefined));
    }
  }

  private variable(name: string): Variable {
    const variable = this.variables.findLast((one) => one.name === name);
    if (variable === undefined) throw new NotRecordable("a variable that is not declared here");
    return variable;
  }

  private path(start: Traced, path: readonly string[], node: Node): Traced {
    this.run.at = node;
    return path.reduce((receiver, name) => this.field(receiver, name), start);
  }

  private field(receiver: Traced, name: string): Traced {
    const { missingKey, isFixed } = this.options;
    const member = receiver.members?.get(name);
    if (member !== undefined) return member;
    const value = fieldOf(this.run, receiver.value, name, missingKey);
    const { operation } = receiver;
    if (operation === undefined) return fixedValue(value);
    if (operation === this.root && isFixed(name)) return fixedValue(value);
    const make = (index: number) => fieldOperation(index, operation, name, missingKey);
    return { value, operation: this.operation(`field ${operation.index} ${name}`, make) };
  }

  private functionCall(name: string, node: Node, { operands, dot, final, isResult }: CallPlace): Traced {
    const found = this.options.findFunction(name);
    if (found === undefined || !isRepeatable(found.target.effect))
      throw new NotRecordable(`a call of ${name}`);
    const { target, isBuiltin } = found;
    if (isBuiltin && (name === "and" || name === "or") && (operands.length > 0 || final !== undefined))
      return this.shortCircuit(operands, name === "or", dot, final);
    const args = operands.map((operand, index) => this.argument(target, index, operand, dot));
    if (final !== undefined) args.push(this.converted(target, args.length, final));
    return this.invoke(target, node, args, isResult);
  }

  private shortCircuit(
    operands: readonly OperandNode[],
    stopAt: boolean,
    dot: Traced,
    final: Traced | undefined,
  ): Traced {
    let result = nothing;
    for (const [index, operand] of operands.entries()) {
      result = this.operand(operand, dot);
      const isLast = index === operands.length - 1 && final === undefined;
      if (!isLast && this.isTrue(result) === stopAt) return result;
    }
    return final ?? result;
  }

  private argument(target: GoFunction, index: number, node: OperandNode, dot: Traced): Traced {
    const type = parameterType(target, index);
    switch (node.type) {
      case "nil":
        return fixedValue(nilArgument(type)(this.run, undefined));
      case "bool":
      case "number":
      case "string":
        return fixedValue(constantArgument(node, type)(this.run, undefined));
      default:
        return this.converted(target, index, this.operand(node, dot));
    }
  }

  /** The value is as the parameter takes it; an operation is converted when it is used. */
  private converted(target: GoFunction, index: number, traced: Traced): Traced {
    const value = converterTo(parameterType(target, index))(this.run, traced.value);
    return { ...traced, value };
  }

  private invoke(target: GoFunction, node: Node, args: readonly Traced[], isResult: boolean): Traced {
    this.run.at = node;
    const given = args.map(
      ({ value, operation }, parameter): Argument =>
        operation === undefined ? { operation, value } : { operation, parameter },
    );
    const value = target.call(
      args.map((argument) => argument.value),
      this.run.context,
    );
    if (value instanceof GoFunction) throw new NotRecordable("a function that gives a function");
    if (given.every(({ operation }) => operation === undefined) || this.isAbsent(target, args))
      return fixedValue(value);
    const make = (index: number) => callOperation(index, target, given, isResult);
    const isDict = target.name === this.options.mapFunction;
    const key = callKey(target, given, isResult);
    const operation = key === undefined ? this.unshared(make, !isDict) : this.operation(key, make, !isDict);
    const members = isDict ? this.members(args) : undefined;
    return members === undefined ? { value, operation } : { value, operation, members };
  }

  /** Whether a call looks up a key that is absent, and nothing else in it depends on the data. */
  private isAbsent({ name }: GoFunction, [container, key, ...others]: readonly Traced[]): boolean {
    const lookup = this.options.lookups.get(name);
    if (lookup === undefined || container?.operation === undefined || typeof key?.value !== "string")
      return false;
    if ([key, ...others].some(({ operation }) => operation !== undefined)) return false;
    const { operation } = container;
    const text = key.value;
    const make = (index: number) => entriesOperation(index, operation, lookup);
    const searched = this.operation(`entries ${this.numberOf(lookup)} ${operation.index}`, make, false);
    const entries = lookup(container.value);
    const answer = entries !== undefined && !Object.hasOwn(entries, text);
    const asked = `${searched.index} ${text}`;
    if (!this.absences.has(asked)) {
      this.absences.add(asked);
      this.ask({ kind: "absence", operation: searched, key: text }, answer);
    }
    return answer;
  }

  private numberOf(lookup: Lookup): number {
    const number = this.lookups.get(lookup) ?? this.lookups.size;
    this.lookups.set(lookup, number);
    return number;
  }

  private unshared(make: (index: number) => Operation, canFail: boolean): Operation {
    const made = make(this.nextIndex());
    if (canFail) this.steps.push(made);
    return made;
  }

  /** The members of a dict whose keys are known, so that reading one does not take building the dict. */
  private members(args: readonly Traced[]): Map<string, Traced> | undefined {
    const members = new Map<string, Traced>();
    for (let at = 0; at + 1 < args.length; at += 2) {
      const key = args[at];
      const member = args[at + 1];
      if (key === undefined || member === undefined) return undefined;
      if (key.operation !== undefined || typeof key.value !== "string") return undefined;
      members.set(key.value, this.member(member));
    }
    return args.length % 2 === 0 ? members : undefined;
  }

  private member(traced: Traced): Traced {
    const { operation } = traced;
    const value = traced.value ?? null;
    if (operation === undefined || operation === this.root || traced.members !== undefined)
      return { ...traced, value };
    const make = (index: number) => memberOperation(index, operation);
    return { value, operation: this.operation(`member ${operation.index}`, make, false) };
  }
}

function integersTo(end: Value): Value[] {
  const last = end instanceof GoScalar ? end.value : end;
  if (typeof last !== "bigint") throw new NotRecordable("range over what has no elements");
  if (last > BigInt(maxOperations)) throw new NotRecordable("a long range over an integer");
  return Array.from({ length: Number(last > 0n ? last : 0n) }, (_, index) =>
    end instanceof GoScalar ? new GoScalar(end.kind, end.type, BigInt(index)) : BigInt(index),
  );
}

/** Two calls of the same key compute the same; undefined where a fixed argument has no short text. */
function callKey(target: GoFunction, args: readonly Argument[], isResult: boolean): string | undefined {
  const parts = args.map((argument) => {
    if (argument.operation !== undefined) return `#${argument.operation.index}`;
    const { value } = argument;
    return typeof value === "string" || typeof value === "boolean" || typeof value === "bigint"
      ? `${typeof value} ${JSON.stringify(String(value))}`
      : undefined;
  });
  return parts.includes(undefined) ? undefined : `call ${isResult} ${target.name} ${parts.join(" ")}`;
}
