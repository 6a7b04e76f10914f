import { canBeNil, constantKind, numberOfType, zeroOf } from "./convert-argument.js";
import { typeOf } from "./kind.js";
import { type ExecutionContext, GoFunction, GoScalar, type ParameterType, type Value } from "./value.js";

/**
 * `call`: calls a function that is a value. `name` is the text that gave it.
 * Throws an Error with Go's words when it is no function or does not take the arguments.
 */
export function callValue(
  name: string,
  target: Value,
  args: readonly Value[],
  context: ExecutionContext,
): Value {
  if (target === undefined || target === null) throw new Error("call of nil");
  if (!(target instanceof GoFunction)) throw new Error(`non-function ${name} of type ${typeOf(target)}`);
  const { parameters, variadic } = target;
  const fixed = parameters.length - (variadic ? 1 : 0);
  if (variadic ? args.length < fixed : args.length !== fixed)
    throw new Error(
      `wrong number of args for ${name}: got ${args.length} want ${variadic ? "at least " : ""}${fixed}`,
    );
  const converted = args.map((arg, index) => {
    const type = parameters[Math.min(index, parameters.length - 1)] ?? "any";
    return convert(arg, type, index);
  });
  return target.call(converted, context);
}

function convert(value: Value, type: ParameterType, index: number): Value {
  if (type === "reflect") return value;
  if (value === undefined || value === null) {
    if (canBeNil(type)) return zeroOf(type);
    throw new Error(`arg ${index}: value is nil; should be of type ${type}`);
  }
  if (type === "any" || type === "interface {}" || typeOf(value) === type) return value;
  const number = value instanceof GoScalar ? value.value : value;
  const kind = constantKind(type);
  if (typeof number === "bigint" && (kind === "int" || kind === "uint")) return numberOfType(type, number);
  throw new Error(`arg ${index}: value has type ${typeOf(value)}; should be ${type}`);
}
