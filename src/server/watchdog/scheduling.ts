import { readFileSync } from "node:fs";

/** What the kernel's scheduler tells of a thread, in milliseconds since it began. */
export interface Scheduling {
  /** On a processor. */
  readonly ranMs: number;
  /** Ready to run, but without a processor: others were given it, or the cgroup had used up its quota. */
  readonly waitedMs: number;
}

/**
 * Reads how the main thread of a process was scheduled, from Linux's `/proc/PID/schedstat`. Undefined when nobody tells:
 * the process is gone, or the system is another.
 */
export function readScheduling(pid: number): Scheduling | undefined {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ").map(Number);
    // A kernel that does not keep account says 0.
    return ran > 0 ? { ranMs: ran / 1e6, waitedMs: waited / 1e6 } : undefined;
  } catch {
    return undefined;
  }
}
