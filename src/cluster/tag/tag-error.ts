/**
 * Why a tag is not listed, set or removed:
 * - `revision`: no webhook configuration has the revision, or more than one
 * - `name`: the tag cannot be called so
 * - `taken`: the tag is there already, or the default belongs to somebody
 * - `ca-bundle`: the API server could not trust what the tag would point to
 * - `absent`: there is no such tag, or nothing to give the default back to
 * - `in-use`: namespaces rely on the tag
 * - `forbidden`: the user lacks a right, or a policy objects
 * - `unfinished`: some steps of several are done
 */
export type TagErrorCode =
  | "revision"
  | "name"
  | "taken"
  | "ca-bundle"
  | "absent"
  | "in-use"
  | "forbidden"
  | "unfinished";

/** Thrown by what works on revision tags. Its message names the objects and the remedy. */
export class TagError extends Error {
  override readonly name = "TagError";
  constructor(
    readonly code: TagErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
