import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { Log } from "../../telemetry/index.js";
import { endProcess, hangExitCode } from "./end-process.js";
import { beatMs } from "./hang-limits.js";
import { type HangFinding, HangWatch } from "./hang-watch.js";
import { type QuarantinedReview, quarantineMs } from "./quarantine.js";
import { readQuarantineFile, writeQuarantineFile } from "./quarantine-file.js";
import { reviewIdentity } from "./review-identity.js";
import { readScheduling } from "./scheduling.js";
import { SharedPulse } from "./shared-pulse.js";
import type { ThreadDuty } from "./thread-duty.js";

// The thread that watches the main thread of its process, which may hang: everything it needs it has by itself.
const { buffer, limits, report }: ThreadDuty = workerData;
const pulse = new SharedPulse(buffer);
const log = report.to === "log" ? await openLog(report.format) : undefined;
const watch = new HangWatch(pulse, limits, performance.now(), () => readScheduling(process.pid));

let spared = false;
while (pulse.wait(beatMs)) {
  const finding = watch.look(performance.now());
  if (finding.blamed !== undefined) accuse(finding.blamed, finding);
  if (finding.end && pulse.inspected) {
    if (!spared)
      log?.error("the event loop does not turn; a debugger is attached, so it may", fieldsOf(finding));
    spared = true;
  } else if (finding.end) {
    log?.error("the event loop does not turn, so the process ends", {
      ...fieldsOf(finding),
      exitCode: hangExitCode,
    });
    await endProcess();
    log?.error("the process cannot end itself; the liveness probe has to");
  }
}

// Loaded where there is a log only: pino takes two megabytes.
async function openLog(format: "json" | "text"): Promise<Log> {
  const { createLog } = await import("../create-log.js");
  return createLog("error", format, "at once");
}

function accuse(body: Uint8Array, finding: HangFinding): void {
  const { apiVersion: _, ...identity } = reviewIdentity(body);
  const at = Date.now();
  const review: QuarantinedReview = { ...identity, at, until: at + quarantineMs };
  if (report.to === "primary") {
    writeSync(report.descriptor, `${JSON.stringify(review)}\n`);
    return;
  }
  const { uid, namespace, kind, bytes } = review;
  log?.error("a review holds the event loop, and is quarantined", {
    ...{ uid, namespace, kind, bytes },
    ...fieldsOf(finding),
  });
  parentPort?.postMessage(review);
  if (report.quarantineFile !== undefined) remember(report.quarantineFile, review);
}

function remember(path: string, review: QuarantinedReview): void {
  try {
    writeQuarantineFile(path, [...readQuarantineFile(path, review.at), review]);
  } catch (error) {
    log?.error("the quarantine file is not written", { error: String(error) });
  }
}

function fieldsOf({ silentMs, ranMs }: HangFinding) {
  return {
    silentMs: Math.round(silentMs),
    processorMs: ranMs === undefined ? undefined : Math.round(ranMs),
  };
}
