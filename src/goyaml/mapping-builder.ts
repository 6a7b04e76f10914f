import { type JsonObject, setOwn } from "../json/index.js";
import { floatText } from "./float-text.js";
import type { Node } from "./node.js";

/** Builds a JSON object from pairs: a later key takes the place of an earlier one, and `<<` puts in whole mappings. */
export class MappingBuilder {
  readonly value: JsonObject = {};
  size = 1;

  /** Adds a pair. Gives a sentence when JSON cannot hold it. */
  add(key: Node, value: Node): string | undefined {
    this.size += key.size + value.size;
    if (key.merge) return this.#merge(value);
    if (key.kind !== "scalar") return `invalid map key: a ${key.kind} cannot be a key`;
    const name = keyText(key);
    if (name === undefined) return "unsupported map key: a key must be a text, a number or a bool";
    setOwn(this.value, name, value.value);
    return undefined;
  }

  #merge({ kind, value, alias }: Node): string | undefined {
    const fault = "map merge requires map or sequence of maps as the value";
    if (typeof value !== "object" || value === null || (kind === "sequence" && alias)) return fault;
    // Of several mappings the first counts, so it is put in last.
    const maps = Array.isArray(value) ? value.slice().reverse() : [value];
    for (const map of maps) {
      if (typeof map !== "object" || map === null || Array.isArray(map)) return fault;
      for (const name of Object.keys(map)) setOwn(this.value, name, map[name] ?? null);
    }
    return undefined;
  }
}

/** The text that a scalar is as a key; undefined when it cannot be one. */
function keyText({ value, float }: Node): string | undefined {
  if (typeof value === "string") return value;
  if (float) return floatText(Number(value), 32);
  if (typeof value === "bigint" && value >= 1n << 63n) return undefined;
  return value === null || typeof value === "object" ? undefined : String(value);
}
