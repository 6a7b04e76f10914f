import type { KeyPair } from "../certificates/index.js";

/** Where pairs to serve come from, other than files. */
export interface PairSource {
  /** What to listen with. */
  readonly pair: KeyPair;
  /** Calls back with every pair to serve from now on. */
  onPair(listener: (pair: KeyPair) => void): void;
  /** Whether clients trust what is served, as of this moment, with a line for people. */
  check(): { readonly ok: boolean; readonly detail: string };
  /** The time by which certificates are judged, milliseconds since 1970. */
  now(): number;
}

/** What of certificates is outside of the server: who makes them, and who wants to know which one is served. */
export interface CertificateWorld {
  /** Absent: pairs come from where the options say. */
  readonly pairs?: PairSource;
  /** Told of every certificate that is served from now on, PEM with its intermediates. */
  serves(certificatePem: string): void;
  close(): Promise<void>;
}
