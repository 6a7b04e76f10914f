import type { SnapshotInput } from "../injection/index.js";
import { locate, readDocuments } from "../manifests/index.js";

/** Where in a file a place in a template stands. */
export interface TemplateSource {
  readonly source?: string;
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
}

/**
 * The place in the file of a line and column in a template: of the template's own file, or of the inject config where it
 * is written as a literal block there.
 *
 * @param line from 1; 0 when only the template is known
 * @param column from 0, as the template engine counts
 */
export function locateTemplate(
  input: SnapshotInput,
  name: string,
  line: number,
  column: number,
): TemplateSource {
  const own = input.templates?.get(name);
  if (own !== undefined) return { source: own.source, ...(line === 0 ? {} : { line, column: column + 1 }) };
  const { text, source } = input.injectConfig;
  const key = `templates.${name}`;
  if (typeof text !== "string" || typeof source !== "string") return { key };
  const [document] = readDocuments({ text, source });
  if (document === undefined || document.fault !== undefined) return { source, key };
  const start = locate(document.root, ["templates", name]);
  const header = text.slice(0, start).split("\n").length;
  const lines = text.split("\n");
  if (
    line === 0 ||
    !/^\|[-+]?\d*\s*(#.*)?$/.test(
      (lines[header - 1] ?? "").slice(start - text.lastIndexOf("\n", start - 1) - 1),
    )
  )
    return { source, key, line: header };
  const first = lines.slice(header).find((one) => one.trim() !== "") ?? "";
  const indent = /^ */.exec(first)?.[0].length ?? 0;
  return { source, key, line: header + line, column: column + 1 + indent };
}
