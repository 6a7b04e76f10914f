import { quoteExcerpt } from "../go/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { parseDuration } from "./duration-message.js";
import { MeshError } from "./mesh-error.js";
import { type ElementValue, type FieldValue, Message } from "./message.js";
import type { ElementType, FieldSchema, MessageSchema } from "./message-schema.js";
import { cannotUnmarshal, Mismatch, readEnum, readScalar } from "./read-scalar.js";
import { readStruct } from "./read-struct.js";

/** Something in the input that was not used. */
export interface MeshWarning {
  /** The key, such as `defaultConfig.tracng`. */
  readonly path: string;
  readonly message: string;
}

/** What {@link readMessage} may be told. */
export interface ReadOptions {
  /** The name that errors give the input, such as a file's path. */
  readonly source?: string | undefined;
  /** The path of the tree in its input, for errors and warnings. */
  readonly path?: string | undefined;
  /** The message whose fields the tree replaces. The default is an empty one. */
  readonly base?: Message | undefined;
  /** Receives one warning for each unknown field. */
  readonly warnings?: MeshWarning[] | undefined;
}

/**
 * Reads a tree as a message by the rules of Go's legacy protobuf JSON codec: camel or snake names (camel wins), null is
 * not given, enums by name or number, quoted numbers, durations in Go's syntax. Each field that is given replaces the
 * base's whole field, zero too. Unknown fields are left out with a warning, as Istio's second, lenient attempt does.
 * Throws a {@link MeshError} for a value of the wrong type; its `detail` is Go's text.
 */
export function readMessage(schema: MessageSchema, tree: JsonValue, options: ReadOptions = {}): Message {
  const reader = new Reader(options.source, options.warnings);
  return reader.message(schema, tree, options.path ?? "", options.base ?? Message.of(schema));
}

const wrappers = new Set(
  ["BoolValue", "Int32Value", "Int64Value", "UInt32Value"].map((name) => `google.protobuf.${name}`),
);

class Reader {
  constructor(
    private readonly source: string | undefined,
    private readonly warnings: MeshWarning[] | undefined,
  ) {}

  message(schema: MessageSchema, tree: JsonValue, path: string, base: Message): Message {
    if (tree === null) return base;
    if (!isObject(tree)) throw this.refuse(path, cannotUnmarshal(tree, "map[string]json.RawMessage"));
    const changes: [string, FieldValue][] = [];
    for (const field of schema.fields) {
      const name = Object.hasOwn(tree, field.jsonName) ? field.jsonName : field.protoName;
      const value = getOwn(tree, name) ?? null;
      if (value !== null) changes.push([field.jsonName, this.field(field, value, join(path, name))]);
    }
    this.warnOfUnknown(schema, tree, path);
    return changes.length === 0 ? base : base.withAll(changes);
  }

  private field(field: FieldSchema, tree: JsonValue, path: string): FieldValue {
    if (field.cardinality === "single") return this.element(field.element, tree, path);
    if (field.cardinality === "repeated") {
      if (!Array.isArray(tree)) throw this.refuse(path, cannotUnmarshal(tree, "[]json.RawMessage"));
      return tree.map((item, i) => this.item(field.element, item, `${path}[${i}]`));
    }
    if (!isObject(tree)) throw this.refuse(path, cannotUnmarshal(tree, "map[string]json.RawMessage"));
    return new Map(
      Object.entries(tree).map(([key, value]) => [key, this.item(field.element, value, join(path, key))]),
    );
  }

  /** A null inside a list or map is the zero value, an empty message for instance. */
  private item(type: ElementType, tree: JsonValue, path: string): ElementValue {
    if (tree !== null) return this.element(type, tree, path);
    if (type.kind === "message") return Message.of(type.message);
    return type.kind === "enum" ? type.enum.zero : type.scalar === "string" ? "" : readScalar(type.scalar, 0);
  }

  private element(type: ElementType, tree: JsonValue, path: string): ElementValue {
    if (type.kind === "message" && !type.message.name.startsWith("google.")) {
      return this.message(type.message, tree, path, Message.of(type.message));
    }
    try {
      if (type.kind === "message") return readWellKnown(type.message, tree);
      return type.kind === "enum" ? readEnum(type.enum, tree) : readScalar(type.scalar, tree);
    } catch (error) {
      throw error instanceof Mismatch ? this.refuse(path, error) : error;
    }
  }

  private refuse(path: string, mismatch: Mismatch): MeshError {
    const place = [this.source, path].filter((part) => part !== undefined && part !== "").join(": ");
    const code = mismatch.message === "exceeded max depth" ? "depth" : "type";
    return new MeshError(code, `Cannot read ${place === "" ? "the value" : place}: ${mismatch.message}`, {
      source: this.source,
      path,
      detail: mismatch.message,
    });
  }

  private warnOfUnknown(schema: MessageSchema, tree: JsonObject, path: string): void {
    if (this.warnings === undefined) return;
    for (const key of Object.keys(tree)) {
      if (schema.byName.has(key)) continue;
      const message = `unknown field ${quoteExcerpt(key)} in ${schema.name}`;
      this.warnings.push({ path: join(path, key), message });
    }
  }
}

function readWellKnown(schema: MessageSchema, tree: JsonValue): Message {
  if (wrappers.has(schema.name)) {
    const type = schema.byName.get("value")?.element;
    if (type?.kind === "scalar") return Message.of(schema, { value: readScalar(type.scalar, tree) });
  }
  if (schema.name === "google.protobuf.Struct") return readStruct(schema, tree);
  if (schema.name !== "google.protobuf.Duration") throw new TypeError(`${schema.name} has no JSON form here`);
  if (typeof tree !== "string") throw cannotUnmarshal(tree, "string");
  try {
    return parseDuration(tree);
  } catch (error) {
    throw new Mismatch(`bad Duration: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
