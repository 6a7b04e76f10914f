import { entriesOf, itemsOf } from "../shape.js";
import { GoScalar, type Value } from "../value.js";

/** The shapes of short lists, made once. */
const lists = Array.from({ length: 16 }, (_, length) => `list ${length}`);

/** What decides how often range turns and how it reads: equal for two values that it walks alike. */
export function shapeOf(value: Value): string {
  if (value === undefined || value === null) return "nil";
  const items = itemsOf(value);
  if (items !== undefined) return lists[items.length] ?? `list ${items.length}`;
  const entries = entriesOf(value);
  if (entries !== undefined) return `map ${Object.keys(entries).length}`;
  if (typeof value === "bigint") return `int ${value}`;
  if (value instanceof GoScalar && typeof value.value === "bigint") return `${value.type} ${value.value}`;
  return "other";
}
