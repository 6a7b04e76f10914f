import { goQuote } from "./go-quote.js";
import { canonicalTime } from "./go-time.js";
import { isObject, type JsonObject, type JsonValue } from "./json-value.js";
import { KubeError } from "./kube-error.js";
import { setOwn } from "./own-key.js";
import { canonicalQuantity, parseQuantity } from "./quantity.js";
import { type FieldSchema, type GoType, type StructSchema, schemaOf, structSchema } from "./struct-schema.js";

/**
 * Reads a tree as Go decodes JSON into the struct of this name (`Pod`, `Container`), and gives it back as a tree:
 * field names in their right letter case, nulls gone (in lists and maps of plain values they are the zero value),
 * quantities that are numbers as text. Unknown fields stay, although Go drops them: they may be news to us only.
 * The input is not changed; parts that need no change are shared with the result.
 * Throws KubeError `type-mismatch`, `quantity-invalid` or `time-invalid`, with Go's message and the path of the value.
 */
export function decode(structName: string, value: JsonValue): JsonObject {
  return new Decoder(false).root(structName, value);
}

/** Reads a whole pod; see `decode`. */
export function decodePod(value: JsonValue): JsonObject {
  return decode("Pod", value);
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
  return new Decoder(true).root("Pod", value);
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

function zeroOf(type: GoType): JsonValue {
  switch (type.kind) {
    case "string":
      return "";
    case "quantity":
      return "0";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "int-or-string":
      return 0;
    case "struct":
      return {};
    default:
      return null;
  }
}

class Decoder {
  /** JSON names and list positions from the root to the value at hand. */
  readonly #path: (string | number)[] = [];
  #struct = "";

  constructor(private readonly partial: boolean) {}

  root(structName: string, value: JsonValue): JsonObject {
    const schema = structSchema(structName);
    if (schema === undefined) throw new Error(`there is no schema of ${structName}`);
    if (value === null) return {};
    if (!isObject(value)) throw mismatch(value, `Go value of type ${schema.goType}`, "");
    return this.struct(schema, value);
  }

  private fail(value: JsonValue, type: string, found?: string): KubeError {
    const names = this.#path.filter((part) => typeof part === "string").join(".");
    return mismatch(value, `Go struct field ${this.#struct}.${names} of type ${type}`, this.place(), found);
  }

  private place(): string {
    return this.#path
      .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
      .join("");
  }

  private struct(schema: StructSchema, value: JsonObject): JsonObject {
    const keys = Object.keys(value);
    let copy: JsonObject | undefined;
    for (const [index, key] of keys.entries()) {
      const field = schema.field(key) ?? this.folded(schema, key, value);
      const before = value[key] ?? null;
      const after = field === undefined ? before : this.field(schema, field, before);
      if (copy === undefined) {
        if (after === before && (field === undefined || field.jsonName === key)) continue;
        copy = firstEntries(value, keys, index);
      }
      if (after !== undefined) setOwn(copy, field?.jsonName ?? key, after);
    }
    return copy ?? value;
  }

  /** The field that a name in other letter case means, unless the object has the right name too. */
  private folded(schema: StructSchema, key: string, value: JsonObject): FieldSchema | undefined {
    const field = schema.foldedField(key);
    return field === undefined || Object.hasOwn(value, field.jsonName) ? undefined : field;
  }

  /** The value of a field; undefined when it is to be dropped. */
  private field(schema: StructSchema, field: FieldSchema, value: JsonValue): JsonValue | undefined {
    if (value === null) return this.partial ? null : undefined;
    const outer = this.#struct;
    this.#struct = schema.name;
    this.#path.push(field.jsonName);
    const read = this.value(field.type, value);
    this.#path.pop();
    this.#struct = outer;
    return read;
  }

  private value(type: GoType, value: JsonValue): JsonValue {
    switch (type.kind) {
      case "string":
        if (typeof value !== "string") throw this.fail(value, bare(type));
        return value;
      case "bool":
        if (typeof value !== "boolean") throw this.fail(value, bare(type));
        return value;
      case "int32":
      case "int64":
        return this.integer(type.kind, value);
      case "int-or-string":
        return typeof value === "string" ? value : this.integer("int32", value);
      case "struct":
        if (!isObject(value)) throw this.fail(value, bare(type));
        return this.struct(schemaOf(type), value);
      case "list":
        return this.list(type, value);
      case "map":
        return this.map(type, value);
      case "quantity":
        return this.quantity(value);
      case "time":
        return this.time(value);
      case "raw":
        return value;
    }
  }

  private integer(kind: "int32" | "int64", value: JsonValue): JsonValue {
    if (typeof value !== "number" && typeof value !== "bigint") throw this.fail(value, kind);
    if (!fits(value, kind)) throw this.fail(value, kind, `number ${value}`);
    return value;
  }

  private list(type: GoType, value: JsonValue): JsonValue {
    if (!Array.isArray(value)) throw this.fail(value, bare(type));
    const element = type.element ?? type;
    let copy: JsonValue[] | undefined;
    for (const [index, before] of value.entries()) {
      this.#path.push(index);
      const after = before === null ? zeroOf(element) : this.value(element, before);
      this.#path.pop();
      if (after !== before) copy ??= value.slice();
      if (copy !== undefined) copy[index] = after;
    }
    return copy ?? value;
  }

  private map(type: GoType, value: JsonValue): JsonValue {
    if (!isObject(value)) throw this.fail(value, bare(type));
    const element = type.element ?? type;
    let copy: JsonObject | undefined;
    for (const key of Object.keys(value)) {
      const before = value[key] ?? null;
      const after = this.entry(element, key, before);
      if (after === before) continue;
      copy ??= { ...value };
      setOwn(copy, key, after);
    }
    return copy ?? value;
  }

  private entry(element: GoType, key: string, value: JsonValue): JsonValue {
    if (this.partial && (value === null || key.startsWith("$"))) return value;
    if (value === null) return zeroOf(element);
    if (element.kind === "string" && typeof value === "string") return value;
    // Go's message names the map only; the key goes into our path.
    const place = `${this.place()}.${key}`;
    try {
      return this.value(element, value);
    } catch (error) {
      if (error instanceof KubeError) throw new KubeError(error.code, error.message, place);
      throw error;
    }
  }

  private quantity(value: JsonValue): JsonValue {
    try {
      if (typeof value === "number" || typeof value === "bigint") return canonicalQuantity(String(value));
      parseQuantity(typeof value === "string" ? value.trim() : describe(value));
      return value;
    } catch (error) {
      if (error instanceof KubeError) throw new KubeError(error.code, error.message, this.place());
      throw error;
    }
  }

  private time(value: JsonValue): JsonValue {
    if (typeof value !== "string") throw this.fail(value, "string");
    if (canonicalTime(value) !== undefined) return value;
    const message = `parsing time ${goQuote(value)} as "2006-01-02T15:04:05Z07:00": cannot parse it`;
    throw new KubeError("time-invalid", message, this.place());
  }
}

function bare(type: GoType): string {
  return type.pointer ? type.goType.slice(1) : type.goType;
}

function firstEntries(value: JsonObject, keys: readonly string[], count: number): JsonObject {
  const copy: JsonObject = {};
  for (const key of keys.slice(0, count)) setOwn(copy, key, value[key] ?? null);
  return copy;
}
