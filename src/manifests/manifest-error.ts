/** What is wrong with a manifest. */
export type ManifestErrorCode =
  | "syntax"
  | "separator"
  | "template-missing"
  | "template-invalid"
  | "kind-invalid"
  | "edit-failed"
  | "injection-failed";

/** Where the fault is. Lines and columns count from 1; what is not known is absent. */
export interface ManifestPlace {
  readonly source: string;
  readonly line?: number;
  readonly column?: number;
  /** The line itself, without its line end. */
  readonly lineText?: string;
  /** The object, such as `Deployment "shop/web"`. */
  readonly object?: string;
}

/** Thrown when a manifest cannot be read or changed. The cause is kept where another error led to it. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  constructor(
    readonly code: ManifestErrorCode,
    message: string,
    readonly place: ManifestPlace,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
