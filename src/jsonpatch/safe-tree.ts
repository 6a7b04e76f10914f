import { isObject, type JsonObject, type JsonValue, setOwn } from "../json/index.js";

/**
 * fast-json-patch takes `toString` for a member of every object, follows `__proto__`, and copies through JSON, which knows no
 * bigint. So it works on a copy in which keys start with a dot, except those that may be positions in a list, and in which
 * bigints are texts.
 */
const position = /^(?:\d+|-)$/;
const bigintMark = "\u0000n";
const textMark = "\u0000t";

function safeKey(key: string): string {
  return position.test(key) ? key : `.${key}`;
}

/** The safe form of a pointer. A pointer that does not start with a slash is left for fast-json-patch to refuse. */
export function safePointer(pointer: string): string {
  if (!pointer.startsWith("/")) return pointer;
  return pointer
    .slice(1)
    .split("/")
    .map((token) => `/${safeKey(token)}`)
    .join("");
}

/** A copy of a tree in safe form. */
export function safeTree(value: JsonValue): JsonValue {
  if (typeof value === "bigint") return `${bigintMark}${value}`;
  if (typeof value === "string") return value.startsWith("\u0000") ? `${textMark}${value}` : value;
  if (Array.isArray(value)) return value.map(safeTree);
  if (!isObject(value)) return value;
  const safe: JsonObject = {};
  for (const key of Object.keys(value)) safe[safeKey(key)] = safeTree(value[key] ?? null);
  return safe;
}

/** A copy of a safe tree in its plain form. */
export function plainTree(value: JsonValue): JsonValue {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) return value.map(plainTree);
  if (!isObject(value)) return value;
  const plain: JsonObject = {};
  for (const key of Object.keys(value)) {
    const member = plainTree(value[key] ?? null);
    const name = key.startsWith(".") ? key.slice(1) : key;
    setOwn(plain, name, member);
  }
  return plain;
}

function plainText(text: string): JsonValue {
  if (text.startsWith(bigintMark)) return BigInt(text.slice(bigintMark.length));
  return text.startsWith(textMark) ? text.slice(textMark.length) : text;
}
