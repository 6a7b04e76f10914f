import { spawnSync } from "node:child_process";
import { skipped } from "./demand.js";

/** Words in front of a command line that run it as process 1, as a container does. */
export const asFirstProcess: readonly string[] = [
  "unshare",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
];

/**
 * Why no namespace of process numbers can be made here, or undefined when it can.
 * @throws Error where PILLION_DEMAND asks for it
 */
export function pidNamespaceMissing(): string | undefined {
  const [command = "", ...words] = [...asFirstProcess, "true"];
  const { status, error, stderr } = spawnSync(command, words, { encoding: "utf8" });
  if (status === 0) return undefined;
  return skipped("pid-namespace", `no PID namespace can be made: ${error?.message ?? stderr}`);
}
