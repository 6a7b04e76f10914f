import type { KeyPair } from "../key-pair.js";
import type { Retired } from "./read-secret.js";
import type { RotationOptions } from "./rotation-options.js";

/** Why the Secret is written, for the log. */
export type SecretChange =
  /** The Secret was missing or broken, and is made anew of what is known. */
  | "restored"
  /** Authorities that are in use or in a bundle were missing in the Secret. */
  | "authority-adopted"
  /** An authority has ended, or was never published: it signs no more. */
  | "authority-set-aside"
  /** A new authority is made, to be published. */
  | "authority-made"
  /** The new authority is known everywhere: it signs from now on. */
  | "authority-in-use"
  /** No leaf of an old authority can be in use any more: it leaves the bundle. */
  | "authority-dropped"
  /** The leaf in the Secret cannot be used, and what is served takes its place. */
  | "leaf-chosen"
  /** The leaf is due, broken, missing, or for other names. */
  | "leaf-issued";

/** What the Secret shall hold, with the places named where keys are still to be made. Holds private keys: never log it. */
export interface SecretPlan {
  /** What the protocol takes the time to be: certificates are dated from it. Milliseconds since 1970. */
  readonly time: number;
  readonly changes: readonly SecretChange[];
  /** The authority that signs; undefined while the first one is being published. */
  readonly signing: KeyPair | undefined;
  /** The authority that is being published. */
  readonly next: KeyPair | "make" | undefined;
  readonly leaf: KeyPair | "issue" | undefined;
  readonly retired: readonly Retired[];
  readonly options: RotationOptions;
}
