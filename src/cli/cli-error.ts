/** What went wrong on the command line: `usage` ends with exit code 2, all others with 1. */
export type CliErrorCode = "usage" | "file" | "configuration" | "input";

/** Thrown by a command whose arguments, or the files that they name, cannot be used. The message is for people. */
export class CliError extends Error {
  override readonly name = "CliError";
  constructor(
    readonly code: CliErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
