import { isObject, type JsonValue, jsonText } from "../../json/index.js";

/** Writes a tree as JSON from the values of its marks. */
export type WriteTree = (values: readonly (string | number)[]) => string;

/**
 * Turns a tree into the way to write what its filler makes, as JSON.stringify writes it: all but the values is known before.
 * `places` tells for each mark in the tree which of the values it stands for.
 */
export function treeWriter(tree: JsonValue, places: ReadonlyMap<unknown, number>): WriteTree {
  let fixed: string[] = [];
  const texts = [fixed];
  const holes: number[] = [];
  const visit = (part: JsonValue): void => {
    if (Array.isArray(part)) {
      fixed.push("[");
      for (const [index, item] of part.entries()) {
        if (index > 0) fixed.push(",");
        visit(item);
      }
      fixed.push("]");
    } else if (isObject(part)) {
      fixed.push("{");
      for (const [index, [key, item]] of Object.entries(part).entries()) {
        fixed.push(index > 0 ? "," : "", JSON.stringify(key), ":");
        visit(item);
      }
      fixed.push("}");
    } else {
      const place = places.get(part);
      if (place === undefined) fixed.push(JSON.stringify(part));
      else {
        holes.push(place);
        fixed = [];
        texts.push(fixed);
      }
    }
  };
  visit(tree);
  const [start = "", ...after] = texts.map((text) => text.join(""));
  return (values) => {
    let text = start;
    for (let hole = 0; hole < holes.length; hole++) {
      const value = values[holes[hole] ?? 0] ?? null;
      text += (typeof value === "string" ? jsonText(value) : JSON.stringify(value)) + after[hole];
    }
    return text;
  };
}
