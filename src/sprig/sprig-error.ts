/**
 * Why a Sprig function gave no result:
 *
 * - `failed`: the template called `fail`
 * - `argument`: an argument is of a kind or has a value that the function does not take
 * - `nil`: there is no value where one is needed, which in Go is a nil pointer dereference
 * - `bounds`: a position, count or length is out of range
 * - `arithmetic`: a division by zero, or a number that a decimal cannot hold
 * - `syntax`: a regular expression, version, URL, date, duration or JSON text cannot be read
 * - `encoding`: a value cannot be written as JSON
 * - `depth`: a value is nested too deep, or holds itself
 * - `read-only`: the dictionary to change belongs to somebody else and is frozen
 */
export type SprigErrorCode =
  | "failed"
  | "argument"
  | "nil"
  | "bounds"
  | "arithmetic"
  | "syntax"
  | "encoding"
  | "depth"
  | "read-only";

/**
 * What a Sprig function throws. The engine adds the function's name and the place in the template.
 * Where Go has a message, the message is Go's.
 */
export class SprigError extends Error {
  constructor(
    readonly code: SprigErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "SprigError";
  }
}

/** The error of a function that was given nil and looked at its type. */
export function nilDereference(): SprigError {
  return new SprigError("nil", "runtime error: invalid memory address or nil pointer dereference");
}
