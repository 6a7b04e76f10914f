import type { CertificateInfo } from "../certificate-info.js";
import type { CheckedKeyPair } from "../check-key-pair.js";
import type { SecretPlan } from "./secret-plan.js";

/**
 * What one replica shall do now. Everything in it may be done again and in any order without harm.
 *
 * Decided in ADR 0402.
 */
export interface RotationDecision {
  /** What the protocol takes the time to be, milliseconds since 1970: the API server's, or the wall clock's. */
  readonly time: number;
  /** The pair to serve from now on; undefined while there is none. The same object as long as it is the same pair. */
  readonly serve: CheckedKeyPair | undefined;
  readonly ready: boolean;
  /** Why the replica is not ready; undefined when it is. */
  readonly unready: Unready | undefined;
  /**
   * What to read afresh (a GET or list without resourceVersion, one after the other in this order) before stepping
   * again; nothing is written on what may be old.
   */
  readonly read: readonly ("secret" | "webhooks")[];
  /** Write the Secret. */
  readonly write: SecretWrite | undefined;
  /** Write the bundle into entries. When it comes with `write`, neither waits for the other. */
  readonly publish: Publication | undefined;
  /** The own monotonic clock at which to step again at the latest; any new observation is a reason to step at once. */
  readonly wakeAt: number;
  /** Own entries whose bundle does not verify `serve` (all of them while there is none). */
  readonly mismatched: readonly EntryName[];
  /** What is wrong with the Secret, for the log; undefined when it is sound, or not read. */
  readonly secretProblem: string | undefined;
  /** The newest authority in the Secret. */
  readonly authority: CertificateInfo | undefined;
}

/** Why a replica is not ready. */
export interface Unready {
  readonly code: UnreadyCode;
  /** For people, with the remedy where there is one. */
  readonly text: string;
}

export type UnreadyCode =
  /** The Secret or the configurations could not be read yet. */
  | "not-read"
  /** No pair to serve: the Secret has none yet. */
  | "no-certificate"
  /** The pair has ended, or not begun, or is not for the Service's name. */
  | "certificate-unusable"
  /** The process was stopped, the machine slept or the clock jumped: everything must be read again. */
  | "stopped"
  | "clock-jumped"
  /** An own entry does not hold the authority, or held it too short a time for every API server to know. */
  | "not-published"
  /** No own entry trusts the certificate any more, and nobody repaired it in time. */
  | "overwritten";

/** An own entry by the names of its configuration and itself. */
export interface EntryName {
  readonly configuration: string;
  readonly entry: string;
}

/** Writes the Secret: make the content with `makeSecret(plan, crypto)`, then create or update. */
export interface SecretWrite {
  /** Update only this version (a conflict is lost: read again); undefined: create, and lose when it exists. */
  readonly resourceVersion: string | undefined;
  readonly plan: SecretPlan;
}

/** Writes one bundle into entries. */
export interface Publication {
  /** PEM, newest first. */
  readonly caBundle: string;
  /** Each is written only over this resourceVersion (put it into the applied object); a conflict is lost: read again. */
  readonly configurations: readonly {
    readonly name: string;
    readonly resourceVersion: string;
    /** All own entries of it: server-side apply drops what a manager applied before and leaves out. */
    readonly entries: readonly string[];
  }[];
}
