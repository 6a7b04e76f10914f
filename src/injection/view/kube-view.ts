import {
  GoScalar,
  GoStruct,
  type LooseMap,
  NilPointer,
  noField,
  setEntry,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../gotemplate/index.js";
import {
  type GoType,
  isObject,
  type JsonObject,
  type JsonValue,
  normalize,
  type StructSchema,
  structSchema,
} from "../../kube/index.js";

/** A struct with its fields by their Go names. */
interface ViewedStruct {
  readonly schema: StructSchema;
  readonly byGoName: ReadonlyMap<string, { readonly jsonName: string; readonly type: GoType }>;
}

const viewed = new Map<string, ViewedStruct>();

/** The struct of this name; what it takes is made once. */
function viewedStruct(name: string): ViewedStruct {
  const known = viewed.get(name);
  if (known !== undefined) return known;
  const schema = structSchema(name);
  if (schema === undefined) throw new TypeError(`the pod schema has no struct ${name}`);
  const struct = { schema, byGoName: new Map(schema.fields.map((field) => [field.goName, field])) };
  viewed.set(name, struct);
  return struct;
}

/** The JSON of a Kubernetes object as Go's struct: fields by their Go names, zero where the JSON says nothing. */
export class KubeView extends GoStruct {
  private constructor(
    private readonly struct: ViewedStruct,
    readonly tree: JsonObject,
    readonly kind: "struct" | "ptr",
  ) {
    super();
  }

  /** Views a tree that kube's decoder has accepted; what is no object counts as empty. */
  static of(schemaName: string, tree: JsonValue | undefined, kind: "struct" | "ptr" = "struct"): KubeView {
    return new KubeView(viewedStruct(schemaName), isObject(tree) ? tree : {}, kind);
  }

  private get schema(): StructSchema {
    return this.struct.schema;
  }

  /** The struct's name without its package, such as `Container`. */
  get schemaName(): string {
    return this.schema.name;
  }

  get type(): string {
    return this.kind === "ptr" ? `*${this.schema.goType}` : this.schema.goType;
  }

  fieldNames(): readonly string[] {
    return this.schema.fields.map((field) => field.goName);
  }

  /** What Sprig's `toJson` writes: the JSON of the object, not Go's names of its fields. */
  toJSON(): Value {
    return normalize(this.schema.name, this.tree) as LooseMap;
  }

  field(name: string): Value | typeof noField {
    const field = this.struct.byGoName.get(name);
    if (field !== undefined) return goValue(field.type, this.own(field.jsonName));
    return this.inlinedField(name) ?? noField;
  }

  /** Structs that Go embeds have no place of their own in JSON: their fields stand in this object. */
  private inlinedField(name: string): Value | undefined {
    if (this.schema.inlined.includes(name)) return KubeView.of(name, this.tree);
    for (const field of this.schema.fields) {
      if (!field.embedded) continue;
      const member = KubeView.of(field.type.structName ?? "", this.own(field.jsonName)).field(name);
      if (member !== noField) return member as Value;
    }
    return undefined;
  }

  private own(key: string): JsonValue | undefined {
    return Object.hasOwn(this.tree, key) ? this.tree[key] : undefined;
  }
}

function goValue(type: GoType, json: JsonValue | undefined): Value {
  const absent = json === undefined || json === null;
  if (type.pointer && absent) return new NilPointer(type.goType);
  switch (type.kind) {
    case "struct":
      return KubeView.of(type.structName ?? "", json, type.pointer ? "ptr" : "struct");
    case "list":
      return listValue(type, json);
    case "map":
      return mapValue(type, json);
    case "raw":
      return absent ? null : (json as Value);
    default:
      return scalarValue(type, json);
  }
}

function listValue(type: GoType, json: JsonValue | undefined): Value {
  const { element } = type;
  if (!Array.isArray(json) || element === undefined) return new TypedSlice(type.goType, [], true);
  return new TypedSlice(
    type.goType,
    json.map((item) => goValue(element, item)),
  );
}

function mapValue(type: GoType, json: JsonValue | undefined): Value {
  const { element } = type;
  const zero = element === undefined ? "" : goValue(element, undefined);
  if (!isObject(json) || element === undefined) return new TypedMap(type.goType, {}, zero, true);
  // A map of strings is its own view; nothing writes to it.
  if (element.goType === "string") return new TypedMap(type.goType, json as { [key: string]: string }, zero);
  const entries: Record<string, Value> = {};
  for (const [key, item] of Object.entries(json)) setEntry(entries, key, goValue(element, item));
  return new TypedMap(type.goType, entries, zero);
}

function scalarValue(type: GoType, json: JsonValue | undefined): Value {
  const goType = type.goType.replace("*", "");
  switch (type.kind) {
    case "bool":
      return json === true;
    case "int32":
    case "int64":
      return new GoScalar(
        type.kind,
        goType,
        typeof json === "number" || typeof json === "bigint" ? BigInt(json) : 0n,
      );
    case "string": {
      const text = typeof json === "string" ? json : "";
      return goType === "string" ? text : new GoScalar("string", goType, text);
    }
    default:
      return new TextView(goType, json);
  }
}

/** A quantity, a time or a port that may be a name: structs in Go that print as their text. */
class TextView extends GoStruct {
  readonly kind = "struct";
  constructor(
    readonly type: string,
    private readonly json: JsonValue | undefined,
  ) {
    super();
  }
  fieldNames(): readonly string[] {
    return this.type === "intstr.IntOrString" ? ["Type", "IntVal", "StrVal"] : [];
  }
  field(name: string): Value | typeof noField {
    if (this.type !== "intstr.IntOrString") return noField;
    const number = typeof this.json === "number";
    if (name === "Type") return new GoScalar("int64", "intstr.Type", number ? 0n : 1n);
    if (name === "IntVal") return new GoScalar("int32", "int32", BigInt(number ? Number(this.json) : 0));
    return name === "StrVal" ? (number ? "" : this.toText()) : noField;
  }
  override toText(): string {
    return this.json === undefined || this.json === null ? "" : String(this.json);
  }
}
