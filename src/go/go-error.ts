/** What a GoError is about. */
export type GoErrorCode = "integer-invalid" | "duration-invalid" | "time-invalid";

/** A text that Go's standard library would not read. The message is in Go's words. */
export class GoError extends Error {
  override readonly name = "GoError";

  constructor(
    readonly code: GoErrorCode,
    message: string,
  ) {
    super(message);
  }
}
