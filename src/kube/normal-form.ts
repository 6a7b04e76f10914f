import { compareBytes } from "../go/index.js";
import {
  deepFreeze,
  isDeepFrozen,
  isObject,
  type JsonObject,
  type JsonValue,
  setOwn,
} from "../json/index.js";
import { canonicalQuantity } from "./format-quantity.js";
import { KubeError } from "./kube-error.js";
import { type FieldSchema, type GoType, type StructSchema, schemaOf } from "./struct-schema.js";
import { canonicalTime } from "./time.js";
import { nilOf } from "./zero.js";

/** Whether Go leaves the field out: its tag says omitempty and its value is empty. A pointer is empty only when nil. */
export function isOmitted(field: FieldSchema, value: JsonValue | undefined): boolean {
  if (field.always) return false;
  if (value === undefined || value === null) return true;
  if (field.type.pointer) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return field.type.kind === "map" && Object.keys(value).length === 0;
  return value === "" || value === false || value === 0 || value === 0n;
}

/** The value of a scalar in its canonical form, or that of a nil list, map or pointer. */
export function normalScalar(type: GoType, value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === null) return nilOf(type);
  if (typeof value !== "string") return value;
  if (type.kind === "quantity") return canonicalText(value);
  return type.kind === "time" ? (canonicalTime(value) ?? value) : value;
}

function canonicalText(quantity: string): string {
  try {
    return canonicalQuantity(quantity.trim());
  } catch (error) {
    if (error instanceof KubeError) return quantity;
    throw error;
  }
}

/** The keys of an object that its struct does not have, sorted. */
export function unknownKeys(schema: StructSchema, value: JsonObject): string[] {
  const keys = Object.keys(value).filter((key) => schema.field(key) === undefined);
  return keys.length > 1 ? keys.sort(compareBytes) : keys;
}

/** Gives a decoded value of one Go type in the form that Go's encoder gives it: the value itself where it has that form. */
type Normalize = (value: JsonValue | undefined) => JsonValue;

/** A field of a struct, its place among the others, and what its values become. Undefined is made when it is first needed. */
interface NormalField {
  readonly schema: FieldSchema;
  readonly place: number;
  /** Whether any string is normal as it is: most of a pod is strings. */
  readonly isText: boolean;
  normalize: Normalize | undefined;
}

interface NormalFields {
  readonly all: readonly NormalField[];
  readonly byName: ReadonlyMap<string, NormalField>;
  /** Those that Go prints even when they are zero. */
  readonly always: readonly NormalField[];
}

/**
 * Brings decoded values into the form that Go's encoder gives them. What depends on a type alone is worked out once.
 *
 * One that remembers does its work once for each deeply frozen value: such values are what the pods of one template share.
 * What it makes of them is frozen and shared too.
 */
export class Normalizer {
  readonly #types = new Map<string, Normalize>();
  readonly #structs = new Map<StructSchema, (value: JsonObject) => JsonObject>();

  constructor(private readonly remembers: boolean) {}

  /** For objects of this struct: fields in its order; unknown ones follow at the end, sorted. */
  struct(schema: StructSchema): (value: JsonObject) => JsonObject {
    const known = this.#structs.get(schema);
    if (known !== undefined) return known;
    const all = schema.fields.map((field, place): NormalField => {
      return { schema: field, place, isText: field.type.kind === "string", normalize: undefined };
    });
    const fields: NormalFields = {
      all,
      byName: new Map(all.map((field) => [field.schema.jsonName, field])),
      always: all.filter((field) => field.schema.always),
    };
    const made = this.#remembering((value: JsonObject) => this.#normalStruct(schema, fields, value));
    this.#structs.set(schema, made);
    return made;
  }

  #type(type: GoType): Normalize {
    const known = this.#types.get(type.goType);
    if (known !== undefined) return known;
    const made = this.#make(type);
    this.#types.set(type.goType, made);
    return made;
  }

  #make(type: GoType): Normalize {
    if (type.kind === "raw") return (value) => value ?? null;
    const { element } = type;
    const scalar: Normalize = (value) => normalScalar(type, value);
    if (type.kind === "struct") {
      const struct = this.struct(schemaOf(type));
      // Go prints a struct that is no pointer even when nothing set it.
      return (value) => (isObject(value) ? struct(value) : type.pointer ? scalar(value) : struct({}));
    }
    if (element === undefined) return scalar;
    const normalize = this.#type(element);
    const list = this.#remembering((items: JsonValue[]) => normalList(normalize, items));
    const map = this.#remembering((entries: JsonObject) => normalMap(normalize, entries));
    return (value) => (Array.isArray(value) ? list(value) : isObject(value) ? map(value) : scalar(value));
  }

  #normalStruct(schema: StructSchema, fields: NormalFields, value: JsonObject): JsonObject {
    if (this.#isNormal(fields, value)) return value;
    const { all, byName, always } = fields;
    const members = new Array<JsonValue | undefined>(all.length);
    let unknown = false;
    for (const key of Object.keys(value)) {
      const field = byName.get(key);
      if (field === undefined) unknown = true;
      else if (!isOmitted(field.schema, value[key])) members[field.place] = this.#member(field, value[key]);
    }
    for (const field of always) members[field.place] ??= this.#member(field, undefined);
    const normal: JsonObject = {};
    for (const field of all) {
      const member = members[field.place];
      if (member !== undefined) normal[field.schema.jsonName] = member;
    }
    if (!unknown) return normal;
    for (const key of unknownKeys(schema, value)) setOwn(normal, key, value[key] ?? null);
    return normal;
  }

  /** Whether all members are known, in order and normal, and none is missing. */
  #isNormal({ byName, always }: NormalFields, value: JsonObject): boolean {
    let last = -1;
    let missing = always.length;
    for (const key of Object.keys(value)) {
      const field = byName.get(key);
      if (field === undefined || field.place < last) return false;
      last = field.place;
      if (field.schema.always) missing--;
      const member = value[key];
      if (field.isText && typeof member === "string" && member !== "") continue;
      if (isOmitted(field.schema, member) || this.#member(field, member) !== member) return false;
    }
    return missing === 0;
  }

  #member(field: NormalField, member: JsonValue | undefined): JsonValue {
    if (field.isText && typeof member === "string") return member;
    field.normalize ??= this.#type(field.schema.type);
    return field.normalize(member);
  }

  #remembering<T extends object>(normalize: (value: T) => T): (value: T) => T {
    if (!this.remembers) return normalize;
    const made = new WeakMap<T, T>();
    return (value) => {
      const known = made.get(value);
      if (known !== undefined) return known;
      const normal = normalize(value);
      if (isDeepFrozen(value)) made.set(value, deepFreeze(normal));
      return normal;
    };
  }
}

function normalList(normalize: Normalize, items: JsonValue[]): JsonValue[] {
  let copy: JsonValue[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] ?? null;
    const normal = normalize(item);
    if (copy === undefined && normal !== item) copy = items.slice(0, index);
    copy?.push(normal);
  }
  return copy ?? items;
}

function normalMap(normalize: Normalize, entries: JsonObject): JsonObject {
  const normal: JsonObject = {};
  for (const key of Object.keys(entries).sort(compareBytes)) setOwn(normal, key, normalize(entries[key]));
  return normal;
}
