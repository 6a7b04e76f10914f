import {
  GoScalar,
  GoStruct,
  type LooseMap,
  NilPointer,
  noField,
  TypedMap,
  TypedSlice,
  type Value,
} from "../../gotemplate/index.js";
import { isObject, type JsonObject, type JsonValue, setOwn } from "../../json/index.js";
import {
  type FieldSchema,
  type GoType,
  normalize,
  type StructSchema,
  structSchema,
} from "../../kube/index.js";

/** Makes a value of one Go type of its JSON. */
type View = (json: JsonValue | undefined) => Value;

/** A field of a struct. How to view it is worked out when it is first read: a pod has a thousand types and uses thirty. */
class ViewedField {
  readonly jsonName: string;
  readonly #type: GoType;
  #view: View | undefined;

  constructor({ jsonName, type }: FieldSchema) {
    this.jsonName = jsonName;
    this.#type = type;
  }

  view(json: JsonValue | undefined): Value {
    this.#view ??= viewOf(this.#type);
    return this.#view(json);
  }
}

/** A struct with its fields by their Go names. */
interface ViewedStruct {
  readonly schema: StructSchema;
  readonly goType: string;
  readonly byGoName: ReadonlyMap<string, ViewedField>;
}

const viewed = new Map<string, ViewedStruct>();

/** The struct of this name; what it takes is made once. */
function viewedStruct(name: string): ViewedStruct {
  const known = viewed.get(name);
  if (known !== undefined) return known;
  const schema = structSchema(name);
  if (schema === undefined) throw new TypeError(`the pod schema has no struct ${name}`);
  const struct = {
    schema,
    goType: asName(schema.goType),
    byGoName: new Map(schema.fields.map((field) => [field.goName, new ViewedField(field)])),
  };
  viewed.set(name, struct);
  return struct;
}

/**
 * A text as V8 keeps the names of properties: two of these are the same object if they are equal, and so quick to compare.
 * Functions compare the types of their arguments with those they declare.
 */
function asName(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
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
  static of(schemaName: string, tree: JsonValue | undefined): KubeView {
    return KubeView.ofStruct(viewedStruct(schemaName), tree, "struct");
  }

  static ofStruct(struct: ViewedStruct, tree: JsonValue | undefined, kind: "struct" | "ptr"): KubeView {
    return new KubeView(struct, isObject(tree) ? tree : {}, kind);
  }

  /** A view of the same type on another tree. */
  over(tree: JsonObject): KubeView {
    return new KubeView(this.struct, tree, this.kind);
  }

  private get schema(): StructSchema {
    return this.struct.schema;
  }

  /** The struct's name without its package, such as `Container`. */
  get schemaName(): string {
    return this.schema.name;
  }

  get type(): string {
    const { goType } = this.struct;
    return this.kind === "ptr" ? `*${goType}` : goType;
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
    if (field !== undefined) return field.view(this.own(field.jsonName));
    return this.inlinedField(name) ?? noField;
  }

  /** Most pods have the same ports, and other structs of few scalars. */
  override recognizer(): ((value: Value) => boolean) | undefined {
    const { struct, tree, kind } = this;
    const keys = Object.keys(tree);
    const items = keys.map((key) => tree[key]);
    if (keys.length > mostKept || !keys.every(isSmallScalar) || !items.every(isSmallScalar)) return undefined;
    return (value) => {
      if (!(value instanceof KubeView) || value.struct !== struct || value.kind !== kind) return false;
      const others = Object.keys(value.tree);
      if (others.length !== keys.length) return false;
      for (let at = 0; at < keys.length; at++) {
        const key = others[at] ?? "";
        if (key !== keys[at] || !Object.is(value.tree[key], items[at])) return false;
      }
      return true;
    };
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

const mostKept = 8;
const longestKept = 64;

function isSmallScalar(json: JsonValue | undefined): boolean {
  if (typeof json === "string") return json.length <= longestKept;
  return typeof json === "number" || typeof json === "boolean";
}

/** How to view a type. */
function viewOf(type: GoType): View {
  const view = viewOfValue(type);
  if (!type.pointer) return view;
  const goType = asName(type.goType);
  return (json) => (isAbsent(json) ? new NilPointer(goType) : view(json));
}

function isAbsent(json: JsonValue | undefined): json is null | undefined {
  return json === undefined || json === null;
}

/** How to view what a pointer of this type, or the type itself, holds. */
function viewOfValue(type: GoType): View {
  switch (type.kind) {
    case "struct": {
      const struct = viewedStruct(type.structName ?? "");
      const kind = type.pointer ? "ptr" : "struct";
      return (json) => KubeView.ofStruct(struct, json, kind);
    }
    case "list":
      return listView(type);
    case "map":
      return mapView(type);
    case "raw":
      return (json) => (isAbsent(json) ? null : (json as Value));
    default:
      return scalarView(type);
  }
}

function listView({ element, ...type }: GoType): View {
  const goType = asName(type.goType);
  const view = element && viewOf(element);
  return (json) =>
    Array.isArray(json) && view !== undefined
      ? new TypedSlice(goType, json.map(view))
      : new TypedSlice(goType, [], true);
}

function mapView({ element, ...type }: GoType): View {
  const goType = asName(type.goType);
  const view = element && viewOf(element);
  const zero = view === undefined ? "" : view(undefined);
  const isText = element?.goType === "string";
  return (json) => {
    if (!isObject(json) || view === undefined) return new TypedMap(goType, {}, zero, true);
    // A map of strings is its own view; nothing writes to it.
    if (isText) return new TypedMap(goType, json as { [key: string]: string }, zero);
    const entries: Record<string, Value> = {};
    for (const [key, item] of Object.entries(json)) setOwn(entries, key, view(item));
    return new TypedMap(goType, entries, zero);
  };
}

function scalarView({ kind, goType: declared }: GoType): View {
  const goType = asName(declared.replace("*", ""));
  switch (kind) {
    case "bool":
      return (json) => json === true;
    case "int32":
    case "int64":
      return (json) =>
        new GoScalar(kind, goType, typeof json === "number" || typeof json === "bigint" ? BigInt(json) : 0n);
    case "string": {
      const isPlain = goType === "string";
      return (json) => {
        const text = typeof json === "string" ? json : "";
        return isPlain ? text : new GoScalar("string", goType, text);
      };
    }
    default:
      return (json) => new TextView(goType, json);
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
