import { isObject, type JsonObject, type JsonValue } from "../../json/index.js";
import type { DocumentStyle } from "./document-style.js";
import { inlineAtom, inlineString, quotedString, standsLiteral } from "./yaml-scalar.js";

/** Whether a value takes lines of its own in block style. */
export function isBlock(value: JsonValue): value is JsonObject | JsonValue[] {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) && Object.keys(value).length > 0;
}

/** A value that fits on one line in block style: a scalar or an empty collection. */
export function inlineText(value: JsonValue, style: DocumentStyle): string {
  if (Array.isArray(value)) return "[]";
  if (isObject(value)) return "{}";
  return typeof value === "string" ? inlineString(value, style.quote, false) : inlineAtom(value);
}

/** A key. It is quoted wherever it would be anything but text. */
export function keyText(key: string, style: DocumentStyle): string {
  return inlineString(key, style.quote, false);
}

/**
 * Writes a mapping or list in block style. The first line has no indentation, all others stand at `column` or deeper.
 * `literals` says whether a text of several lines may become a literal block.
 */
export function blockLines(
  value: JsonObject | JsonValue[],
  column: number,
  style: DocumentStyle,
  literals: boolean,
): string[] {
  const lines = Array.isArray(value)
    ? value.flatMap((item) => itemLines(item, column, style, literals))
    : Object.entries(value).flatMap(([key, item]) => pairLines(key, item, column, style, literals));
  return [(lines[0] ?? "").slice(column), ...lines.slice(1)];
}

/** The lines of a key and its value, each with its indentation. */
export function pairLines(
  key: string,
  value: JsonValue,
  column: number,
  style: DocumentStyle,
  literals: boolean,
): string[] {
  const head = `${" ".repeat(column)}${keyText(key, style)}:`;
  if (isBlock(value)) {
    const inner = column + (Array.isArray(value) ? style.listStep : style.step);
    const [first = "", ...rest] = blockLines(value, inner, style, literals);
    return [head, `${" ".repeat(inner)}${first}`, ...rest];
  }
  return scalarLines(head, value, column + style.step, style, literals);
}

/** The lines of a list's item, each with its indentation. */
export function itemLines(
  value: JsonValue,
  column: number,
  style: DocumentStyle,
  literals: boolean,
): string[] {
  const head = `${" ".repeat(column)}-`;
  if (isBlock(value)) {
    const [first = "", ...rest] = blockLines(value, column + 2, style, literals);
    return [`${head} ${first}`, ...rest];
  }
  return scalarLines(head, value, column + 2, style, literals);
}

function scalarLines(
  head: string,
  value: JsonValue,
  column: number,
  style: DocumentStyle,
  literals: boolean,
): string[] {
  if (!literals || typeof value !== "string" || !standsLiteral(value))
    return [`${head} ${inlineText(value, style)}`];
  const ends = value.endsWith("\n");
  const content = (ends ? value.slice(0, -1) : value).split("\n");
  const pad = " ".repeat(column);
  return [`${head} |${ends ? "" : "-"}`, ...content.map((line) => (line === "" ? "" : `${pad}${line}`))];
}

/** A string in the quotes that the old one had, so that a change of its text is the only change. */
export function restyled(
  value: JsonValue,
  old: "plain" | "single" | "double" | "block",
  style: DocumentStyle,
): string {
  if (typeof value !== "string" || old === "plain" || old === "block") return inlineText(value, style);
  return quotedString(value, old);
}
