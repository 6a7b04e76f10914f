import { compareBytes } from "../go/index.js";
import { isObject, type JsonValue } from "../json/index.js";

/** A value as Go's `%v` prints it (`map[name:a]`, `[1 2]`): messages of the merge show values so. */
export function goPrint(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(goPrint).join(" ")}]`;
  if (!isObject(value)) return value === null ? "<nil>" : String(value);
  const entries = Object.keys(value)
    .sort(compareBytes)
    .map((key) => `${key}:${goPrint(value[key] ?? null)}`);
  return `map[${entries.join(" ")}]`;
}
