import { EnumValue } from "./enum-value.js";
import type { FieldSchema, MessageSchema, OneofSchema, ScalarType } from "./message-schema.js";

/** One value: a bool, a string, a number (bigint for int64), an enum's value or a message. */
export type ElementValue = string | boolean | number | bigint | EnumValue | Message;

/** What a field holds. */
export type FieldValue = ElementValue | readonly ElementValue[] | ReadonlyMap<string, ElementValue>;

const zeros: Readonly<Record<ScalarType, ElementValue>> = {
  string: "",
  bool: false,
  int32: 0,
  uint32: 0,
  int64: 0n,
  double: 0,
};

function isEmpty(value: FieldValue): boolean {
  if (value instanceof EnumValue) return value.number === 0;
  if (value instanceof Message) return false;
  if (isList(value)) return value.length === 0;
  if (isMap(value)) return value.size === 0;
  return value === "" || value === false || value === 0 || value === 0n;
}

/**
 * A protobuf message: immutable, and in one form only. As in proto3 a zero scalar and an empty list are the same as none,
 * except for a member of a oneof. Messages are there or not, so wrappers (`google.protobuf.BoolValue`) tell false from unset:
 * a wrapper is a message with the field `value`, a duration one with `seconds` and `nanos`.
 *
 * Fields are named by their JSON names (`proxyMetadata`). Asking for a field that the schema does not have throws a TypeError.
 */
export class Message {
  private constructor(
    readonly schema: MessageSchema,
    private readonly values: ReadonlyMap<string, FieldValue>,
  ) {}

  /** Makes a message of fields by JSON name; undefined leaves a field out. */
  static of(schema: MessageSchema, fields: Readonly<Record<string, FieldValue | undefined>> = {}): Message {
    return new Message(schema, new Map()).with(fields);
  }

  /** A copy with these fields replaced; undefined takes a field away. Setting a member of a oneof unsets the others. */
  with(changes: Readonly<Record<string, FieldValue | undefined>>): Message {
    return this.withAll(Object.entries(changes));
  }

  /** As {@link Message.with}, for names that come from elsewhere. */
  withAll(changes: Iterable<readonly [string, FieldValue | undefined]>): Message {
    const values = new Map(this.values);
    for (const [name, value] of changes) {
      const field = this.field(name);
      if (value !== undefined) for (const other of field.oneof?.fields ?? []) values.delete(other.jsonName);
      if (value === undefined || (field.oneof === undefined && isEmpty(value))) values.delete(name);
      else values.set(name, value);
    }
    return new Message(this.schema, values);
  }

  /** Whether the field is set: for a scalar outside a oneof, whether it is not zero. */
  has(name: string): boolean {
    return this.values.has(this.field(name).jsonName);
  }

  /** The field as a Go getter gives it: zero, empty list or empty map when unset; undefined is a nil message. */
  get(name: string): FieldValue | undefined {
    // What is set is a field of the schema.
    return this.values.get(name) ?? zeroOf(this.field(name));
  }

  /** The member of a oneof that is set, undefined when none is. */
  which(oneof: OneofSchema): FieldSchema | undefined {
    return oneof.fields.find((field) => this.values.has(field.jsonName));
  }

  /** The fields that are set, in declaration order. */
  *entries(): Generator<readonly [FieldSchema, FieldValue]> {
    for (const field of this.schema.fields) {
      const value = this.values.get(field.jsonName);
      if (value !== undefined) yield [field, value];
    }
  }

  /** A string field; empty when unset. */
  text(name: string): string {
    const value = this.get(name);
    return typeof value === "string" ? value : this.mistake(name, "a string");
  }

  /** A bool field; false when unset. */
  flag(name: string): boolean {
    const value = this.get(name);
    return typeof value === "boolean" ? value : this.mistake(name, "a bool");
  }

  /** An int32, uint32 or double field; 0 when unset. */
  number(name: string): number {
    const value = this.get(name);
    return typeof value === "number" ? value : this.mistake(name, "a number");
  }

