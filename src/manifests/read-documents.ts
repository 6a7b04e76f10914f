import { GoYamlError, jsonParse, yamlToJson } from "../goyaml/index.js";
import type { JsonValue } from "../json/index.js";
import { ManifestError } from "./manifest-error.js";
import { readJsonNodes } from "./source/json-nodes.js";
import type { SourceSlot } from "./source/source-node.js";
import { readYamlNodes } from "./source/yaml-nodes.js";

/** A file's text and the name that errors give it. */
export interface ManifestText {
  readonly text: string;
  /** A path, or `standard input`. */
  readonly source: string;
}

/** One document of a manifest. */
export interface ManifestDocument {
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
  /** The line it begins on, from 1. */
  readonly line: number;
  readonly json: boolean;
  /** Its value as kubectl reads it; null when there is nothing but comments. */
  readonly value: JsonValue;
  /** Why it cannot be read; `value` is null then. */
  readonly fault?: ManifestError;
  /** Where its nodes stand in the text. */
  readonly root: SourceSlot;
}

/**
 * Reads the documents of a YAML stream, or the values of a JSON stream, with the meaning that kubectl gives them
 * (YAML 1.1 as sigs.k8s.io/yaml reads it). A document that cannot be read carries a ManifestError `syntax` with line,
 * column and the line itself. Never throws.
 */
export function readDocuments({ text, source }: ManifestText): readonly ManifestDocument[] {
  const jsonNodes = readJsonNodes(text);
  const json = jsonNodes !== undefined;
  let [line, at] = [1, 0];
  return (jsonNodes ?? readYamlNodes(text)).map(({ start, end, root }) => {
    line += linesBetween(text, at, start);
    at = start;
    const slice = text.slice(start, end);
    return {
      start,
      end,
      line,
      json,
      root,
      ...parse(json ? jsonParse : yamlToJson, slice, text, line, source),
    };
  });
}

/** How many lines begin between two offsets. */
export function linesBetween(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function parse(
  read: (text: string) => JsonValue,
  slice: string,
  text: string,
  firstLine: number,
  source: string,
): Pick<ManifestDocument, "value" | "fault"> {
  try {
    return { value: read(slice) };
  } catch (cause) {
    if (!(cause instanceof GoYamlError)) throw cause;
    return { value: null, fault: syntaxError(cause, text, firstLine, source) };
  }
}

/** The error of a part of a text, at its place in the whole. */
export function syntaxError(
  cause: GoYamlError,
  text: string,
  firstLine: number,
  source: string,
): ManifestError {
  const line = firstLine + cause.line - 1;
  const lineText = text.split("\n")[line - 1]?.replace(/\r$/, "");
  const place = { source, line, column: cause.column, ...(lineText === undefined ? {} : { lineText }) };
  return new ManifestError("syntax", cause.reason, place, { cause });
}
