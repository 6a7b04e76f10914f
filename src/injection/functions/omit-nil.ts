import { GoValue, type Value } from "../../gotemplate/index.js";
import { setOwn } from "../../json/index.js";

/**
 * Drops nulls from maps and lists, all the way down. What loses something and becomes empty turns into null itself;
 * what held no null is returned unchanged, even when it was empty.
 */
export function omitNil(value: Value): Value {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return omitFromList(value);
  if (typeof value !== "object" || value instanceof GoValue) return value;
  const kept: Record<string, Value> = {};
  let changed = false;
  for (const [key, item] of Object.entries(value)) {
    const cleaned = omitNil(item);
    if (cleaned !== item) changed = true;
    if (cleaned === null) changed = true;
    else setOwn(kept, key, cleaned);
  }
  if (!changed) return value;
  return Object.keys(kept).length === 0 ? null : kept;
}

function omitFromList(list: readonly Value[]): Value {
  const cleaned = list.map(omitNil);
  if (cleaned.every((item, index) => item === list[index] && item !== null)) return list;
  const kept = cleaned.filter((item) => item !== null);
  return kept.length === 0 ? null : kept;
}
