import type { ConfigFiles, SnapshotSettings } from "../config/index.js";
import type { LogLevel } from "../telemetry/index.js";
import type { GateLimits } from "./gate.js";
import type { ClientTimeouts } from "./https-app.js";
import type { ListenAddress } from "./listen-on.js";
import type { TlsSettings } from "./tls-policy.js";

/** Where the serving certificate comes from. */
export type CertificateSource =
  | { readonly kind: "files"; readonly certificate: string; readonly key: string }
  /** Made for development, and kept in the folder. */
  | { readonly kind: "development"; readonly folder: string }
  /** Made by the own authority in the cluster, which the world of the webhook opens. */
  | { readonly kind: "cluster" };

/** What is done about an event loop that does not turn. */
export interface HangOptions {
  /** How long it may be silent before its process is ended, in milliseconds; 0: for ever. */
  readonly timeoutMs: number;
  /** Keeps the reviews that are quarantined for the process after this one; absent: it forgets them. */
  readonly quarantineFile?: string;
}

/** Everything the webhook's process is told when it starts. */
export interface WebhookOptions {
  readonly https: ListenAddress;
  /** The plain port of metrics and probes. */
  readonly monitoring: ListenAddress;
  readonly certificate: CertificateSource;
  /** Names the certificate must be for. */
  readonly serverNames: readonly string[];
  /** A file with the authority of the clients that may call `/inject`; absent: anybody may. */
  readonly clientAuthority?: string;
  readonly tls: TlsSettings;
  readonly files: ConfigFiles;
  readonly settings: SnapshotSettings;
  readonly workers: number;
  readonly limits: GateLimits;
  readonly timeouts: ClientTimeouts;
  /** How long it goes on to answer after it was told to end. */
  readonly drainMs: number;
  /** How long work under way may take after that. */
  readonly graceMs: number;
  /** From the first event of a change to its reading, and between readings without an event. */
  readonly watch: { readonly debounceMs: number; readonly rereadMs: number };
  readonly hang: HangOptions;
  readonly log: { readonly level: LogLevel; readonly format: "json" | "text" };
  /** What `pillion_build_info` says. */
  readonly build: { readonly version: string; readonly istio: string };
}

/** What is sensible where nothing else is asked. */
export const defaultLimits: GateLimits = {
  // The API server opens few connections and waits for each answer; this is many times what it sends at its worst.
  requests: 512,
  // Ten of the largest bodies, or ten thousand usual ones.
  bytes: 64 * 1024 * 1024,
  // An API server keeps up to 25 idle ones. Each costs some 40 KiB, so that these cost 80 MiB of a container's 512.
  connections: 2048,
};

/** Header and idle time are Istio's. */
export const defaultTimeouts: ClientTimeouts = {
  handshake: 10_000,
  headers: 30_000,
  body: 30_000,
  idle: 90_000,
};
