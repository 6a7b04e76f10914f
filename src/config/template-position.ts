import { isScalar, parseDocument } from "yaml";

/** A place in a text; both count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a place in a template stands in the inject config that holds it, so that an editor can go there. Undefined for
 * a template that is not written as a block (`|`), since then its lines are not lines of the file.
 *
 * @param text YAML of the inject config, known to be sound
 */
export function templatePosition(
  text: string,
  template: string,
  within: TextPosition,
): TextPosition | undefined {
  const node: unknown = parseDocument(text, { logLevel: "silent" }).getIn(["templates", template], true);
  if (!isScalar(node) || node.type !== "BLOCK_LITERAL" || !node.range) return undefined;
  const [start] = node.range;
  const header = text.slice(0, start).split("\n").length;
  const block = text.slice(start, node.range[1]).split("\n").slice(1);
  const indent = block.find((line) => line.trim() !== "")?.search(/\S/);
  // An indentation that is given as a number leaves part of the white space to the template.
  if (indent === undefined || /^\|[-+]?\d/.test(text.slice(start))) return undefined;
  return { line: header + within.line, column: indent + within.column };
}
