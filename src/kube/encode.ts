import { compareBytes, goJson, goJsonString } from "../go/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { decode } from "./decode.js";
import { isOmitted, Normalizer, normalScalar, unknownKeys } from "./normal-form.js";
import { type GoType, type StructSchema, schemaOf, structSchema } from "./struct-schema.js";

const fresh = new Normalizer(false);
const remembering = new Normalizer(true);

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
  return fresh.struct(schemaNamed(structName))(decode(structName, value));
}

/**
 * `normalize` for a value that `decode` gave for this struct. What it makes of deeply frozen parts is made once, frozen,
 * and shared by all values that share the part.
 */
export function normalizeDecoded(structName: string, decoded: JsonObject): JsonObject {
  return remembering.struct(schemaNamed(structName))(decoded);
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

function writeStruct(schema: StructSchema, value: JsonObject): string {
  const members: string[] = [];
  for (const field of schema.fields) {
    const member = getOwn(value, field.jsonName);
    if (!isOmitted(field, member)) members.push(`"${field.jsonName}":${write(field.type, member)}`);
  }
  for (const key of unknownKeys(schema, value))
    members.push(`${goJsonString(key)}:${goJson(value[key] ?? null)}`);
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
  if (type.kind === "raw" && value !== undefined) return goJson(value, "raw");
  return goJson(normalScalar(type, value));
}
