import { isObject, type JsonValue } from "../../json/index.js";
import type { DocumentStyle } from "./document-style.js";
import { doubleQuoted, inlineAtom, inlineString } from "./yaml-scalar.js";

/** How a collection in flow style is laid out. */
export interface FlowLayout {
  /** The indentation of the line that the collection begins on; undefined puts everything on one line. */
  readonly indent?: string;
  /** Whether spaces stand inside the braces of a mapping. */
  readonly padded?: boolean;
}

/** Writes a value in flow style: JSON in a JSON document, else flow YAML. */
export function flowText(value: JsonValue, style: DocumentStyle, layout: FlowLayout = {}): string {
  if (typeof value === "string")
    return style.json ? JSON.stringify(value) : inlineString(value, style.quote, true);
  if (Array.isArray(value))
    return wrap(
      "[",
      value.map((item) => flowText(item, style, deeper(layout, style))),
      "]",
      style,
      layout,
    );
  if (!isObject(value)) return inlineAtom(value);
  const pairs = Object.entries(value).map(([key, item]) => flowPair(key, item, style, deeper(layout, style)));
  return wrap("{", pairs, "}", style, layout);
}

/** Writes a key and its value in flow style. */
export function flowPair(
  key: string,
  value: JsonValue,
  style: DocumentStyle,
  layout: FlowLayout = {},
): string {
  const name = style.json ? JSON.stringify(key) : flowKey(key, style);
  return `${name}:${style.colonSpace}${flowText(value, style, layout)}`;
}

function flowKey(key: string, style: DocumentStyle): string {
  const text = inlineString(key, style.quote, true);
  return /^[\w./-]+$/.test(text) ? text : doubleQuoted(key);
}

function deeper(layout: FlowLayout, style: DocumentStyle): FlowLayout {
  return layout.indent === undefined ? layout : { ...layout, indent: layout.indent + " ".repeat(style.step) };
}

function wrap(
  open: string,
  parts: readonly string[],
  close: string,
  style: DocumentStyle,
  layout: FlowLayout,
): string {
  if (parts.length === 0) return open + close;
  if (layout.indent === undefined) {
    const space = layout.padded && open === "{" ? " " : "";
    return open + space + parts.join(`,${style.commaSpace}`) + space + close;
  }
  const line = `${style.newline}${layout.indent}`;
  const inner = line + " ".repeat(style.step);
  return open + inner + parts.join(`,${inner}`) + line + close;
}
