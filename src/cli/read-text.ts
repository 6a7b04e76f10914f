import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";

/** What errors call standard input. */
export const standardInput = "standard input";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  ENOTDIR: "a part of the path is not a directory",
};

/** Why the system refused a file, in words. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return reasons[code] ?? cause.message;
}

/** Reads a file, or standard input for `-`. Throws CliError `file` that names the flag, the path and the reason. */
export async function readText(
  path: string,
  flag: string,
  io: CliIo,
): Promise<{ text: string; source: string }> {
  if (path === "-") return { text: await io.stdin(), source: standardInput };
  try {
    return { text: await io.readFile(path), source: path };
  } catch (cause) {
    throw new CliError("file", `Cannot read ${path} (${flag}): ${reasonOf(cause)}`, { cause });
  }
}

/** Writes a file in one step. Throws CliError `file`. */
export async function writeText(path: string, text: string, io: CliIo): Promise<void> {
  try {
    await io.writeFile(path, text);
  } catch (cause) {
    throw new CliError("file", `Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}
