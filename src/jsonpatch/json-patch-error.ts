/**
 * Why a patch cannot be applied.
 * `operation-invalid`: no operation of RFC 6902, or one that lacks a member; `pointer-invalid`: a path is no JSON Pointer, or
 * no place in a list; `path-missing`: there is nothing at a path; `test-failed`: the document does not hold what a `test` says.
 */
export type JsonPatchErrorCode = "operation-invalid" | "pointer-invalid" | "path-missing" | "test-failed";

/** A patch that cannot be applied to a document. */
export class JsonPatchError extends Error {
  override readonly name = "JsonPatchError";

  constructor(
    readonly code: JsonPatchErrorCode,
    message: string,
    /** The place of the operation in the patch, from 0; undefined when the patch as a whole is wrong. */
    readonly index: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
