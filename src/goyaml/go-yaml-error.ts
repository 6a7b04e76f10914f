/**
 * What is wrong with a text.
 * `syntax`: it is not YAML (or JSON); `too-deep`: nested beyond the limit; `too-large`: aliases that multiply;
 * `unsupported`: well-formed YAML that JSON cannot hold, such as a list as a key or an infinite number.
 */
export type GoYamlErrorCode = "syntax" | "too-deep" | "too-large" | "unsupported";

/** Where in the text, and what stands there. */
export interface GoYamlPlace {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** The line of the text, cut when it is very long. */
  readonly sourceLine: string;
  /** What the text is, such as a file name; "" when the caller did not say. */
  readonly source: string;
}

/** A text that cannot be read. */
export class GoYamlError extends Error {
  override readonly name = "GoYamlError";
  readonly line: number;
  readonly column: number;
  readonly sourceLine: string;
  readonly source: string;

  constructor(
    readonly code: GoYamlErrorCode,
    /** What is wrong, without the place. */
    readonly reason: string,
    place: GoYamlPlace,
    language: "yaml" | "json" = "yaml",
  ) {
    const at = `line ${place.line}, column ${place.column}`;
    super(`${place.source === "" ? "" : `${place.source}: `}${language}: ${at}: ${reason}`);
    this.line = place.line;
    this.column = place.column;
    this.sourceLine = place.sourceLine;
    this.source = place.source;
  }
}
