/** The figures of the protocol. Times are milliseconds; each can be made short for a test. */
export interface RotationPolicy {
  /** Life of an authority. It is replaced after two thirds. */
  readonly authorityDays: number;
  /** Life of a leaf. It is replaced after two thirds; the last third is the renewal margin. */
  readonly leafDays: number;
  /** The longest time after which an API server knows a bundle that was written. */
  readonly propagationMs: number;
  /**
   * How far any clock may be off the truth. A certificate begins six times this before it is made, and is not served
   * in the last twice this of its life: the server's clock may be behind by it and the API server's ahead by it.
   */
  readonly clockToleranceMs: number;
  /** How far the wall clock may move against the monotonic one before it counts as a jump (or as sleep). */
  readonly jumpMs: number;
  /** How late a step may come after the time that the last decision asked for before the replica counts as stopped. */
  readonly stopMs: number;
  /** How long a replica that serves stays ready while no own entry trusts it, so that a repair can come first. */
  readonly overwriteGraceMs: number;
  /** How long a replica that starts waits for entries that cannot be made to trust it while others do. */
  readonly patienceMs: number;
  /** How long a wrong bundle stands until replicas repair it that do not hold the Lease; its holder does so at once. */
  readonly standInMs: number;
  /** The longest time between two steps, so that sleep, jumps and lost events are noticed. */
  readonly recheckMs: number;
}

/** The figures in production. */
export const defaultRotationPolicy: RotationPolicy = {
  authorityDays: 365,
  leafDays: 7,
  // API servers watch the configurations and know a change in milliseconds; a watch that broke is found and
  // made anew within a minute.
  propagationMs: 60_000,
  clockToleranceMs: 300_000,
  // Far above what NTP slews in a while, far below what a certificate's dates could feel.
  jumpMs: 60_000,
  stopMs: 60_000,
  overwriteGraceMs: 30_000,
  patienceMs: 120_000,
  standInMs: 1000,
  recheckMs: 10_000,
};
