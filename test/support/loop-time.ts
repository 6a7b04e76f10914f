import { readFileSync } from "node:fs";

/**
 * Milliseconds of processor time that this thread has had, and so how long it held its event loop, whatever else the machine and
 * the process's other threads do. Where the system does not tell of threads, that of the process.
 */
export function loopTime(): number {
  try {
    const [nanoseconds] = readFileSync("/proc/thread-self/schedstat", "utf8").split(" ");
    return Number(nanoseconds) / 1_000_000;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}
