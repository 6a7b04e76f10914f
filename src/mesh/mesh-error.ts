/**
 * What is wrong:
 * - `syntax`: the text is no YAML;
 * - `type`: a value has the wrong type, or names no value of its enum, or is no duration;
 * - `depth`: values are nested deeper than anyone means;
 * - `invalid`: the values can be read, but not be used together;
 * - `resource`: the tree is no ProxyConfig resource.
 */
export type MeshErrorCode = "syntax" | "type" | "depth" | "invalid" | "resource";

/** Where the fault is, and what it is in Go's words. */
export interface MeshErrorPlace {
  /** The file, ConfigMap key or annotation that was read. */
  readonly source?: string | undefined;
  /** The key, such as `defaultConfig.proxyMetadata.FOO`. */
  readonly path?: string | undefined;
  /** Counted from 1, where the text is what is wrong. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The text that Istio would print after its own prefix; the whole message when it has no shorter one. */
  readonly detail?: string | undefined;
  /** Every single fault, when there can be several. */
  readonly errors?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** Thrown for configuration that cannot be read or used. */
export class MeshError extends Error {
  override readonly name = "MeshError";
  readonly source: string | undefined;
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly detail: string;
  readonly errors: readonly string[];

  constructor(
    readonly code: MeshErrorCode,
    message: string,
    place: MeshErrorPlace = {},
  ) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.source = place.source;
    this.path = place.path;
    this.line = place.line;
    this.column = place.column;
    this.detail = place.detail ?? message;
    this.errors = place.errors ?? [this.detail];
  }
}
