import { isLooseMap, type LooseMap, TypedMap, type Value } from "../gotemplate/index.js";
import { setOwn } from "../json/index.js";
import { isEmpty } from "./empty.js";
import type { Invocation } from "./invocation.js";
import { SprigError } from "./sprig-error.js";
import { writeKey } from "./write-key.js";

/** Deeper merges can only come from a dictionary that holds itself. */
const deepest = 1000;

/**
 * Merges dictionaries as dario.cat/mergo 1.0.1 does for Sprig: without overwriting, only keys that are absent
 * or empty in the target are set; dictionaries under the same key are merged; lists are never joined. Values
 * are shared with the source, not copied. A map[string]string and the like, which may be a pod's own, is
 * replaced by a merged copy where Go would write into it.
 */
export class Merger {
  constructor(
    private readonly call: Invocation,
    private readonly overwrite: boolean,
  ) {}

  /** Merges the source into the target, which changes. */
  merge(target: LooseMap, source: LooseMap, depth = 0): void {
    if (depth > deepest) throw new SprigError("depth", `cannot merge below ${deepest} levels`);
    const keys = Object.keys(source);
    this.call.charge(keys.length);
    for (const key of keys) {
      const present = Object.hasOwn(target, key) ? target[key] : undefined;
      this.mergeValue(target, key, present, source[key], depth);
    }
  }

  private mergeValue(target: LooseMap, key: string, present: Value, value: Value, depth: number): void {
    if (value === null || value === undefined) {
      if (this.overwrite) writeKey(target, key, null);
    } else if (present instanceof TypedMap && isMap(value)) {
      writeKey(target, key, this.mergeTyped(present, value));
    } else if (isLooseMap(present) && isMap(value)) {
      this.merge(present, value instanceof TypedMap ? value.entries : value, depth + 1);
      if (isEmpty(present)) writeKey(target, key, value);
    } else if (this.overwrite || isEmpty(present)) {
      writeKey(target, key, value);
    }
  }

  private mergeTyped(present: TypedMap, value: LooseMap | TypedMap): TypedMap {
    const source = value instanceof TypedMap ? value.entries : value;
    const type = value instanceof TypedMap ? value.type : "map[string]interface {}";
    if (type !== present.type && Object.keys(source).length > 0) {
      throw new SprigError("argument", `cannot merge a ${type} into a ${present.type}`);
    }
    this.call.charge(Object.keys(present.entries).length + Object.keys(source).length);
    const entries: Record<string, Value> = {};
    for (const key of Object.keys(present.entries)) setOwn(entries, key, present.entries[key]);
    for (const key of Object.keys(source)) {
      const kept = Object.hasOwn(entries, key) ? entries[key] : undefined;
      if (this.overwrite || isEmpty(kept)) setOwn(entries, key, source[key]);
    }
    return new TypedMap(present.type, entries, present.zero);
  }
}

function isMap(value: Value): value is LooseMap | TypedMap {
  return value instanceof TypedMap || isLooseMap(value);
}
