import { byteLength, decodeUtf8, encodeUtf8, isAscii } from "../go/index.js";
import { getOwn } from "../json/index.js";
import { kindOf, typeOf } from "./kind.js";
import { entriesOf, itemsOf } from "./shape.js";
import { GoScalar, GoStruct, NilPointer, TypedMap, TypedSlice, type Value } from "./value.js";

/** `len`: bytes of a string, elements of a slice or map. Throws an Error with Go's words for anything else. */
export function valueLength(value: Value): bigint {
  if (value === undefined) throw new Error("reflect: call of reflect.Value.Type on zero Value");
  if (value === null || value instanceof NilPointer) throw new Error("len of nil pointer");
  const text = textOf(value);
  if (text !== undefined) return BigInt(byteLength(text));
  const items = itemsOf(value);
  if (items !== undefined) return BigInt(items.length);
  const entries = entriesOf(value);
  if (entries !== undefined) return BigInt(Object.keys(entries).length);
  throw new Error(`len of type ${pointedType(value)}`);
}

/** `index`: walks into slices, strings and maps, one index a level. Throws an Error with Go's words. */
export function indexValue(value: Value, indexes: readonly Value[]): Value {
  if (value === undefined || value === null) throw new Error("index of untyped nil");
  let item: Value = value;
  for (const index of indexes) item = indexOnce(item, index);
  return item;
}

function indexOnce(item: Value, index: Value): Value {
  if (item === undefined || item === null || item instanceof NilPointer)
    throw new Error("index of nil pointer");
  const items = itemsOf(item);
  if (items !== undefined) {
    const at = indexArgument(index, items.length);
    if (at === items.length) throw new Error("reflect: slice index out of range");
    return items[at];
  }
  const text = textOf(item);
  if (text !== undefined) return byteAt(text, index);
  const entries = entriesOf(item);
  if (entries === undefined) throw new Error(`can't index item of type ${pointedType(item)}`);
  const found = getOwn(entries, keyArgument(index));
  if (found !== undefined) return found;
  return item instanceof TypedMap ? item.zero : null;
}

function byteAt(text: string, index: Value): Value {
  const bytes = encodeUtf8(text);
  const at = indexArgument(index, bytes.length);
  const byte = bytes[at];
  if (byte === undefined) throw new Error("reflect: string index out of range");
  return new GoScalar("uint8", "uint8", BigInt(byte));
}

function keyArgument(index: Value): string {
  if (typeof index === "string") return index;
  if (index === undefined || index === null) throw new Error("value is nil; should be of type string");
  throw new Error(`value has type ${typeOf(index)}; should be string`);
}

function indexArgument(index: Value, capacity: number): number {
  if (index === undefined || index === null) throw new Error("cannot index slice/array with nil");
  const number = index instanceof GoScalar ? index.value : index;
  if (typeof number !== "bigint") throw new Error(`cannot index slice/array with type ${typeOf(index)}`);
  if (number < 0n || number > BigInt(capacity)) throw new Error(`index out of range: ${number}`);
  return Number(number);
}

/** `slice`: a part of a slice or, by bytes, of a string. Throws an Error with Go's words. */
export function sliceValue(value: Value, indexes: readonly Value[]): Value {
  if (value === undefined || value === null) throw new Error("slice of untyped nil");
  if (value instanceof NilPointer) throw new Error("slice of nil pointer");
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`);
  const text = textOf(value);
  if (text !== undefined && indexes.length === 3) throw new Error("cannot 3-index slice a string");
  const items = itemsOf(value);
  if (text === undefined && items === undefined)
    throw new Error(`can't slice item of type ${pointedType(value)}`);
  const length = items?.length ?? byteLength(text ?? "");
  const bounds = indexes.map((index) => indexArgument(index, length));
  const [start = 0, end = length, limit = length] = bounds;
  if (start > end) throw new Error(`invalid slice index: ${start} > ${end}`);
  if (end > limit) throw new Error(`invalid slice index: ${end} > ${limit}`);
  if (items === undefined) {
    const part = sliceText(text ?? "", start, end);
    return value instanceof GoScalar ? new GoScalar(value.kind, value.type, part) : part;
  }
  const part = items.slice(start, end);
  return value instanceof TypedSlice ? new TypedSlice(value.type, part, value.isNil) : part;
}

function sliceText(text: string, start: number, end: number): string {
  return isAscii(text) ? text.slice(start, end) : decodeUtf8(encodeUtf8(text).subarray(start, end));
}

function textOf(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof GoScalar && typeof value.value === "string" ? value.value : undefined;
}

/** The type that Go's messages name after following a pointer. */
function pointedType(value: Value): string {
  const type = typeOf(value);
  return value instanceof GoStruct && kindOf(value) === "ptr" ? type.replace(/^\*/, "") : type;
}
