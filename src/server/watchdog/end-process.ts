import { Session } from "node:inspector";
import { setTimeout as wait } from "node:timers/promises";

/** The exit code of a process that the watchdog ended: EX_SOFTWARE of sysexits.h, which no command of Pillion's gives. */
export const hangExitCode = 70;

// All that the main thread does before it ends is to write the lines of its log that it holds.
const patienceMs = 1000;

/**
 * Ends the process from another thread than the one that hangs. Only the main thread can end it with an exit code, and the
 * debugger's protocol lets it do so in the middle of an endless loop; that also ends the first process of a container, which
 * the kernel keeps from signals of its own. A main thread in the midst of native code does not hear it; then it is SIGKILL.
 * Resolves when both were in vain. Decided in ADR 0207.
 */
export async function endProcess(): Promise<void> {
  try {
    const session = new Session();
    session.connectToMainThread();
    session.post("Runtime.evaluate", { expression: `process.exit(${hangExitCode})` });
    await wait(patienceMs);
  } catch {
    // A Node without its debugger.
  }
  process.kill(process.pid, "SIGKILL");
  await wait(patienceMs);
}
