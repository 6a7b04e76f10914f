import { type GoFunction, type GoScalar, int64, TypedSlice, type Value } from "../gotemplate/index.js";
import { toFloat64, toInt64 } from "./cast.js";
import {
  addDecimals,
  type Decimal,
  decimalOf,
  decimalToFloat,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from "./decimal.js";
import { define, defineAll, type Invocation } from "./invocation.js";
import { SprigError } from "./sprig-error.js";

/** The `math` family. Integers are int64 and wrap; the functions that end in f compute in decimals. */
export const mathFunctions: readonly GoFunction[] = [
  define("add", "pure", ["...any"], (call) =>
    int64(call.rest(0).reduce<bigint>((sum, v) => sum + toInt64(v), 0n)),
  ),
  define("add1", "pure", ["any"], (call) => int64(toInt64(call.any(0)) + 1n)),
  define("sub", "pure", ["any", "any"], (call) => int64(toInt64(call.any(0)) - toInt64(call.any(1)))),
  define("mul", "pure", ["any", "...any"], (call) => {
    return int64(call.rest(0).reduce<bigint>((product, v) => BigInt.asIntN(64, product * toInt64(v)), 1n));
  }),
  define("div", "pure", ["any", "any"], (call) => int64(toInt64(call.any(0)) / divisor(call))),
  define("mod", "pure", ["any", "any"], (call) => int64(toInt64(call.any(0)) % divisor(call))),
  ...defineAll(["max", "biggest"], "pure", ["any", "...any"], (call) => first(call, (a, b) => a > b)),
  define("min", "pure", ["any", "...any"], (call) => first(call, (a, b) => a < b)),
  define("maxf", "pure", ["any", "...any"], (call) => extreme(call, Math.max, Infinity)),
  define("minf", "pure", ["any", "...any"], (call) => extreme(call, Math.min, -Infinity)),
  define("add1f", "pure", ["any"], (call) => decimals(call, [call.any(0), 1], addDecimals)),
  define("addf", "pure", ["...any"], (call) => decimals(call, [0, ...call.rest(0)], addDecimals)),
  define("subf", "pure", ["any", "...any"], (call) => decimals(call, call.rest(0), subtractDecimals)),
  define("mulf", "pure", ["any", "...any"], (call) => decimals(call, call.rest(0), multiplyDecimals)),
  define("divf", "pure", ["any", "...any"], (call) => decimals(call, call.rest(0), divideDecimals)),
  define("floor", "pure", ["any"], (call) => Math.floor(toFloat64(call.any(0)))),
  define("ceil", "pure", ["any"], (call) => Math.ceil(toFloat64(call.any(0)))),
  define("round", "pure", ["any", "int", "...float64"], (call) => {
    return rounded(toFloat64(call.any(0)), call.int(1), call.count > 2 ? call.float(2) : 0.5);
  }),
  define("until", "pure", ["int"], (call) => {
    return intSlice(steps(call, 0n, call.int(0), call.int(0) < 0n ? -1n : 1n));
  }),
  define("untilStep", "pure", ["int", "int", "int"], (call) => {
    return intSlice(steps(call, call.int(0), call.int(1), call.int(2)));
  }),
  define("seq", "pure", ["...int"], (call) => sequence(call)),
];

function divisor(call: Invocation): bigint {
  const value = toInt64(call.any(1));
  if (value === 0n) throw new SprigError("arithmetic", "runtime error: integer divide by zero");
  return value;
}

/** The argument that comes before all others. */
function first(call: Invocation, before: (a: bigint, b: bigint) => boolean): GoScalar {
  let found = toInt64(call.any(0));
  for (const value of call.rest(1).map(toInt64)) if (before(value, found)) found = value;
  return int64(found);
}

/** Go's math.Max and Min: an infinity on their own side wins even against NaN. */
function extreme(call: Invocation, choose: (a: number, b: number) => number, winner: number): number {
  const numbers = call.rest(0).map(toFloat64);
  return numbers.reduce((a, b) => (a === winner || b === winner ? winner : choose(a, b)));
}

/** The coefficient may grow with each operand, so each is paid for by its place. */
function decimals(
  call: Invocation,
  operands: readonly Value[],
  operation: (left: Decimal, right: Decimal) => Decimal,
): number {
  const [first = decimalOf(0), ...others] = operands.map((operand) => decimalOf(toFloat64(operand)));
  const result = others.reduce((left, right, index) => {
    call.charge(index + 1);
    return operation(left, right);
  }, first);
  return decimalToFloat(result);
}

/** The rest at which to round up counts from zero, so -2.5 becomes -3. */
function rounded(value: number, places: bigint, roundOn: number): number {
  const power = powerOfTen(Number(places));
  const digits = power * value;
  const fraction = Number.isFinite(digits) ? digits % 1 : Number.NaN;
  return (fraction >= roundOn ? Math.ceil(digits) : Math.floor(digits)) / power;
}

/**
 * Go's math.Pow(10, n): repeated squaring of a mantissa in [0.5, 1) beside a binary exponent. From 10^23 on
 * the result may differ from the nearest number, and the rounding shows it.
 */
function powerOfTen(places: number): number {
  if (Math.abs(places) > 400) return places > 0 ? Infinity : 0;
  let mantissa = 1;
  let exponent = 0;
  let base = 0.625;
  let baseExponent = 4;
  for (let rest = Math.abs(places); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) {
      mantissa *= base;
      exponent += baseExponent;
    }
    base *= base;
    baseExponent *= 2;
    if (base < 0.5) {
      base *= 2;
      baseExponent -= 1;
    }
  }
  const [m, e] = places < 0 ? [1 / mantissa, -exponent] : [mantissa, exponent];
  // In two steps: a single power of two would leave the range before the product does.
  const half = Math.trunc(e / 2);
  return m * 2 ** half * 2 ** (e - half);
}

/** The numbers from start towards stop, without it; none when the step leads away. */
function steps(call: Invocation, start: bigint, stop: bigint, step: bigint): bigint[] {
  const down = stop < start;
  if (down ? step >= 0n : step <= 0n) return [];
  const distance = down ? start - stop : stop - start;
  const width = down ? -step : step;
  const count = Number((distance + width - 1n) / width);
  call.charge(count);
  if (count > longestList) throw tooLong(count);
  return Array.from({ length: count }, (_, index) => start + BigInt(index) * step);
}

/** JavaScript's arrays end at 2^32 elements and memory far before; a pod needs some dozens. */
const longestList = 2 ** 22;

function tooLong(count: number): SprigError {
  return new SprigError(
    "bounds",
    `the list would have ${count} elements, more than the ${longestList} allowed`,
  );
}

function intSlice(items: readonly bigint[]): TypedSlice {
  return new TypedSlice("[]int", items);
}

/** Like the program seq: last, or first and last, or first, increment and last; the last one included. */
function sequence(call: Invocation): string {
  if (call.count === 0 || call.count > 3) return "";
  const last = call.int(call.count - 1);
  const first = call.count === 1 ? 1n : call.int(0);
  const direction = last < first ? -1n : 1n;
  const step = call.count === 3 ? call.int(1) : direction;
  if (call.count === 3 && direction < 0n && step > 0n) return "";
  return steps(call, first, last + direction, step).join(" ");
}
