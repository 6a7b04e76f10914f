import { isObject, type JsonValue } from "../json/index.js";
import { type ElementValue, Message } from "./message.js";
import type { MessageSchema } from "./message-schema.js";
import { cannotUnmarshal, Mismatch } from "./read-scalar.js";

/** Deeper than any log format; without a limit, nesting could exhaust the stack. */
const deepest = 100;

function element(schema: MessageSchema, field: string): MessageSchema {
  const found = schema.byName.get(field)?.element;
  if (found?.kind !== "message") throw new TypeError(`${schema.name} has no messages in ${field}`);
  return found.message;
}

/** Reads any JSON object as a google.protobuf.Struct. */
export function readStruct(schema: MessageSchema, tree: JsonValue, depth = 0): Message {
  if (!isObject(tree)) {
    const { message } = cannotUnmarshal(tree, "map[string]json.RawMessage");
    throw new Mismatch(`bad StructValue: ${message}`);
  }
  const valueSchema = element(schema, "fields");
  const fields = new Map<string, ElementValue>();
  for (const [key, value] of Object.entries(tree)) fields.set(key, readAny(valueSchema, value, depth + 1));
  return Message.of(schema, { fields });
}

function readAny(schema: MessageSchema, tree: JsonValue, depth: number): Message {
  if (depth > deepest) throw new Mismatch("exceeded max depth");
  if (tree === null) {
    const kind = schema.byName.get("nullValue")?.element;
    return Message.of(schema, kind?.kind === "enum" ? { nullValue: kind.enum.zero } : {});
  }
  if (typeof tree === "boolean") return Message.of(schema, { boolValue: tree });
  if (typeof tree === "number" || typeof tree === "bigint")
    return Message.of(schema, { numberValue: Number(tree) });
  if (typeof tree === "string") return Message.of(schema, { stringValue: tree });
  if (!Array.isArray(tree)) {
    return Message.of(schema, { structValue: readStruct(element(schema, "structValue"), tree, depth) });
  }
  const values = tree.map((item) => readAny(schema, item, depth + 1));
  return Message.of(schema, { listValue: Message.of(element(schema, "listValue"), { values }) });
}
