import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { skipped } from "./demand.js";

/** The repository's root folder. */
export const root = dirname(dirname(import.meta.dirname));

/** Where the recorded data of other programs lies. It is beside the repository, never in it. */
export const peerDirectory = join(root, "..", "shared", "peer");

/**
 * Tells why a test that needs the recorded data cannot run, or undefined when it can.
 * @throws Error where PILLION_DEMAND asks for it
 */
export function peerMissing(...parts: string[]): string | undefined {
  const path = join(peerDirectory, ...parts);
  if (existsSync(path)) return undefined;
  return skipped("peer-data", `recorded data ../shared/peer/${parts.join("/")} is not beside this checkout`);
}

/** The path of one recorded file. */
export function peerPath(...parts: string[]): string {
  return join(peerDirectory, ...parts);
}
