import type { SourceTexts, TextsChange } from "../../config/index.js";
import type { LogLevel, MetricsState } from "../../telemetry/index.js";
import type { ServingIdentity } from "../serving.js";
import type { QuarantinedReview } from "../watchdog/quarantine.js";

/** The descriptor by which a worker's watching thread, which has no part in the line, tells of reviews that hang. */
export const reportDescriptor = 4;

/** A configuration on its way to a worker. The primary has checked it. */
export interface ConfigurationMessage {
  readonly generation: number;
  readonly texts: SourceTexts;
}

/** How the next configuration differs from the one that the worker was sent before. */
export interface ChangeMessage {
  readonly generation: number;
  readonly change: TextsChange;
}

/** What the primary tells a worker. */
export type ToWorker =
  | {
      readonly kind: "start";
      readonly configuration: ConfigurationMessage;
      readonly identity: ServingIdentity;
      readonly identityNumber: number;
      readonly logLevel: LogLevel;
    }
  | { readonly kind: "configure"; readonly configuration: ChangeMessage }
  | { readonly kind: "identify"; readonly identity: ServingIdentity; readonly identityNumber: number }
  | { readonly kind: "ready"; readonly ready: boolean }
  | { readonly kind: "log-level"; readonly logLevel: LogLevel }
  | { readonly kind: "metrics"; readonly number: number }
  | { readonly kind: "quarantine"; readonly reviews: readonly QuarantinedReview[] }
  | { readonly kind: "drain" }
  | { readonly kind: "close"; readonly graceMs: number };

/** What a worker tells the primary. */
export type ToPrimary =
  /** It listens on the line: what was sent before is lost. */
  | { readonly kind: "hello" }
  /** Its event loop turns; whether a debugger may halt it. */
  | { readonly kind: "beat"; readonly inspected: boolean }
  /** It is going to compile a configuration. */
  | { readonly kind: "compiling" }
  | { readonly kind: "serving"; readonly address: string; readonly port: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "configured"; readonly generation: number }
  | { readonly kind: "configuration-refused"; readonly generation: number; readonly message: string }
  | { readonly kind: "identified"; readonly identityNumber: number }
  | { readonly kind: "metrics"; readonly number: number; readonly state: MetricsState };

/** Both ends are the same program; this only tells its messages from those of other libraries on the same channel. */
export function isMessage(message: unknown): message is ToWorker & ToPrimary {
  return typeof message === "object" && message !== null && "kind" in message;
}
