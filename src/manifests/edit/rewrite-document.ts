import { jsonParse, yamlToJson } from "../../goyaml/index.js";
import { deepEqual, type JsonValue } from "../../json/index.js";
import { ManifestError } from "../manifest-error.js";
import type { ManifestDocument } from "../read-documents.js";
import type { SourceNode } from "../source/source-node.js";
import { DocumentEditor } from "./document-editor.js";
import { type DocumentStyle, detectStyle } from "./document-style.js";
import { blockLines, inlineText, isBlock } from "./emit-block.js";
import { flowText } from "./emit-flow.js";
import { applyEdits, EditConflict } from "./text-edit.js";

/**
 * The text of a document once its value is `wanted`: as it was, but for what differs. The answer is read again and
 * compared, so a text that means something else never comes out: where the small edits do not lead to the wanted value,
 * the whole value is written anew between the comments before and behind it, and in the worst case without them.
 *
 * @param text the whole file
 * @returns the text that takes the place of the document's
 * @throws ManifestError `edit-failed` when the value cannot be written at all
 */
export function rewriteDocument(
  text: string,
  document: ManifestDocument,
  wanted: JsonValue,
  source: string,
): string {
  const { start, end, root, json, value } = document;
  if (deepEqual(value, wanted)) return text.slice(start, end);
  const style = detectStyle(text, root, json);
  for (const attempt of [editInPlace, writeAnew, writeBare]) {
    const result = attempt(text, document, wanted, style);
    if (result !== undefined && meansTheSame(result, wanted, json)) return result;
  }
  throw new ManifestError(
    "edit-failed",
    "Cannot write the changed document so that kubectl reads it as meant",
    {
      source,
      line: document.line,
    },
  );
}

function editInPlace(
  text: string,
  document: ManifestDocument,
  wanted: JsonValue,
  style: DocumentStyle,
): string | undefined {
  const { start, end, root, value } = document;
  const editor = new DocumentEditor(text, style, !document.json && hasAlias(root.value), start);
  try {
    return applyEdits(text, editor.edit(root, value, wanted), start, end);
  } catch (error) {
    if (error instanceof EditConflict) return undefined;
    throw error;
  }
}

function hasAlias(node: SourceNode): boolean {
  if (node.kind === "alias") return true;
  return (node.kind === "map" || node.kind === "list") && node.entries.some(({ value }) => hasAlias(value));
}

/** The value in block style, or as JSON. */
function written(wanted: JsonValue, json: boolean, style: DocumentStyle): string {
  if (json) return flowText(wanted, style, { indent: "" });
  return isBlock(wanted) ? blockLines(wanted, 0, style, true).join(style.newline) : inlineText(wanted, style);
}

/** A new value between what stands before and behind the old one. */
function writeAnew(
  text: string,
  { start, end, root, json }: ManifestDocument,
  wanted: JsonValue,
  style: DocumentStyle,
): string {
  const before = text.slice(start, root.value.start);
  const separate = json || before === "" || before.endsWith("\n") ? before : before.trimEnd() + style.newline;
  return separate + written(wanted, json, style) + text.slice(root.value.end, end);
}

/** Nothing but the new value, for documents that are written too oddly to keep any of it. */
function writeBare(
  text: string,
  { start, end, json }: ManifestDocument,
  wanted: JsonValue,
  style: DocumentStyle,
): string {
  const marker = text.startsWith("---", start) ? `---${style.newline}` : "";
  const last = end < text.length || text.endsWith("\n") ? style.newline : "";
  return marker + written(wanted, json, style) + last;
}

function meansTheSame(text: string, wanted: JsonValue, json: boolean): boolean {
  try {
    return deepEqual(json ? jsonParse(text) : yamlToJson(text), wanted);
  } catch {
    return false;
  }
}
