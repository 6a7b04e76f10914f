import { compareBytes, goJsonString } from "../go/index.js";
import { durationText } from "./duration-message.js";
import { EnumValue } from "./enum-value.js";
import { type ElementValue, type FieldValue, isList, isMap, Message } from "./message.js";

/**
 * The message as the legacy Go codec writes it: lowerCamel names in declaration order, zero scalars left out, wrappers and
 * empty messages written when they are set, enums by name, int64 in quotes, durations as `"7s"`, maps by sorted key, no spaces.
 */
export function protoJson(message: Message): string {
  const { name } = message.schema;
  if (name.startsWith("google.protobuf.")) return writeWellKnown(message);
  const fields: string[] = [];
  for (const [field, value] of message.entries()) fields.push(`"${field.jsonName}":${writeField(value)}`);
  return `{${fields.join(",")}}`;
}

function writeField(value: FieldValue): string {
  if (isMap(value)) return writeMap(value);
  return isList(value) ? `[${value.map(writeElement).join(",")}]` : writeElement(value);
}

function writeMap(map: ReadonlyMap<string, ElementValue>): string {
  const entries = [...map].sort(([left], [right]) => compareBytes(left, right));
  return `{${entries.map(([key, value]) => `${goJsonString(key)}:${writeElement(value)}`).join(",")}}`;
}

function writeElement(value: ElementValue): string {
  if (value instanceof Message) return protoJson(value);
  if (value instanceof EnumValue) return value.name === undefined ? String(value.number) : `"${value.name}"`;
  if (typeof value === "string") return goJsonString(value);
  if (typeof value === "bigint") return `"${value}"`;
  return typeof value === "number" && !Number.isFinite(value) ? `"${value}"` : JSON.stringify(value);
}

function writeWellKnown(message: Message): string {
  switch (message.schema.name) {
    case "google.protobuf.Duration":
      return `"${durationText(message)}"`;
    case "google.protobuf.Struct":
      return writeMap(message.map("fields"));
    case "google.protobuf.ListValue":
      return `[${message.list("values").map(writeElement).join(",")}]`;
    case "google.protobuf.Value": {
      const [first] = message.entries();
      return first === undefined || first[0].jsonName === "nullValue" ? "null" : writeField(first[1]);
    }
    default: {
      const value = message.get("value");
      return value === undefined ? "null" : writeField(value);
    }
  }
}
