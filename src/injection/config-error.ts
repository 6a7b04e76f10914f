/** What kind of input a configuration error is about. */
export type ConfigErrorCode =
  | "syntax"
  | "type"
  | "template-syntax"
  | "template-refused"
  | "mesh-invalid"
  | "values-invalid"
  | "resource-invalid"
  | "setting-invalid";

/** Where in the input the fault is; what is not known is absent. Lines and columns count from 1. */
export interface ConfigErrorPlace {
  readonly source?: string;
  readonly line?: number;
  readonly column?: number;
  /** The path of the key, such as `templates.sidecar` or `global.proxy.image`. */
  readonly key?: string;
}

/** Thrown when a configuration cannot be loaded; nothing of it is then in use. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    readonly code: ConfigErrorCode,
    message: string,
    readonly place: ConfigErrorPlace = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
