import { GoYamlError, yamlToJson } from "../../goyaml/index.js";
import { deepEqual, isObject, type JsonObject, type JsonValue, jsonStringify } from "../../json/index.js";
import { unsettledPieces } from "./is-settled.js";
import { anyWord } from "./word.js";

/** Reads a text that a template wrote; throws where it is no partial pod. */
type ReadPod = (text: string) => unknown;

/**
 * Whether a text is the YAML that a template wants in its place, and nothing but that. It is where the template makes no pod
 * without it (`harmless` is what it writes with a word in the place of the text), and where it is a mapping or a list that
 * ends where its place does and takes the place of nothing that the template wrote.
 */
export function isYamlByDesign(
  pieces: readonly string[],
  harmless: readonly string[],
  read: ReadPod,
): boolean {
  const changed = pieces.flatMap((piece, index) => (piece === harmless[index] ? [] : [index]));
  const made = unsettledPieces(pieces, changed);
  if (!made.every((index) => collectionOf(pieces[index] ?? "") !== undefined)) return false;
  if (!reads(read, pieces.join("")) || reads(read, harmless.join(""))) return false;
  return made.every((index) => isContained(pieces, index));
}

function reads(read: ReadPod, text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the document stays the same when a piece is written in a form that cannot reach beyond its place. */
function isContained(pieces: readonly string[], index: number): boolean {
  const piece = pieces[index] ?? "";
  const node = collectionOf(piece);
  if (node === undefined) return false;
  const document = treeOf(pieces.join(""));
  const column = columnOf(pieces.slice(0, index).join("") + (/^\s*/.exec(piece)?.[0] ?? ""));
  return [asNode, asEntries].some((form) => {
    const written = form(piece, node, column);
    if (document === undefined || !deepEqual(treeOf(withPiece(pieces, index, written)) ?? null, document))
      return false;
    const renamed = treeOf(withPiece(pieces, index, form(piece, withOtherKeys(node), column)));
    return renamed !== undefined && countKeys(renamed) === countKeys(document);
  });
}

/** The mapping or the list that a text is by itself. */
export function collectionOf(text: string): JsonValue[] | JsonObject | undefined {
  const tree = treeOf(text);
  return Array.isArray(tree) || isObject(tree) ? tree : undefined;
}

function withPiece(pieces: readonly string[], index: number, piece: string): string {
  return pieces.with(index, piece).join("");
}

function treeOf(text: string): JsonValue | undefined {
  try {
    return yamlToJson(text);
  } catch (error) {
    if (error instanceof GoYamlError) return undefined;
    throw error;
  }
}

function columnOf(before: string): number {
  return before.length - (before.lastIndexOf("\n") + 1);
}

function inPlaceOf(piece: string, written: string): string {
  const [lead = ""] = /^\s*/.exec(piece) ?? [];
  return lead + written + piece.slice(piece.trimEnd().length);
}

/** As one node on one line, which ends with its last bracket. */
function asNode(piece: string, node: JsonValue): string {
  return inPlaceOf(piece, jsonStringify(node));
}

/** As entries of the mapping or the list that the template has begun. */
function asEntries(piece: string, node: JsonValue, column: number): string {
  const entries = Array.isArray(node)
    ? node.map((item) => `- ${jsonStringify(item)}`)
    : Object.entries(isObject(node) ? node : {}).map(
        ([key, item]) => `${jsonStringify(key)}: ${jsonStringify(item)}`,
      );
  return inPlaceOf(piece, entries.join(`\n${" ".repeat(column)}`));
}

function withOtherKeys(node: JsonValue): JsonValue {
  if (!isObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [`${anyWord} ${key}`, item]));
}

function countKeys(tree: JsonValue): number {
  if (Array.isArray(tree)) return tree.reduce<number>((sum, item) => sum + countKeys(item), 0);
  if (!isObject(tree)) return 0;
  const items = Object.values(tree);
  return items.reduce<number>((sum, item) => sum + countKeys(item), items.length);
}
