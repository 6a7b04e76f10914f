import { goJsonString, quoteExcerpt, trim } from "../go/index.js";
import type { JsonValue } from "../json/index.js";
import { excerpt } from "../text/index.js";
import type { EnumSchema, EnumValue } from "./enum-value.js";
import type { ElementValue } from "./message.js";
import type { ScalarType } from "./message-schema.js";

/** A value that does not fit its type: Go's words for it, to which the caller adds the place. */
export class Mismatch extends Error {}

const integerRanges = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;
const goNumberTypes = { int32: "int32", uint32: "uint32", int64: "int64", double: "float64" } as const;
const specialNumbers: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** What encoding/json says of a value that a Go type cannot take. Numbers are quoted for numeric types only. */
export function cannotUnmarshal(value: JsonValue, goType: string, numberText = ""): Mismatch {
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const word = kind === "boolean" ? "bool" : kind === "bigint" ? "number" : kind;
  return new Mismatch(
    `json: cannot unmarshal ${word}${numberText === "" ? "" : ` ${excerpt(numberText, 40)}`} into Go value of type ${goType}`,
  );
}

/** Reads a scalar by the rules of the legacy Go codec: numbers may be quoted, nothing else is converted. */
export function readScalar(type: ScalarType, value: JsonValue): ElementValue {
  if (type === "string") {
    if (typeof value !== "string") throw cannotUnmarshal(value, "string");
    return value;
  }
  if (type === "bool") {
    if (typeof value !== "boolean") throw cannotUnmarshal(value, "bool");
    return value;
  }
  return type === "double" ? readDouble(value) : readInteger(type, value);
}

function readDouble(value: JsonValue): number {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value !== "string") throw cannotUnmarshal(value, "float64");
  const special = specialNumbers.get(value);
  return special ?? Number(quotedNumber("double", value));
}

function readInteger(type: "int32" | "uint32" | "int64", value: JsonValue): number | bigint {
  const text = typeof value === "string" ? quotedNumber(type, value) : numberText(value);
  if (text === undefined) throw cannotUnmarshal(value, type);
  const [least, most] = integerRanges[type];
  const integer = /^-?\d+$/.test(text) && text.length < 30 ? BigInt(text) : undefined;
  if (integer === undefined || integer < least || integer > most) throw cannotUnmarshal(0, type, text);
  return type === "int64" ? integer : Number(integer);
}

/** A number as its JSON text: whole ones in full, since a double beyond 2^53 is one too. Undefined for all else. */
function numberText(value: JsonValue): string | undefined {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "number") return undefined;
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value);
}

/** The number inside quotes, which the codec reads as JSON once more. */
function quotedNumber(type: keyof typeof goNumberTypes, text: string): string {
  const trimmed = trim(text, " \t\r\n");
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed)) return trimmed;
  if (trimmed === "") throw new Mismatch("unexpected end of JSON input");
  if (trimmed === "null") return "0";
  if (trimmed === "true" || trimmed === "false") throw cannotUnmarshal(true, goNumberTypes[type]);
  const [first = ""] = trimmed;
  if (/^-?\d/.test(trimmed)) {
    const rest = trimmed.replace(/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/, "");
    throw new Mismatch(`invalid character '${[...rest][0] ?? ""}' after top-level value`);
  }
  throw new Mismatch(`invalid character '${first}' looking for beginning of value`);
}

/** Reads an enum: a name, or a number, which need not be one that the enum names. */
export function readEnum(schema: EnumSchema, value: JsonValue): EnumValue {
  if (typeof value === "string") {
    const named = schema.byName.get(value);
    if (named !== undefined) return named;
    throw new Mismatch(`unknown value ${quoteExcerpt(goJsonString(value))} for enum ${schema.name}`);
  }
  const text = numberText(value);
  // An object that is no number may not even turn into one: `toString` can be a key of it.
  const number = text === undefined ? Number.NaN : Number(text);
  if (!Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 31)
    throw cannotUnmarshal(value, "protoreflect.EnumNumber", text);
  return schema.value(number);
}
