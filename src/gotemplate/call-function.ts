import { converterTo } from "./convert-argument.js";
import { isLimit } from "./is-limit.js";
import type { Node } from "./nodes.js";
import type { Eval, Run } from "./run.js";
import type { GoFunction, ParameterType, Value } from "./value.js";

/** An argument that is not compiled before the type it must have is known. */
export type LazyArgument = (type: ParameterType) => Eval;

/** Like Eval, with the value that the pipeline hands to a command as its last argument. */
export type Command = (run: Run, dot: Value, final?: Value) => Value;

/** Where a call stands: `node` is to blame when the function fails. */
export interface CallSite {
  readonly name: string;
  readonly node: Node;
  readonly args: readonly LazyArgument[];
  readonly hasFinal: boolean;
}

/** Compiles the call of a function whose arguments are known. */
export function compileCall(target: GoFunction, site: CallSite): Command {
  const problem = arityProblem(target, site);
  if (problem !== undefined) return (run) => run.fail(problem);
  const { name, node, hasFinal } = site;
  const evals = site.args.map((argument, index) => argument(parameterType(target, index)));
  const [first, second] = evals;
  if (!hasFinal && first === undefined) return (run) => invoke(run, target, name, node, []);
  if (!hasFinal && first !== undefined && second === undefined)
    return (run, dot) => invoke(run, target, name, node, [first(run, dot)]);
  if (!hasFinal && first !== undefined && second !== undefined && evals.length === 2)
    return (run, dot) => invoke(run, target, name, node, [first(run, dot), second(run, dot)]);
  if (!hasFinal) return (run, dot) => invoke(run, target, name, node, evaluate(evals, run, dot));
  const convert = converterTo(parameterType(target, evals.length));
  return (run, dot, final) => {
    const args = evaluate(evals, run, dot);
    args.push(convert(run, final));
    return invoke(run, target, name, node, args);
  };
}

function evaluate(evals: readonly Eval[], run: Run, dot: Value): Value[] {
  const args: Value[] = [];
  for (const evaluateOne of evals) args.push(evaluateOne(run, dot));
  return args;
}

function arityProblem(target: GoFunction, { name, args, hasFinal }: CallSite): string | undefined {
  const given = args.length + (hasFinal ? 1 : 0);
  const fixed = target.parameters.length - (target.variadic ? 1 : 0);
  if (target.variadic)
    return given < fixed
      ? `wrong number of args for ${name}: want at least ${fixed} got ${args.length}`
      : undefined;
  return given === fixed ? undefined : `wrong number of args for ${name}: want ${fixed} got ${given}`;
}

/** The type of a parameter; the last one repeats. */
export function parameterType(target: GoFunction, index: number): ParameterType {
  return target.parameters[Math.min(index, target.parameters.length - 1)] ?? "any";
}

// A function may read its texts from end to end, so it is charged for long ones: a step for so many characters.
const charactersPerStep = 256;

function chargeForTexts(run: Run, args: readonly Value[]): void {
  for (const arg of args)
    if (typeof arg === "string" && arg.length > charactersPerStep)
      run.context.charge(Math.floor(arg.length / charactersPerStep));
}

/** Calls a function. What it throws becomes an error at `node`. */
export function invoke(
  run: Run,
  target: GoFunction,
  name: string,
  node: Node,
  args: readonly Value[],
): Value {
  try {
    chargeForTexts(run, args);
    return target.call(args, run.context);
  } catch (cause) {
    run.at = node;
    if (isLimit(cause)) throw cause;
    return run.fail(
      `error calling ${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}
