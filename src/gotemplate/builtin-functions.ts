import { callValue } from "./call-value.js";
import { equal, greater, greaterOrEqual, less, lessOrEqual, notEqual } from "./comparison.js";
import { escapeHtml } from "./escape-html.js";
import { escapeJs } from "./escape-js.js";
import { escapeQuery } from "./escape-query.js";
import { indexValue, sliceValue, valueLength } from "./indexing.js";
import { isTrue } from "./is-true.js";
import { printable } from "./pointee.js";
import { goSprint, goSprintln } from "./print.js";
import { goSprintf } from "./sprintf.js";
import { checkTextLength } from "./text-limit.js";
import {
  type ContextOf,
  type Effect,
  type FunctionMap,
  GoFunction,
  type ParameterType,
  type PureContext,
  type Value,
} from "./value.js";

type Body = (args: readonly Value[], context: PureContext) => Value;

// A step for every so many characters: printing is charged by what it makes.
const charactersPerStep = 64;

function charged(text: string, context: PureContext): string {
  context.charge(Math.ceil(text.length / charactersPerStep));
  return text;
}

/** A single string as it is, otherwise what print makes of the arguments; nothing is `<no value>`, as in an action. */
function toText(args: readonly Value[]): string {
  const [first] = args;
  if (args.length === 1 && typeof first === "string") {
    checkTextLength(first.length);
    return first;
  }
  return goSprint(args.map((arg) => printable(arg) ?? "<no value>"));
}

function define<E extends Effect>(
  name: string,
  effect: E,
  parameters: readonly ParameterType[],
  variadic: boolean,
  call: (args: readonly Value[], context: ContextOf<E>) => Value,
): [string, GoFunction] {
  return [name, new GoFunction(name, effect, parameters, variadic, call)];
}

/** Go stops evaluating the arguments of these two early; the compiler sees to that, and this is their result. */
function firstWith(truth: boolean): Body {
  return (args) => args.find((arg) => isTrue(arg) === truth) ?? args[args.length - 1];
}

/** The functions that every template knows. Functions of the same name take their place. */
export const builtinFunctions: FunctionMap = new Map([
  define("and", "pure", ["reflect", "reflect"], true, firstWith(false)),
  define("or", "pure", ["reflect", "reflect"], true, firstWith(true)),
  define("not", "pure", ["reflect"], false, ([value]) => !isTrue(value)),
  define("eq", "pure", ["reflect", "reflect"], true, (args) => equal(args[0], args.slice(1))),
  define("ne", "pure", ["reflect", "reflect"], false, (args) => notEqual(args[0], args[1])),
  define("lt", "pure", ["reflect", "reflect"], false, ([a, b]) => less(a, b)),
  define("le", "pure", ["reflect", "reflect"], false, ([a, b]) => lessOrEqual(a, b)),
  define("gt", "pure", ["reflect", "reflect"], false, ([a, b]) => greater(a, b)),
  define("ge", "pure", ["reflect", "reflect"], false, ([a, b]) => greaterOrEqual(a, b)),
  define("len", "pure", ["reflect"], false, ([value]) => valueLength(value)),
  define("index", "pure", ["reflect", "reflect"], true, (args) => indexValue(args[0], args.slice(1))),
  define("slice", "pure", ["reflect", "reflect"], true, ([value, ...indexes]) => sliceValue(value, indexes)),
  // The compiler gives `call` the text of its function, which messages show.
  define("call", "unknown", ["reflect", "reflect"], true, ([target, ...args], context) =>
    callValue("value", target, args, context),
  ),
  define("print", "pure", ["any"], true, (args, context) => charged(goSprint(args), context)),
  define("println", "pure", ["any"], true, (args, context) => charged(goSprintln(args), context)),
  define("printf", "pure", ["string", "any"], true, (args, context) => {
    const [format] = args;
    return charged(typeof format === "string" ? goSprintf(format, args.slice(1)) : "", context);
  }),
  define("html", "pure", ["any"], true, (args, context) => charged(escapeHtml(toText(args)), context)),
  define("js", "pure", ["any"], true, (args, context) => charged(escapeJs(toText(args)), context)),
  define("urlquery", "pure", ["any"], true, (args, context) => charged(escapeQuery(toText(args)), context)),
]);
