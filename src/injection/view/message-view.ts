import {
  GoFunction,
  GoScalar,
  GoStruct,
  type LooseMap,
  NilPointer,
  noField,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../gotemplate/index.js";
import { setOwn } from "../../json/index.js";
import {
  type ElementType,
  type ElementValue,
  EnumValue,
  type FieldSchema,
  type FieldValue,
  fieldByGoName,
  Message,
  type MessageSchema,
  oneofByGoName,
  protoJson,
} from "../../mesh/index.js";

/** A protobuf enum as templates see it: a number that prints as its name. */
class EnumView extends GoScalar {
  constructor(private readonly member: EnumValue) {
    super("int32", member.schema.goType, BigInt(member.number));
  }
  override toText(): string {
    return this.member.toString();
  }
  override method(name: string): GoFunction | undefined {
    return name === "String" ? new GoFunction(name, "pure", [], false, () => this.toText()) : undefined;
  }
}

/** A pointer to a protobuf message: fields and getters by their Go names. */
export class MessageView extends GoStruct {
  readonly kind = "ptr";
  readonly type: string;

  constructor(readonly message: Message) {
    super();
    this.type = `*${message.schema.goType}`;
  }

  fieldNames(): readonly string[] {
    return this.message.schema.fields
      .filter((field) => field.oneof === undefined)
      .map((field) => field.goName);
  }

  /** What Sprig's `toJson` writes: the JSON of the message, not Go's names of its fields. */
  toJSON(): Value {
    const tree: LooseMap = JSON.parse(protoJson(this.message));
    return tree;
  }

  field(name: string): Value | typeof noField {
    const { schema } = this.message;
    const oneof = oneofByGoName(schema, name);
    if (oneof !== undefined) {
      const member = this.message.which(oneof);
      return member === undefined
        ? null
        : new OneofView(oneof.goTypeOf(member), member.goName, this.get(member));
    }
    const field = fieldByGoName(schema, name);
    return field === undefined || field.oneof !== undefined ? noField : this.get(field);
  }

  override method(name: string): GoFunction | undefined {
    return getter(this.message.schema, name, (field) => this.get(field));
  }

  private get(field: FieldSchema): Value {
    return fieldValue(field, this.message.get(field.jsonName));
  }
}

/** The struct that Go puts around the member of a oneof. */
class OneofView extends GoStruct {
  readonly kind = "ptr";
  readonly type: string;
  constructor(
    goType: string,
    private readonly member: string,
    private readonly value: Value,
  ) {
    super();
    this.type = `*${goType}`;
  }
  fieldNames(): readonly string[] {
    return [this.member];
  }
  field(name: string): Value | typeof noField {
    return name === this.member ? this.value : noField;
  }
}

/** `Get<Field>`: it works on a nil message too and then gives zero. */
function getter(
  schema: MessageSchema,
  name: string,
  read: (field: FieldSchema) => Value,
): GoFunction | undefined {
  if (!name.startsWith("Get")) return undefined;
  const field = fieldByGoName(schema, name.slice("Get".length));
  return field && new GoFunction(name, "pure", [], false, () => read(field));
}

function nilMessage(schema: MessageSchema): NilPointer {
  return new NilPointer(`*${schema.goType}`, (name) =>
    getter(schema, name, (field) => fieldValue(field, Message.of(schema).get(field.jsonName))),
  );
}

function elementValue(value: ElementValue, element: ElementType): Value {
  if (value instanceof EnumValue) return new EnumView(value);
  if (value instanceof Message) return messageView(value);
  if (typeof value === "bigint") return new GoScalar("int64", "int64", value);
  if (typeof value !== "number") return value;
  const scalar = element.kind === "scalar" ? element.scalar : "int32";
  return scalar === "int32" || scalar === "uint32" ? new GoScalar(scalar, scalar, BigInt(value)) : value;
}

function elementType(element: ElementType): string {
  if (element.kind === "message") return `*${element.message.goType}`;
  if (element.kind === "enum") return element.enum.goType;
  return element.scalar === "double" ? "float64" : element.scalar;
}

function zeroElement(element: ElementType): Value {
  if (element.kind === "message") return nilMessage(element.message);
  if (element.kind === "enum") return new EnumView(element.enum.zero);
  if (element.scalar === "string") return "";
  return element.scalar === "bool" ? false : elementValue(element.scalar === "int64" ? 0n : 0, element);
}

function fieldValue(field: FieldSchema, value: FieldValue | undefined): Value {
  const { element } = field;
  if (Array.isArray(value)) {
    const items = value.map((item: ElementValue) => elementValue(item, element));
    return new TypedSlice(`[]${elementType(element)}`, items, items.length === 0);
  }
  if (value instanceof Map) {
    const entries: Record<string, Value> = {};
    for (const [key, item] of value) setOwn(entries, key, elementValue(item, element));
    return new TypedMap(
      `map[string]${elementType(element)}`,
      entries,
      zeroElement(element),
      value.size === 0,
    );
  }
  if (value === undefined) return element.kind === "message" ? nilMessage(element.message) : null;
  return elementValue(value as ElementValue, element);
}

const views = new WeakMap<Message, MessageView>();

/** A message as templates see it. The view of a message is made once. */
export function messageView(message: Message): MessageView {
  const known = views.get(message);
  if (known !== undefined) return known;
  const view = new MessageView(message);
  views.set(message, view);
  return view;
}
