import type { HangLimits } from "./hang-limits.js";

/** What the watching thread is told when it starts. */
export interface ThreadDuty {
  /** The memory of a `SharedPulse`. */
  readonly buffer: SharedArrayBuffer;
  readonly limits: HangLimits;
  readonly report:
    | { readonly to: "log"; readonly format: "json" | "text"; readonly quarantineFile?: string }
    /** One JSON line for each review, to a file descriptor that somebody else reads. */
    | { readonly to: "primary"; readonly descriptor: number };
}
