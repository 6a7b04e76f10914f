import type { JsonValue } from "../json/index.js";
import { floatText } from "./float-text.js";
import { readGoNumber } from "./go-number.js";
import { YamlWriter } from "./yaml-writer.js";

/**
 * Prints a JSON tree as sigs.k8s.io/yaml's Marshal does: block style, keys in go-yaml's order, two spaces a level, lists at the
 * level of their key, quotes only where YAML 1.1 would read something else, long lines broken at 80 columns, a line break at
 * the end.
 */
export function jsonToYaml(value: JsonValue): string {
  return new YamlWriter(numberText).write(value);
}

/** Marshal goes through JSON's text and back: what is not a whole number of 64 bits there is a float, and printed as one. */
function numberText(value: number | bigint): string {
  const text = String(value);
  const number = readGoNumber(text);
  return number === undefined || number.float ? floatText(Number(value), 64) : String(number.value);
}
