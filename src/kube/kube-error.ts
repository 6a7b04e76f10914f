/** What a KubeError is about. */
export type KubeErrorCode = "quantity-invalid" | "time-invalid" | "type-mismatch" | "too-deep";

/** A text or a tree that is not the Kubernetes value it should be. Messages are in Go's words. */
export class KubeError extends Error {
  override readonly name = "KubeError";

  /** `path` is where in a typed tree: JSON names with dots and list positions, such as `spec.containers[0].image`. */
  constructor(
    readonly code: KubeErrorCode,
    message: string,
    readonly path: string = "",
  ) {
    super(message);
  }
}
