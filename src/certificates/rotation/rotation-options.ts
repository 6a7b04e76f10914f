import type { RotationPolicy } from "./rotation-policy.js";

/** What the protocol is for, fixed for the life of a process. */
export interface RotationOptions {
  /**
   * DNS names and IP addresses the leaf must cover. A leaf that misses one is replaced; a replica is ready as long as
   * the first, by which the API server calls, is covered.
   */
  readonly names: readonly string[];
  /**
   * Common name of every authority. Different for every installation in a cluster: by it, authorities of ours are
   * recognised in a bundle when the Secret is lost. Letters, digits, spaces, `.`, `-`, `/` and `_`.
   */
  readonly authorityName: string;
  readonly policy: RotationPolicy;
}