  /** An enum field; its zero value when unset. */
  enum(name: string): EnumValue {
    const value = this.get(name);
    return value instanceof EnumValue ? value : this.mistake(name, "an enum");
  }

  /** A message field; undefined when unset. */
  message(name: string): Message | undefined {
    const value = this.get(name);
    return value === undefined || value instanceof Message ? value : this.mistake(name, "a message");
  }

  /** What a wrapper field holds (bool, number or bigint); undefined when unset. */
  wrapped(name: string): boolean | number | bigint | undefined {
    const value = this.message(name)?.get("value");
    if (value === undefined || typeof value === "boolean" || typeof value === "number") return value;
    return typeof value === "bigint" ? value : this.mistake(name, "a wrapper");
  }

  /** A duration field in nanoseconds; undefined when unset. */
  duration(name: string): bigint | undefined {
    const value = this.message(name);
    return value === undefined ? undefined : durationNanoseconds(value);
  }

  /** A repeated field of messages. */
  messages(name: string): readonly Message[] {
    return this.list(name).filter((item) => item instanceof Message);
  }

  /** A repeated field; empty when unset. */
  list(name: string): readonly ElementValue[] {
    const value = this.get(name);
    return isList(value) ? value : this.mistake(name, "repeated");
  }

  /** A repeated field of strings. */
  strings(name: string): readonly string[] {
    return this.list(name).filter((item) => typeof item === "string");
  }

  /** A map field; empty when unset. */
  map(name: string): ReadonlyMap<string, ElementValue> {
    const value = this.get(name);
    return isMap(value) ? value : this.mistake(name, "a map");
  }

  /** A map field of strings. */
  stringMap(name: string): ReadonlyMap<string, string> {
    const result = new Map<string, string>();
    for (const [key, value] of this.map(name)) if (typeof value === "string") result.set(key, value);
    return result;
  }

  private field(name: string): FieldSchema {
    const field = this.schema.byName.get(name);
    if (field?.jsonName === name) return field;
    throw new TypeError(`${this.schema.name} has no field ${name}`);
  }

  private mistake(name: string, expected: string): never {
    throw new TypeError(`The field ${name} of ${this.schema.name} is not ${expected}`);
  }
}

/** Nanoseconds of a google.protobuf.Duration. */
export function durationNanoseconds(duration: Message): bigint {
  const seconds = duration.get("seconds");
  return (typeof seconds === "bigint" ? seconds : 0n) * 1_000_000_000n + BigInt(duration.number("nanos"));
}

/** Whether the value is that of a repeated field. */
export function isList(value: FieldValue | undefined): value is readonly ElementValue[] {
  return Array.isArray(value);
}

/** Whether the value is that of a map field. */
export function isMap(value: FieldValue | undefined): value is ReadonlyMap<string, ElementValue> {
  return value instanceof Map;
}

const emptyMap: ReadonlyMap<string, ElementValue> = new Map();

function zeroOf(field: FieldSchema): FieldValue | undefined {
  if (field.cardinality === "repeated") return [];
  if (field.cardinality === "map") return emptyMap;
  const { element } = field;
  if (element.kind === "message") return undefined;
  return element.kind === "enum" ? element.enum.zero : zeros[element.scalar];
}

/** Whether two messages of one schema hold the same values. The order of map entries does not matter. */
export function messagesEqual(left: Message | undefined, right: Message | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || left.schema !== right.schema) return false;
  return left.schema.fields.every(({ jsonName }) => {
    if (left.has(jsonName) !== right.has(jsonName)) return false;
    return !left.has(jsonName) || valuesEqual(left.get(jsonName), right.get(jsonName));
  });
}

function valuesEqual(left: FieldValue | undefined, right: FieldValue | undefined): boolean {
  if (left instanceof Message && right instanceof Message) return messagesEqual(left, right);
  if (left instanceof EnumValue && right instanceof EnumValue) return left.number === right.number;
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((item, i) => valuesEqual(item, right[i]));
  if (isMap(left) && isMap(right))
    return left.size === right.size && [...left].every(([key, item]) => valuesEqual(item, right.get(key)));
  return Object.is(left, right);
}
