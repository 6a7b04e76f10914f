import { excerpt } from "../text/index.js";
import { GoYamlError } from "./go-yaml-error.js";

/** One document of a stream of YAML. */
export interface YamlDocument {
  /** The text between two separators, as it stands. */
  readonly text: string;
  /** The line of the stream, from 1, on which the text starts. */
  readonly line: number;
}

/**
 * Splits a stream at the lines that start with `---`, as kubectl and kube-inject read it. Documents of white space only are
 * left out. Throws GoYamlError `syntax` when a separator is followed by anything but spaces and a comment.
 */
export function splitDocuments(text: string): YamlDocument[] {
  const documents: YamlDocument[] = [];
  let start = 0;
  let startLine = 1;
  let line = 1;
  const finish = (end: number) => {
    const piece = text.slice(start, end);
    if (piece.trim() !== "") documents.push({ text: piece, line: startLine });
  };
  for (let at = 0; at < text.length; line++) {
    const newline = text.indexOf("\n", at);
    const next = newline < 0 ? text.length : newline + 1;
    if (text.startsWith("---", at)) {
      checkSeparator(text.slice(at, next).replace(/\r?\n$/, ""), line);
      finish(at);
      start = next;
      startLine = line + 1;
    }
    at = next;
  }
  finish(text.length);
  return documents;
}

function checkSeparator(separator: string, line: number): void {
  const rest = separator.slice(3).trim();
  if (rest === "" || rest.startsWith("#")) return;
  throw new GoYamlError("syntax", `invalid Yaml document separator: ${excerpt(rest)}`, {
    line,
    column: 4,
    sourceLine: separator,
    source: "",
  });
}
