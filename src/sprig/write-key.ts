import type { LooseMap, Value } from "../gotemplate/index.js";
import { setOwn } from "../json/index.js";
import { SprigError } from "./sprig-error.js";

/** Sets a key of a template's dictionary; a frozen one belongs to somebody else and says so. */
export function writeKey(map: LooseMap, key: string, value: Value): void {
  if (Object.isFrozen(map)) throw readOnly("set", key);
  const entries: Record<string, Value> = map;
  setOwn(entries, key, value);
}

/** Removes a key of a template's dictionary. */
export function deleteKey(map: LooseMap, key: string): void {
  if (!Object.hasOwn(map, key)) return;
  if (Object.isFrozen(map)) throw readOnly("remove", key);
  const entries: Record<string, Value> = map;
  delete entries[key];
}

function readOnly(verb: string, key: string): SprigError {
  return new SprigError(
    "read-only",
    `cannot ${verb} the key ${JSON.stringify(key)}: this dictionary is not the template's own; change a deepCopy of it`,
  );
}
