import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { skipped } from "./demand.js";

/**
 * Tells why a test that needs another program cannot run, or undefined when it can.
 * @throws Error where PILLION_DEMAND asks for it
 */
export function toolMissing(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  if (folders.some((folder) => folder !== "" && existsSync(join(folder, name)))) return undefined;
  return skipped("tools", `${name} is not installed`);
}
