import { handleReview } from "../../admission/index.js";
import type { Log, Metrics } from "../../telemetry/index.js";
import type { ReviewHandler } from "../inject-handler.js";
import { guardReviews } from "./guard-reviews.js";
import { Quarantine } from "./quarantine.js";
import { readQuarantineFile, writeQuarantineFile } from "./quarantine-file.js";
import { quarantineMetrics } from "./quarantine-metrics.js";
import { SharedPulse } from "./shared-pulse.js";

/** What of a process is watched, and what it learnt from hangs. */
export interface HangGuard {
  readonly pulse: SharedPulse;
  readonly quarantine: Quarantine;
  /** Answers reviews, so that one that hangs is known. */
  readonly review: ReviewHandler;
  /** Compiles a configuration, which may take its time. */
  readonly compile: <T>(work: () => T) => T;
}

/** @param now milliseconds since 1970 */
export function hangGuard(now: () => number): HangGuard {
  const pulse = new SharedPulse();
  const quarantine = new Quarantine(now);
  return {
    pulse,
    quarantine,
    review: guardReviews(handleReview, pulse, quarantine),
    compile: (work) => {
      pulse.compiling = true;
      try {
        return work();
      } finally {
        pulse.beat(pulse.inspected);
        pulse.compiling = false;
      }
    },
  };
}

/**
 * Shows a quarantine on the metrics page, and keeps it in a file for the process after this one. A file that cannot be used
 * is reported, and the server starts all the same.
 */
export function keepQuarantine(
  quarantine: Quarantine,
  file: string | undefined,
  world: { readonly log: Log; readonly metrics: Metrics; readonly now: () => number },
): void {
  quarantine.onChange(quarantineMetrics(world.metrics));
  if (file === undefined) return;
  const reporting = (work: () => void) => {
    try {
      work();
    } catch (error) {
      world.log.error("the quarantine file cannot be used", { file, error: String(error) });
    }
  };
  reporting(() => quarantine.add(...readQuarantineFile(file, world.now())));
  quarantine.onChange((reviews) => reporting(() => writeQuarantineFile(file, reviews)));
}
