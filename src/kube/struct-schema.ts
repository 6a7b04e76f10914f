import { podStringTypes, podStructs } from "./pod-schema.js";

/** What a Go type is to JSON. `raw` is JSON that Go keeps as it is. */
export type GoKind =
  | "string"
  | "bool"
  | "int32"
  | "int64"
  | "struct"
  | "map"
  | "list"
  | "time"
  | "quantity"
  | "int-or-string"
  | "raw";

/** A Go type of the pod. */
export interface GoType {
  readonly kind: GoKind;
  /** As `%T` prints it, such as `*int64`, `v1.Protocol`, `[]v1.EnvVar`. */
  readonly goType: string;
  readonly pointer: boolean;
  /** The type of the items of a list, or of the values of a map. */
  readonly element?: GoType;
  /** The name of the struct, without its package; for kind `struct` only. */
  readonly structName?: string;
}

/** A field of a Go struct. */
export interface FieldSchema {
  readonly jsonName: string;
  readonly goName: string;
  readonly type: GoType;
  /** Go prints the field even when it is zero. */
  readonly always: boolean;
  /** The key of a list that strategic merge merges by item; `.` for a set of plain values. */
  readonly mergeKey?: string;
  /** Strategic merge: the patch may say which keys of an item stay. */
  readonly retainKeys: boolean;
  /** Go finds the members of this field in the struct itself too, as `pod.Name` for `pod.ObjectMeta.Name`. */
  readonly embedded: boolean;
}

/** A Go struct. */
export interface StructSchema {
  /** The name without its package, such as `Container`. */
  readonly name: string;
  readonly goType: string;
  /** The fields of the JSON object in the order Go prints them, those of embedded structs in their place. */
  readonly fields: readonly FieldSchema[];
  /** The structs that have no JSON name of their own: their Go names, such as `VolumeSource`. */
  readonly inlined: readonly string[];
  field(jsonName: string): FieldSchema | undefined;
  /** The field that Go's decoder takes for a name in other letter case. */
  foldedField(jsonName: string): FieldSchema | undefined;
}

const stringTypes = new Set<string>(podStringTypes);
const tables: Readonly<Record<string, string>> = podStructs;
const simpleKinds: Readonly<Record<string, GoKind>> = {
  string: "string",
  bool: "bool",
  int32: "int32",
  int64: "int64",
  "v1.Time": "time",
  "v1.FieldsV1": "raw",
  "resource.Quantity": "quantity",
  "intstr.IntOrString": "int-or-string",
};

function simpleKind(goType: string): GoKind | undefined {
  if (stringTypes.has(goType)) return "string";
  return Object.hasOwn(simpleKinds, goType) ? simpleKinds[goType] : undefined;
}

function readType(goType: string): GoType {
  if (goType.startsWith("*")) return { ...readType(goType.slice(1)), goType, pointer: true };
  if (goType.startsWith("[]"))
    return { kind: "list", goType, pointer: false, element: readType(goType.slice(2)) };
  if (goType === "v1.ResourceList")
    return { kind: "map", goType, pointer: false, element: readType("resource.Quantity") };
  const valueType = /^map\[[\w.]+\](.+)$/.exec(goType)?.[1];
  if (valueType !== undefined) return { kind: "map", goType, pointer: false, element: readType(valueType) };
  const kind = simpleKind(goType);
  return kind === undefined
    ? { kind: "struct", goType, pointer: false, structName: goType.slice(goType.indexOf(".") + 1) }
    : { kind, goType, pointer: false };
}

function readField(line: string): FieldSchema {
  const [name = "", goType = "", ...marks] = line.split(" ");
  const jsonName = name.replace("!", "");
  const mark = (prefix: string) => marks.find((word) => word.startsWith(prefix))?.slice(prefix.length);
  const type = readType(goType);
  const wholeStruct = !type.pointer && ["struct", "time", "quantity", "int-or-string"].includes(type.kind);
  const mergeKey = mark("merge=");
  return {
    jsonName,
    goName: mark("go=") ?? jsonName.charAt(0).toUpperCase() + jsonName.slice(1),
    type,
    always: name.endsWith("!") || (wholeStruct && !marks.includes("omitzero")),
    ...(mergeKey === undefined ? {} : { mergeKey }),
    retainKeys: marks.includes("retainKeys"),
    embedded: marks.includes("embedded"),
  };
}

class Struct implements StructSchema {
  readonly goType: string;
  readonly fields: readonly FieldSchema[];
  readonly inlined: readonly string[];
  readonly #byName: ReadonlyMap<string, FieldSchema>;
  readonly #byFoldedName: ReadonlyMap<string, FieldSchema>;

  constructor(
    readonly name: string,
    table: string,
  ) {
    const lines = table
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    this.goType = `v1.${name}`;
    this.inlined = lines.filter((line) => line.startsWith("...")).map((line) => line.replace("...v1.", ""));
    this.fields = lines.flatMap((line) =>
      line.startsWith("...") ? (structSchema(line.replace("...v1.", ""))?.fields ?? []) : [readField(line)],
    );
    this.#byName = new Map(this.fields.map((field) => [field.jsonName, field]));
    this.#byFoldedName = new Map(this.fields.map((field) => [fold(field.jsonName), field]));
  }

  field(jsonName: string): FieldSchema | undefined {
    return this.#byName.get(jsonName);
  }

  foldedField(jsonName: string): FieldSchema | undefined {
    return this.#byFoldedName.get(fold(jsonName));
  }
}

/** Go folds letters as Unicode does, where two letters beyond ASCII fold to ASCII ones: long s and the Kelvin sign. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll("\u017f", "s").replaceAll("\u212a", "k");
}

const structs = new Map<string, Struct>();

/** The schema of a struct by its name without package (`Pod`, `Container`, `HTTPGetAction`); undefined for any other. */
export function structSchema(name: string): StructSchema | undefined {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table === undefined) return undefined;
  const schema = new Struct(name, table);
  structs.set(name, schema);
  return schema;
}

/** The schema that a type of kind `struct` has. Throws when the tables lack it, which a test rules out. */
export function schemaOf(type: GoType): StructSchema {
  const schema = structSchema(type.structName ?? "");
  if (schema === undefined) throw new Error(`the pod schema has no struct for ${type.goType}`);
  return schema;
}
