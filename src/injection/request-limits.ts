/** How much one request may ask for. What is more is rejected by a code and a message that names it. */
export interface RequestLimits {
  /** Bytes of the names and values of all annotations. */
  readonly annotationBytes: number;
  /** Containers, init containers among them. */
  readonly containers: number;
  /** Keys of one object: of the labels, the annotations, the metadata or the spec. */
  readonly keys: number;
  /** Templates that a pod asks for, after aliases. */
  readonly templates: number;
  /** Steps of the work; see {@link RequestBudget.spend}. */
  readonly steps: number;
  /** UTF-16 units that all templates of a pod write together. */
  readonly output: number;
}

/**
 * The limits of a review. Those that Kubernetes has are Kubernetes'; the others are far beyond what a pod that runs can have,
 * and low enough that no pod holds the event loop for long.
 *
 * Decided in ADR 0211.
 */
export const reviewLimits: RequestLimits = {
  // Kubernetes' own limit for an object. It looks after the webhooks, so what is over it now is refused anyway.
  annotationBytes: 256 * 1024,
  // The status of a container that has started takes some 300 bytes, and etcd takes 1.5 MiB: more than 5,000 cannot run. A node
  // of default settings runs 110 pods, and one pod of 2,000 containers is more than all of them usually have.
  containers: 2000,
  // A label's and an annotation's name are read as keys of an object, and beyond some thousand keys an object of V8 is a hash
  // table that takes microseconds a key. Kubernetes has no such limit; 10,000 labels of the shortest names fill 100 KiB.
  keys: 10_000,
  // Istio renders a template as often as it is named, which nobody needs. Users mix one or two of their own into the sidecar's.
  templates: 16,
  // A step takes about a tenth of a microsecond, one of a template up to half of one. The usual pod takes some 500.
  steps: 250_000,
  // The built-in sidecar is 8 KiB, and as much with a hundred variables of proxyMetadata. Code that runs for the first time reads a
  // microsecond for each character of YAML.
  output: 128 * 1024,
};

/** For pods that somebody injects for himself. */
export const unlimited: RequestLimits = {
  annotationBytes: Number.POSITIVE_INFINITY,
  containers: Number.POSITIVE_INFINITY,
  keys: Number.POSITIVE_INFINITY,
  templates: Number.POSITIVE_INFINITY,
  steps: Number.POSITIVE_INFINITY,
  output: Number.POSITIVE_INFINITY,
};
