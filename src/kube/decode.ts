import { getOwn, isObject, type JsonObject, type JsonValue, setOwn } from "../json/index.js";
import { canonicalQuantity } from "./format-quantity.js";
import { KubeError } from "./kube-error.js";
import { parseQuantity } from "./quantity.js";
import { type FieldSchema, type GoType, type StructSchema, schemaOf, structSchema } from "./struct-schema.js";
import { timeFault } from "./time.js";
import { zeroOf } from "./zero.js";

/**
 * Reads a tree as Go decodes JSON into the struct of this name (`Pod`, `Container`), and gives it back as a tree:
 * field names in their right letter case, nulls gone (in lists and maps of plain values they are the zero value),
 * quantities that are numbers as text. Unknown fields stay, although Go drops them: they may be news to us only.
 * The input is not changed; parts that need no change are shared with the result.
 * Throws KubeError `type-mismatch`, `quantity-invalid` or `time-invalid`, with Go's message and the path of the value.
 */
export function decode(structName: string, value: JsonValue): JsonObject {
  return read(structName, value, new Place(false));
}

/**
 * Reads a whole pod; see `decode`.
 *
 * @param spend counts what takes longer than looking at a value; what it throws is thrown on
 */
export function decodePod(value: JsonValue, spend?: (steps: number) => void): JsonObject {
  return read("Pod", value, new Place(false, spend));
}

/** Reads a list of containers; null is an empty one. See `decode`. */
export function decodeContainers(value: JsonValue | undefined): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw mismatch(value, "Go value of type []v1.Container", "");
  return value.map((item) => decode("Container", item));
}

/**
 * Reads a pod that is a strategic merge patch: as `decodePod`, but nulls stay because they delete,
 * and so do the directives (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`).
 */
export function decodePartialPod(value: JsonValue): JsonObject {
  return read("Pod", value, new Place(true));
}

function read(structName: string, value: JsonValue, at: Place): JsonObject {
  const schema = structSchema(structName);
  if (schema === undefined) throw new Error(`there is no schema of ${structName}`);
  if (value === null) return {};
  if (!isObject(value)) throw mismatch(value, `Go value of type ${schema.goType}`, "");
  return structReader(schema).read(value, at);
}

/** The JSON type of a value in the words of Go's decoder. */
function describe(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  if (isObject(value)) return "object";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}

function mismatch(value: JsonValue, target: string, path: string, found = describe(value)): KubeError {
  return new KubeError("type-mismatch", `json: cannot unmarshal ${found} into ${target}`, path);
}

const int32Limit = 2 ** 31;
const int64Limit = 1n << 63n;

function fits(value: number | bigint, kind: "int32" | "int64"): boolean {
  if (typeof value === "bigint")
    return kind === "int64" ? value >= -int64Limit && value < int64Limit : fits(Number(value), kind);
  if (!Number.isInteger(value)) return false;
  return kind === "int32" ? value >= -int32Limit && value < int32Limit : Math.abs(value) < 2 ** 63;
}

/** Where a decoder is in a tree, and how it reads. */
class Place {
  /** JSON names and list positions from the root to the value at hand. */
  readonly path: (string | number)[] = [];
  /** The struct whose field is being read. */
  struct = "";

  constructor(
    readonly partial: boolean,
    readonly spend: (steps: number) => void = () => {},
  ) {}

  fail(value: JsonValue, type: string, found?: string): KubeError {
    const names = this.path.filter((part) => typeof part === "string").join(".");
    return mismatch(value, `Go struct field ${this.struct}.${names} of type ${type}`, this.text(), found);
  }

  text(): string {
    return this.path
      .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
      .join("");
  }
}

/**
 * Reads a value of one Go type, which is not null. Gives the value itself where it needs no change.
 * A pod is read for each request, so what depends on the type alone is worked out once, when its reader is made.
 */
type Read = (value: JsonValue, at: Place) => JsonValue;

/** A field of a struct. Its reader is made when it is first needed: a pod has a thousand types and uses thirty. */
class FieldReader {
  readonly jsonName: string;
  /** Whether any string will do: most of a pod is strings, and they need no reader. */
  readonly isText: boolean;
  readonly #type: GoType;
  #read: Read | undefined;

  constructor({ jsonName, type }: FieldSchema) {
    this.jsonName = jsonName;
    this.isText = type.kind === "string";
    this.#type = type;
  }

  read(value: JsonValue, at: Place): JsonValue {
    this.#read ??= readerOf(this.#type);
    return this.#read(value, at);
  }
}

class StructReader {
  readonly #fields: ReadonlyMap<string, FieldReader>;

  constructor(readonly schema: StructSchema) {
    this.#fields = new Map(schema.fields.map((field) => [field.jsonName, new FieldReader(field)]));
  }

  read(value: JsonObject, at: Place): JsonObject {
    let copy: JsonObject | undefined;
    const outer = at.struct;
    at.struct = this.schema.name;
    for (const key of Object.keys(value)) {
      const field = this.#fields.get(key) ?? this.#folded(key, value, at);
      const before = value[key] ?? null;
      const after = field === undefined ? before : readField(field, before, at);
      if (copy === undefined) {
        if (after === before && (field === undefined || field.jsonName === key)) continue;
        copy = entriesBefore(value, key);
      }
      if (after !== undefined) setOwn(copy, field?.jsonName ?? key, after);
    }
    at.struct = outer;
    return copy ?? value;
  }

