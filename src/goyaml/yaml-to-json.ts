import type { JsonValue } from "../json/index.js";
import { Cursor } from "./cursor.js";
import { Reader } from "./reader.js";
import type { ScalarObserver } from "./scalar-observer.js";

/** How a text is read. */
export interface YamlOptions {
  /** What the text is, such as a file name, for messages. */
  readonly source?: string;
  /** Is shown each scalar, and may put another value in its place. */
  readonly observe?: ScalarObserver;
}

/** Characters that YAML 1.1 does not allow, and surrogates that stand alone. */
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Reads the first document of a YAML text as sigs.k8s.io/yaml's YAMLToJSON does: YAML 1.1 with `yes`, `on`, `y` as bools, also
 * as keys; `012` octal; of equal keys the last; `<<` merges; dates stay texts. What follows the document is not looked at.
 * Integers that a double cannot hold exactly are bigint. An empty text is null.
 * Throws GoYamlError.
 */
export function yamlToJson(text: string, options: YamlOptions = {}): JsonValue {
  const cursor = new Cursor(text, options.source ?? "");
  const bad = forbidden.exec(text);
  if (bad !== null) throw placed(cursor, bad.index);
  return new Reader(cursor, options.observe).readDocument();
}

function placed(cursor: Cursor, index: number): Error {
  while (cursor.at < index) {
    cursor.skipToBreak();
    if (cursor.at >= index) break;
    cursor.readBreak();
  }
  cursor.at = index;
  const code = cursor.text.charCodeAt(index).toString(16).padStart(4, "0").toUpperCase();
  return cursor.fail(`control characters are not allowed: U+${code}`);
}
