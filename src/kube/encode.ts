import { compareBytes } from "./compare-bytes.js";
import { decode } from "./decode.js";
import { goJsonString, goJsonText } from "./go-json.js";
import { canonicalTime } from "./go-time.js";
import { isObject, type JsonObject, type JsonValue } from "./json-value.js";
import { KubeError } from "./kube-error.js";
import { getOwn, setOwn } from "./own-key.js";
import { canonicalQuantity } from "./quantity.js";
import { type FieldSchema, type GoType, type StructSchema, schemaOf, structSchema } from "./struct-schema.js";

/**
 * The JSON text of a value as Go encodes the struct of this name: fields in the order of the struct, zero values left
 * out, quantities and times canonical, maps sorted, safe inside HTML. Unknown fields follow at the end, sorted.
 * Throws KubeError as `decode` does.
 */
export function goOrderedJson(structName: string, value: JsonValue): string {
  return writeStruct(schemaNamed(structName), decode(structName, value));
}

/**
 * A value in the form that Go's encoder gives it: two values are the same to Kubernetes when these are deeply equal.
 * Throws KubeError as `decode` does.
 */
export function normalize(structName: string, value: JsonValue): JsonObject {
  return plainStruct(schemaNamed(structName), decode(structName, value));
}

/** `normalize` for a whole pod. */
export function normalizePod(pod: JsonValue): JsonObject {
  return normalize("Pod", pod);
}

function schemaNamed(name: string): StructSchema {
  const schema = structSchema(name);
  if (schema === undefined) throw new Error(`there is no schema of ${name}`);
  return schema;
}

/** Whether Go leaves the field out: its tag says omitempty and its value is empty. A pointer is empty only when nil. */
function isOmitted(field: FieldSchema, value: JsonValue | undefined): boolean {
  if (field.always) return false;
  if (value === undefined || value === null) return true;
  if (field.type.pointer) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return field.type.kind === "map" && Object.keys(value).length === 0;
  return value === "" || value === false || value === 0 || value === 0n;
}

/** The value of a scalar, or of a nil list, map or pointer. */
function scalar(type: GoType, value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === null) return nilOf(type);
  if (typeof value !== "string") return value;
  if (type.kind === "quantity") return canonicalText(value);
  return type.kind === "time" ? (canonicalTime(value) ?? value) : value;
}

function nilOf(type: GoType): JsonValue {
  if (type.pointer) return null;
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
    default:
      return null;
  }
}

function canonicalText(quantity: string): string {
  try {
    return canonicalQuantity(quantity.trim());
  } catch (error) {
    if (error instanceof KubeError) return quantity;
    throw error;
  }
}

function unknownKeys(schema: StructSchema, value: JsonObject): string[] {
  const keys = Object.keys(value).filter((key) => schema.field(key) === undefined);
  return keys.length > 1 ? keys.sort(compareBytes) : keys;
}

function writeStruct(schema: StructSchema, value: JsonObject): string {
  const members: string[] = [];
  for (const field of schema.fields) {
    const member = getOwn(value, field.jsonName);
    if (!isOmitted(field, member)) members.push(`"${field.jsonName}":${write(field.type, member)}`);
  }
  for (const key of unknownKeys(schema, value))
    members.push(`${goJsonString(key)}:${goJsonText(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

function write(type: GoType, value: JsonValue | undefined): string {
  if (type.kind === "struct" && (isObject(value) || !type.pointer))
    return writeStruct(schemaOf(type), isObject(value) ? value : {});
  const element = type.element;
  if (element !== undefined && Array.isArray(value))
    return `[${value.map((item) => write(element, item)).join(",")}]`;
  if (element !== undefined && isObject(value)) {
    const keys = Object.keys(value).sort(compareBytes);
    return `{${keys.map((key) => `${goJsonString(key)}:${write(element, value[key])}`).join(",")}}`;
  }
  if (type.kind === "raw" && value !== undefined) return goJsonText(value, "raw");
  return goJsonText(scalar(type, value));
}

function plainStruct(schema: StructSchema, value: JsonObject): JsonObject {
  const plain: JsonObject = {};
  for (const field of schema.fields) {
    const member = getOwn(value, field.jsonName);
    if (!isOmitted(field, member)) setOwn(plain, field.jsonName, plainValue(field.type, member));
  }
  for (const key of unknownKeys(schema, value)) setOwn(plain, key, value[key] ?? null);
  return plain;
}

function plainValue(type: GoType, value: JsonValue | undefined): JsonValue {
  if (type.kind === "struct" && (isObject(value) || !type.pointer))
    return plainStruct(schemaOf(type), isObject(value) ? value : {});
  const element = type.element;
  if (element !== undefined && Array.isArray(value)) return value.map((item) => plainValue(element, item));
  if (element !== undefined && isObject(value)) {
    const plain: JsonObject = {};
    for (const key of Object.keys(value).sort(compareBytes))
      setOwn(plain, key, plainValue(element, value[key]));
    return plain;
  }
  return type.kind === "raw" ? (value ?? null) : scalar(type, value);
}
