import { parseFloat64, parseInteger } from "../go/index.js";
import { GoScalar, type Value } from "../gotemplate/index.js";

/** What spf13/cast 1.6.0 makes of any value. What it cannot read is 0. */

/** The named integer types that cast knows. A value of another named type is 0. */
const namedIntegers: ReadonlySet<string> = new Set(["time.Month", "time.Weekday"]);

/** An int64, and an int too, which has 64 bits. */
export function toInt64(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return truncate(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string") return parseInteger(withoutZeroDecimals(value), 0).value ?? 0n;
  if (!(value instanceof GoScalar) || !isKnown(value)) return 0n;
  if (typeof value.value === "bigint") return BigInt.asIntN(64, value.value);
  return typeof value.value === "number" ? truncate(value.value) : 0n;
}

export function toFloat64(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") return parseFloat64(value) ?? 0;
  return value instanceof GoScalar && isKnown(value) ? Number(value.value) : 0;
}

function isKnown(scalar: GoScalar): boolean {
  return scalar.type === scalar.kind || namedIntegers.has(scalar.type);
}

/** Go's conversion on amd64: what does not fit becomes the smallest int64. */
function truncate(value: number): bigint {
  const smallest = -(2n ** 63n);
  if (!Number.isFinite(value)) return smallest;
  const integer = BigInt(Math.trunc(value));
  return BigInt.asIntN(64, integer) === integer ? integer : smallest;
}

/** `5.0` reads as 5. Go looks for the point from the end, over zeros only. */
function withoutZeroDecimals(text: string): string {
  let zero = false;
  for (let i = text.length - 1; i >= 0; i--) {
    const character = text[i];
    if (character === "." && zero) return text.slice(0, i);
    if (character !== "." && character !== "0") return text;
    zero ||= character === "0";
  }
  return text;
}
