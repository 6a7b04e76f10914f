/**
 * What can go wrong on the way to the API server:
 * - `kubeconfig`: there is no usable description of the cluster
 * - `unreachable`: no connection, or it broke
 * - `refused`: the API server answered with an error, which `status` tells
 * - `expired`: what was asked for is too old (410), so it has to be listed anew
 * - `silent`: nothing came for too long
 * - `malformed`: the answer is no JSON of the form that was asked for
 * - `absent`: an object that is needed is not there, or lacks a key
 */
export type ClusterErrorCode =
  | "kubeconfig"
  | "unreachable"
  | "refused"
  | "expired"
  | "silent"
  | "malformed"
  | "absent";

/** What is known of a {@link ClusterError} beside code and message. */
export interface ClusterErrorFacts {
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Thrown when the API server cannot be read. Its message names the request and, where there is one, the remedy. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  /** The HTTP status of `refused` and `expired`. */
  readonly status: number | undefined;
  /** Milliseconds after which the API server asks to come again, where it says so. */
  readonly retryAfterMs: number | undefined;
  constructor(
    readonly code: ClusterErrorCode,
    message: string,
    { status, retryAfterMs, cause }: ClusterErrorFacts = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}
