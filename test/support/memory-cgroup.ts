import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { skipped } from "./demand.js";

/** A control group of the kernel with a limit on memory, made for one test. */
export interface MemoryCgroup {
  /** Words in front of a command line that run it, and all it starts, inside. */
  readonly enter: readonly string[];
  /** The most bytes that were in use at once. */
  readonly peak: () => number;
  /** How many of its processes the kernel has killed for want of memory. */
  readonly kills: () => number;
  /** Takes it away; its processes must have ended. */
  readonly remove: () => void;
}

/** Files of the two generations of control groups. */
interface Generation {
  readonly parent: string;
  readonly limit: string;
  readonly peak: string;
  readonly events: string;
}

const v1: Generation = {
  parent: "/sys/fs/cgroup/memory",
  limit: "memory.limit_in_bytes",
  peak: "memory.max_usage_in_bytes",
  events: "memory.oom_control",
};
const v2: Generation = {
  parent: "/sys/fs/cgroup",
  limit: "memory.max",
  peak: "memory.peak",
  events: "memory.events",
};

/**
 * Why no control group with a limit on memory can be made here, or undefined when it can.
 * @throws Error where PILLION_DEMAND asks for it
 */
export function memoryCgroupMissing(): string | undefined {
  try {
    makeMemoryCgroup(1024 ** 3).remove();
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return skipped("memory-cgroup", `no memory cgroup can be made: ${why}`);
  }
}

let made = 0;

/** Makes a control group below the root's. @throws the system's error where that is not allowed */
export function makeMemoryCgroup(bytes: number): MemoryCgroup {
  const { parent, limit, peak, events } = existsSync(join(v1.parent, v1.limit)) ? v1 : v2;
  const folder = join(parent, `pillion-test-${process.pid}-${made++}`);
  mkdirSync(folder);
  try {
    writeFileSync(join(folder, limit), String(bytes));
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  return {
    enter: ["sh", "-c", 'echo $$ > "$0" && exec "$@"', join(folder, "cgroup.procs")],
    peak: () => Number(read(peak)),
    kills: () => Number(/^oom_kill (\d+)$/m.exec(read(events))?.[1]),
    remove: () => rmdirSync(folder),
  };
}