  /**
   * The field that a name in other letter case means, unless the object has the right name too. Under that a null counts only
   * where it deletes: elsewhere it is dropped, and the other name would be the field's at the next reading.
   */
  #folded(key: string, value: JsonObject, { partial }: Place): FieldReader | undefined {
    const field = this.schema.foldedField(key);
    if (field === undefined) return undefined;
    const own = getOwn(value, field.jsonName);
    if (own !== undefined && (partial || own !== null)) return undefined;
    return this.#fields.get(field.jsonName);
  }
}

/** The value of a field; undefined when it is to be dropped. */
function readField(field: FieldReader, value: JsonValue, at: Place): JsonValue | undefined {
  if (field.isText && typeof value === "string") return value;
  if (value === null) return at.partial ? null : undefined;
  at.path.push(field.jsonName);
  const read = field.read(value, at);
  at.path.pop();
  return read;
}

const structReaders = new Map<StructSchema, StructReader>();

function structReader(schema: StructSchema): StructReader {
  const known = structReaders.get(schema);
  if (known !== undefined) return known;
  const made = new StructReader(schema);
  structReaders.set(schema, made);
  return made;
}

/** The readers by the type's Go name, which tells all of a type that a reader depends on. */
const readers = new Map<string, Read>();

function readerOf(type: GoType): Read {
  const known = readers.get(type.goType);
  if (known !== undefined) return known;
  const made = makeReader(type);
  readers.set(type.goType, made);
  return made;
}

function makeReader(type: GoType): Read {
  const bare = type.pointer ? type.goType.slice(1) : type.goType;
  switch (type.kind) {
    case "string":
    case "bool":
      return scalarReader(type.kind === "bool" ? "boolean" : "string", bare);
    case "int32":
    case "int64":
      return integerReader(type.kind);
    case "int-or-string": {
      const integer = integerReader("int32");
      return (value, at) => (typeof value === "string" ? value : integer(value, at));
    }
    case "struct":
      return structValueReader(structReader(schemaOf(type)), bare);
    case "list":
      return listReader(type.element ?? type, bare);
    case "map":
      return mapReader(type.element ?? type, bare);
    case "quantity":
      return readQuantity;
    case "time":
      return readTime;
    case "raw":
      return (value) => value;
  }
}

function scalarReader(wanted: "string" | "boolean", bare: string): Read {
  return (value, at) => {
    if (typeof value !== wanted) throw at.fail(value, bare);
    return value;
  };
}

function integerReader(kind: "int32" | "int64"): Read {
  return (value, at) => {
    if (typeof value !== "number" && typeof value !== "bigint") throw at.fail(value, kind);
    if (!fits(value, kind)) throw at.fail(value, kind, `number ${value}`);
    return value;
  };
}

function structValueReader(struct: StructReader, bare: string): Read {
  return (value, at) => {
    if (!isObject(value)) throw at.fail(value, bare);
    return struct.read(value, at);
  };
}

function listReader(element: GoType, bare: string): Read {
  const read = readerOf(element);
  return (value, at) => {
    if (!Array.isArray(value)) throw at.fail(value, bare);
    let copy: JsonValue[] | undefined;
    const depth = at.path.length;
    at.path.push(0);
    for (let index = 0; index < value.length; index++) {
      const before = value[index] ?? null;
      at.path[depth] = index;
      const after = before === null ? zeroOf(element) : read(before, at);
      if (after !== before) copy ??= value.slice();
      if (copy !== undefined) copy[index] = after;
    }
    at.path.pop();
    return copy ?? value;
  };
}

function mapReader(element: GoType, bare: string): Read {
  const readEntry = entryReader(element);
  return (value, at) => {
    if (!isObject(value)) throw at.fail(value, bare);
    let copy: JsonObject | undefined;
    for (const key of Object.keys(value)) {
      const before = value[key] ?? null;
      const after = readEntry(key, before, at);
      if (after === before) continue;
      copy ??= { ...value };
      setOwn(copy, key, after);
    }
    return copy ?? value;
  };
}

function entryReader(element: GoType): (key: string, value: JsonValue, at: Place) => JsonValue {
  const read = readerOf(element);
  const isText = element.kind === "string";
  return (key, value, at) => {
    if (at.partial && (value === null || key.startsWith("$"))) return value;
    if (value === null) return zeroOf(element);
    if (isText && typeof value === "string") return value;
    try {
      return read(value, at);
    } catch (error) {
      // Go's message names the map only; the key goes into our path.
      if (error instanceof KubeError) throw new KubeError(error.code, error.message, `${at.text()}.${key}`);
      throw error;
    }
  };
}

/** The quantities of nearly all pods. Any such text is a quantity, which the general form takes far longer to see. */
const usualQuantity = /^[0-9]{1,9}(?:m|k|M|G|Ki|Mi|Gi)?$/;

/** It takes a microsecond or two, and an injected container is read and written several times. */
const stepsOfQuantity = 40;

function readQuantity(value: JsonValue, at: Place): JsonValue {
  if (typeof value === "string" && usualQuantity.test(value)) return value;
  at.spend(stepsOfQuantity);
  try {
    if (typeof value === "number" || typeof value === "bigint") return canonicalQuantity(String(value));
    parseQuantity(typeof value === "string" ? value.trim() : describe(value));
    return value;
  } catch (error) {
    if (error instanceof KubeError) throw new KubeError(error.code, error.message, at.text());
    throw error;
  }
}

function readTime(value: JsonValue, at: Place): JsonValue {
  if (typeof value !== "string") throw at.fail(value, "string");
  const fault = timeFault(value);
  if (fault === undefined) return value;
  throw new KubeError("time-invalid", fault, at.text());
}

/** A copy of what stands before a key. */
function entriesBefore(value: JsonObject, end: string): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (key === end) break;
    setOwn(copy, key, value[key] ?? null);
  }
  return copy;
}
