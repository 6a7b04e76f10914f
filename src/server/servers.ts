import type { LiveSnapshot } from "../config/index.js";
import type { LogLevel } from "../telemetry/index.js";
import type { Check } from "./readiness.js";
import type { ServingIdentity } from "./serving.js";

/** Those who serve, as the manager sees them: one process, or several workers. */
export interface Servers {
  /** Starts them. Resolves when all listen. @param ready what `/ready` on the TLS port answers by */
  start(live: LiveSnapshot, identity: ServingIdentity, ready: readonly Check[]): Promise<void>;
  /** Where they listen, after start. */
  address(): { readonly address: string; readonly port: number };
  /** Resolves when the configuration is live in all of them. Rejects when one refuses it. */
  configure(live: LiveSnapshot): Promise<void>;
  /** Resolves when all of them show the new certificate. */
  identify(identity: ServingIdentity): Promise<void>;
  drain(): void;
  close(graceMs: number): Promise<void>;
  setLogLevel(level: LogLevel): void;
  /** Their part of the metrics page. */
  metricsText(): Promise<string>;
  readonly checks: readonly Check[];
  /** What must hold for the process to be alive. */
  readonly liveChecks: readonly Check[];
}
