import { type EnumSchema, EnumValue } from "./enum-value.js";
import type { ElementType, FieldSchema, MessageSchema, OneofSchema, ScalarType } from "./message-schema.js";
import type { FieldTable, FieldType, MessageTable } from "./message-table.js";
import { goName, jsonName } from "./proto-name.js";

const scalars: ReadonlyMap<string, ScalarType> = new Map(
  (["string", "bool", "int32", "uint32", "int64", "double"] as const).map((name) => [name, name]),
);

/** Go packages whose name is not the last part of the proto package. */
const goPackages: Readonly<Record<string, string>> = {
  "google.protobuf.Duration": "durationpb",
  "google.protobuf.Struct": "structpb",
  "google.protobuf.Value": "structpb",
  "google.protobuf.ListValue": "structpb",
  "google.protobuf.NullValue": "structpb",
};

function goTypeName(packageName: string, name: string): string {
  const fallback =
    packageName === "google.protobuf" ? "wrapperspb" : packageName.slice(packageName.lastIndexOf(".") + 1);
  return `${goPackages[`${packageName}.${name}`] ?? fallback}.${name.replaceAll(".", "_")}`;
}

class LinkedEnum implements EnumSchema {
  readonly byName = new Map<string, EnumValue>();
  readonly zero: EnumValue;
  private readonly byNumber = new Map<number, EnumValue>();

  constructor(
    readonly name: string,
    readonly goType: string,
    numbers: Readonly<Record<string, number>>,
  ) {
    for (const [valueName, number] of Object.entries(numbers)) {
      const value = new EnumValue(this, number, valueName);
      this.byName.set(valueName, value);
      this.byNumber.set(number, value);
    }
    this.zero = this.value(0);
  }

  value(number: number): EnumValue {
    return this.byNumber.get(number) ?? new EnumValue(this, number, undefined);
  }
}

class LinkedOneof implements OneofSchema {
  readonly goName: string;
  readonly fields: FieldSchema[] = [];
  constructor(
    readonly protoName: string,
    private readonly messageGoType: string,
    private readonly goTypes: ReadonlySet<string>,
  ) {
    this.goName = goName(protoName);
  }

  goTypeOf(field: FieldSchema): string {
    const name = `${this.messageGoType}_${field.goName}`;
    // protoc-gen-go appends an underscore when a nested type has the name already.
    return this.goTypes.has(name) ? `${name}_` : name;
  }
}

class LinkedMessage implements MessageSchema {
  readonly fields: FieldSchema[] = [];
  readonly oneofs: OneofSchema[] = [];
  readonly byName = new Map<string, FieldSchema>();
  readonly byGoName = new Map<string, FieldSchema>();
  constructor(
    readonly name: string,
    readonly goType: string,
  ) {}

  add(field: FieldSchema): void {
    this.fields.push(field);
    this.byName.set(field.protoName, field);
    this.byName.set(field.jsonName, field);
    this.byGoName.set(field.goName, field);
  }
}

/** Turns tables into schemas that refer to each other, by full name. A type that no table has is a mistake in them. */
export function linkSchemas(tables: readonly MessageTable[]): ReadonlyMap<string, MessageSchema> {
  const messages = new Map<string, LinkedMessage>();
  const enums = new Map<string, EnumSchema>();
  const goTypes = new Set<string>();
  for (const table of tables) {
    for (const name of Object.keys(table.messages)) {
      const message = new LinkedMessage(`${table.package}.${name}`, goTypeName(table.package, name));
      messages.set(message.name, message);
      goTypes.add(message.goType);
    }
    for (const [name, numbers] of Object.entries(table.enums)) {
      const linked = new LinkedEnum(`${table.package}.${name}`, goTypeName(table.package, name), numbers);
      enums.set(linked.name, linked);
      goTypes.add(linked.goType);
    }
  }

  const element = (type: string, packageName: string): ElementType => {
    const scalar = scalars.get(type);
    if (scalar !== undefined) return { kind: "scalar", scalar };
    const name = /^(istio|google)\./.test(type) ? type : `${packageName}.${type}`;
    const message = messages.get(name);
    if (message !== undefined) return { kind: "message", message };
    const enumeration = enums.get(name);
    if (enumeration !== undefined) return { kind: "enum", enum: enumeration };
    throw new Error(`Cannot link the message tables: no table has the type ${name}`);
  };
  const makeField = (
    protoName: string,
    type: FieldType,
    packageName: string,
    oneof: OneofSchema | undefined,
  ): FieldSchema => {
    const [, prefix, elementType = ""] = /^(repeated |map )?(.*)$/.exec(type) ?? [];
    const cardinality = prefix === "repeated " ? "repeated" : prefix === "map " ? "map" : "single";
    return {
      protoName,
      jsonName: jsonName(protoName),
      goName: goName(protoName),
      cardinality,
      element: element(elementType, packageName),
      oneof,
    };
  };
  const fill = (message: LinkedMessage, fields: FieldTable, packageName: string): void => {
    for (const [name, entry] of Object.entries(fields)) {
      if (typeof entry === "string") {
        message.add(makeField(name, entry, packageName, undefined));
        continue;
      }
      const oneof = new LinkedOneof(name, message.goType, goTypes);
      message.oneofs.push(oneof);
      for (const [member, type] of Object.entries(entry.oneof)) {
        const field = makeField(member, type, packageName, oneof);
        oneof.fields.push(field);
        message.add(field);
      }
    }
  };

  for (const table of tables) {
    for (const [name, fields] of Object.entries(table.messages)) {
      const message = messages.get(`${table.package}.${name}`);
      if (message !== undefined) fill(message, fields, table.package);
    }
  }
  return messages;
}
