/** Why the server cannot start or go on. */
export type ServerErrorCode =
  | "tls-setting-invalid"
  | "tls-policy-unsupported"
  | "no-certificate"
  | "listen-failed"
  | "handshake-failed"
  | "worker-failed";

/** Thrown when the server cannot start. What a client does never leads to one. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  constructor(
    readonly code: ServerErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
