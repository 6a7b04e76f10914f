import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { skipped } from "./demand.js";

/** A control group of the kernel whose share of the processors can be taken away, made for one test. */
export interface CpuCgroup {
  /** Takes a process in. */
  readonly add: (pid: number) => void;
  /** How much of a processor its processes get together, from a thousandth on; 1 for as much as they want. */
  readonly limit: (share: number) => void;
  /** Takes it away; its processes must have ended. */
  readonly remove: () => void;
}

const v1 = "/sys/fs/cgroup/cpu";
const v2 = "/sys/fs/cgroup";
const periodMicroseconds = 100_000;

/**
 * Why no control group with a limit on processors can be made here, or undefined when it can.
 * @throws Error where PILLION_DEMAND asks for it
 */
export function cpuCgroupMissing(): string | undefined {
  try {
    makeCpuCgroup().remove();
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return skipped("cpu-cgroup", `no CPU cgroup can be made: ${why}`);
  }
}

/** Makes a control group below the root's. @throws the system's error where that is not allowed */
export function makeCpuCgroup(): CpuCgroup {
  const old = existsSync(join(v1, "cpu.cfs_quota_us"));
  const folder = join(old ? v1 : v2, `pillion-test-cpu-${process.pid}`);
  mkdirSync(folder);
  const limit = (share: number) => {
    const quota = Math.round(share * periodMicroseconds);
    if (old) writeFileSync(join(folder, "cpu.cfs_quota_us"), share === 1 ? "-1" : String(quota));
    else writeFileSync(join(folder, "cpu.max"), `${share === 1 ? "max" : quota} ${periodMicroseconds}`);
  };
  try {
    limit(0.5);
    limit(1);
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  return {
    add: (pid) => writeFileSync(join(folder, "cgroup.procs"), String(pid)),
    limit,
    remove: () => rmdirSync(folder),
  };
}
