import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Tells why a test that needs another program cannot run, or undefined when it can. In CI the program must be there, so
 * its absence is an error there and not a reason to skip.
 */
export function toolMissing(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  if (folders.some((folder) => folder !== "" && existsSync(join(folder, name)))) return undefined;
  const reason = `${name} is not installed`;
  if (process.env.CI) throw new Error(reason);
  return reason;
}
