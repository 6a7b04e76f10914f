import fc from "fast-check";
import {
  type ElementType,
  type ElementValue,
  type FieldValue,
  Message,
  type MessageSchema,
  protoJson,
} from "../../src/mesh/index.js";

/** Keys that are ordinary keys here and traps in JavaScript. */
const keys = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString", "<&>", "\u2028"));
const text = fc.string({ unit: "grapheme" });

function scalar(type: string): fc.Arbitrary<ElementValue> {
  switch (type) {
    case "string":
      return text;
    case "bool":
      return fc.boolean();
    case "int32":
      return fc.integer();
    case "uint32":
      return fc.nat({ max: 2 ** 32 - 1 });
    case "int64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    default:
      return fc.double().map((number) => (Object.is(number, -0) ? 0 : number));
  }
}

function element(type: ElementType, depth: number): fc.Arbitrary<ElementValue> {
  if (type.kind === "enum") return fc.constantFrom(...type.enum.byName.values());
  return type.kind === "scalar" ? scalar(type.scalar) : messageOf(type.message, depth - 1);
}

/** A message that a failing property prints as its JSON; printing the object would print all schemas. */
export class Sample {
  constructor(readonly message: Message) {}
  toString(): string {
    return protoJson(this.message);
  }
}

/** Samples of a schema with at most `depth` levels below. */
export function sampleOf(schema: MessageSchema, depth: number): fc.Arbitrary<Sample> {
  return messageOf(schema, depth).map((message) => new Sample(message));
}

/** Messages of a schema with at most `depth` levels below, one member of each oneof at most. */
function messageOf(schema: MessageSchema, depth: number): fc.Arbitrary<Message> {
  if (schema.name === "google.protobuf.Duration") {
    // Go's durations are 64 bits of nanoseconds, so at most some 292 years.
    return fc
      .record({ seconds: fc.bigInt({ min: 0n, max: 9_000_000_000n }), nanos: fc.nat({ max: 999_999_999 }) })
      .map((fields) => Message.of(schema, fields));
  }
  if (schema.name === "google.protobuf.Value")
    return depth < -2 ? leafValue(schema) : anyValue(schema, depth);
  const fields: Record<string, fc.Arbitrary<FieldValue | undefined>> = {};
  for (const field of schema.fields) {
    if (depth < 0 && field.element.kind === "message" && !field.element.message.name.startsWith("google."))
      continue;
    const one = element(field.element, depth);
    const value: fc.Arbitrary<FieldValue> =
      field.cardinality === "repeated"
        ? fc.array(one, { maxLength: 3 })
        : field.cardinality === "map"
          ? fc.array(fc.tuple(keys, one), { maxLength: 3 }).map((entries) => new Map(entries))
          : one;
    fields[field.jsonName] = schema.name.endsWith("Value")
      ? value
      : fc.option(value, { nil: undefined, freq: 3 });
  }
  return fc.record(fields).map((values) => Message.of(schema, values));
}

function leafValue(schema: MessageSchema): fc.Arbitrary<Message> {
  return text.map((stringValue) => Message.of(schema, { stringValue }));
}

function anyValue(schema: MessageSchema, depth: number): fc.Arbitrary<Message> {
  const members = schema.fields.map((field) =>
    // JSON has no NaN, and a Struct's numbers are JSON's.
    (field.jsonName === "numberValue"
      ? fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .map((number) => (Object.is(number, -0) ? 0 : number))
      : element(field.element, depth)
    ).map((value) => Message.of(schema, { [field.jsonName]: value })),
  );
  return fc.oneof(...members);
}
