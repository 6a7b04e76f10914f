import { byteLength } from "../go/index.js";

/**
 * - `parse`: the text is no template.
 * - `exec`: the template and its data do not fit.
 * - `limit`: the template is sound but asks for more than it may have: nesting, steps, output, time.
 */
export type GoTemplateErrorCode = "parse" | "exec" | "limit";

/** Where in which template. */
export interface TemplatePlace {
  /** The name of the template. For an `exec` error the one that was executing. */
  readonly template: string;
  /** From 1; 0 when no place in the text is to blame. */
  readonly line: number;
  /** In bytes from the start of the line, from 0, as Go counts. */
  readonly column: number;
  /** The text of the node at fault, empty when there is none. */
  readonly action: string;
}

/** What is wrong with a template or with its execution. The message is Go's, with place and name. */
export class GoTemplateError extends Error implements TemplatePlace {
  override readonly name = "GoTemplateError";
  readonly template: string;
  readonly line: number;
  readonly column: number;
  readonly action: string;

  constructor(
    readonly code: GoTemplateErrorCode,
    message: string,
    place: TemplatePlace,
    options?: { readonly cause: unknown },
  ) {
    super(shorten(message), options);
    this.template = place.template;
    this.line = place.line;
    this.column = place.column;
    this.action = shorten(place.action);
  }
}

// Messages go to logs and to the API server; nobody reads a megabyte of a value that does not fit.
const maxShown = 4000;

function shorten(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}...` : text;
}

/** The line, from 1, and the column in bytes, from 0, of a position in a text. */
export function locate(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  return { line, column: byteLength(before.slice(lineStart)) };
}
