import { sortedKeys } from "../go/index.js";
import {
  type GoFunction,
  isLooseMap,
  type LooseMap,
  TypedSlice,
  typeOf,
  type Value,
} from "../gotemplate/index.js";
import { setOwn } from "../json/index.js";
import { copyDeep } from "./copy-deep.js";
import { define, defineAll, type Invocation } from "./invocation.js";
import { Merger } from "./merge.js";
import { textOf } from "./print.js";
import { SprigError } from "./sprig-error.js";
import { deleteKey, writeKey } from "./write-key.js";

const mergeParameters = ["map[string]interface {}", "...map[string]interface {}"];

/**
 * The `dicts` family. `set`, `unset` and the merges change the dictionary they are given, as in Go. A caller
 * whose data must stay as it is freezes it: then they throw a `read-only` error and `deepCopy` is the remedy.
 * `keys` and `values` come in the order of the keys; in Go theirs is random.
 */
export const dictFunctions: readonly GoFunction[] = [
  define("dict", "pure", ["...any"], (call) => dictionary(call)),
  define("get", "pure", ["map[string]interface {}", "string"], (call) => {
    const map = call.map(0);
    return hasOwn(map, call.text(1)) ? (map[call.text(1)] ?? null) : "";
  }),
  define("set", "writes", ["map[string]interface {}", "string", "any"], (call) => {
    const map = call.map(0);
    if (map === undefined) throw new SprigError("nil", "assignment to entry in nil map");
    call.charge(1);
    writeKey(map, call.text(1), call.any(2));
    return map;
  }),
  define("unset", "writes", ["map[string]interface {}", "string"], (call) => {
    const map = call.map(0);
    if (map !== undefined) deleteKey(map, call.text(1));
    return map ?? {};
  }),
  define("hasKey", "pure", ["map[string]interface {}", "string"], (call) =>
    hasOwn(call.map(0), call.text(1)),
  ),
  define("pluck", "pure", ["string", "...map[string]interface {}"], (call) => {
    const key = call.text(0);
    return call.maps(1).flatMap((map) => (hasOwn(map, key) ? [map[key] ?? null] : []));
  }),
  define("keys", "pure", ["...map[string]interface {}"], (call) => {
    return new TypedSlice(
      "[]string",
      call.maps(0).flatMap((map) => keysOf(call, map)),
    );
  }),
  define("values", "pure", ["map[string]interface {}"], (call) => {
    const map = call.map(0);
    return keysOf(call, map).map((key) => map?.[key] ?? null);
  }),
  define("pick", "pure", ["map[string]interface {}", "...string"], (call) => {
    const map = call.map(0);
    return chosen(
      call,
      map,
      call.texts(1).filter((key) => hasOwn(map, key)),
    );
  }),
  define("omit", "pure", ["map[string]interface {}", "...string"], (call) => {
    const map = call.map(0);
    const omitted = new Set(call.texts(1));
    return chosen(
      call,
      map,
      Object.keys(map ?? {}).filter((key) => !omitted.has(key)),
    );
  }),
  ...defineAll(["merge", "mustMerge"], "writes", mergeParameters, (call) => merged(call, false)),
  ...defineAll(["mergeOverwrite", "mustMergeOverwrite"], "writes", mergeParameters, (call) =>
    merged(call, true),
  ),
  define("dig", "pure", ["...any"], (call) => dug(call)),
  ...defineAll(["deepCopy", "mustDeepCopy"], "pure", ["any"], (call) => copyDeep(call, call.any(0))),
];

function hasOwn(map: LooseMap | undefined, key: string): map is LooseMap {
  return map !== undefined && Object.hasOwn(map, key);
}

function keysOf(call: Invocation, map: LooseMap | undefined): string[] {
  const keys = sortedKeys(map ?? {});
  call.charge(keys.length);
  return keys;
}

/** Pairs of key and value; a last key without a value gets "". */
function dictionary(call: Invocation): LooseMap {
  const entries: Record<string, Value> = {};
  call.charge(call.count);
  for (let i = 0; i < call.count; i += 2) {
    setOwn(entries, textOf(call.any(i)), i + 1 < call.count ? call.any(i + 1) : "");
  }
  return entries;
}

function chosen(call: Invocation, map: LooseMap | undefined, keys: readonly string[]): LooseMap {
  const entries: Record<string, Value> = {};
  call.charge(keys.length);
  for (const key of keys) setOwn(entries, key, map?.[key]);
  return entries;
}

/** Merges each source in turn into the first dictionary and gives that. */
function merged(call: Invocation, overwrite: boolean): Value {
  const target = call.map(0) ?? {};
  const merger = new Merger(call, overwrite);
  for (const source of call.maps(1)) merger.merge(target, source ?? {});
  return target;
}

/** The value behind a chain of keys, or the default when a key is absent. */
function dug(call: Invocation): Value {
  const keys = call.rest(0);
  if (keys.length < 3) throw new SprigError("argument", "dig needs at least three arguments");
  let value: Value = keys.pop();
  const fallback = keys.pop() ?? null;
  if (!isLooseMap(value)) throw notA("map[string]interface {}", value);
  for (const key of keys) if (typeof key !== "string") throw notA("string", key);
  for (const key of keys) {
    if (!isLooseMap(value)) throw notA("map[string]interface {}", value);
    if (typeof key !== "string" || !Object.hasOwn(value, key)) return fallback;
    value = value[key] ?? null;
  }
  return value;
}

function notA(type: string, value: Value): SprigError {
  const actual = value === null || value === undefined ? "nil" : typeOf(value);
  return new SprigError("argument", `interface conversion: interface {} is ${actual}, not ${type}`);
}
