import { decodeUtf8 } from "../go/index.js";
import { GoValue, goPrint, goSprintf, TypedSlice, type Value } from "../gotemplate/index.js";

/** What fmt prints for `%v`. */
export function printed(value: Value): string {
  return typeof value === "string" ? value : goPrint(value);
}

/** The text of a value as Sprig's functions want it: bytes are text, `String()` and `Error()` are heard. */
export function textOf(value: Value): string {
  if (value instanceof TypedSlice && value.type === "[]uint8") return decodeUtf8(bytesOf(value));
  return (value instanceof GoValue ? value.toText() : undefined) ?? printed(value);
}

/** The bytes of a []uint8. */
export function bytesOf(slice: TypedSlice): Uint8Array {
  return Uint8Array.from(slice.items, (item) => Number(goSprintf("%d", [item])));
}
