import { delimiter, join } from "node:path";
import type { Command } from "commander";
import type { ApiClient } from "../cluster/index.js";
import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";

/** The flags by which a command is told which cluster it works on, with the rights of whom. */
export interface UserClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Adds these flags to a command. */
export function addUserClusterOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "kubeconfig file; without it $KUBECONFIG, then ~/.kube/config, as kubectl")
    .option("--context <name>", "context of that file; without it the current one");
}

/**
 * Connects with the rights of the user, found as kubectl finds them; in a pod without a kubeconfig by its ServiceAccount.
 * Nothing is sent yet. @throws CliError `configuration`
 */
export async function connectAsUser(
  { kubeconfig, context }: UserClusterFlags,
  io: CliIo,
): Promise<ApiClient> {
  const { connect, ClusterError } = await import("../cluster/index.js");
  const files = kubeconfig === undefined ? await usualFiles(io) : [kubeconfig];
  try {
    return await connect({
      ...(files.length === 0 ? {} : { kubeconfig: files }),
      ...(context === undefined ? {} : { context }),
    });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    throw new CliError("configuration", error.message, { cause: error });
  }
}

/** Files of $KUBECONFIG that are not there are passed over, as kubectl does it. */
async function usualFiles(io: CliIo): Promise<readonly string[]> {
  const { KUBECONFIG = "", HOME, USERPROFILE } = io.env;
  const listed = KUBECONFIG.split(delimiter).filter((file) => file !== "");
  const home = HOME ?? USERPROFILE;
  const files = listed.length > 0 ? listed : home === undefined ? [] : [join(home, ".kube", "config")];
  const found: string[] = [];
  for (const file of files) if (await isThere(file, io)) found.push(file);
  if (listed.length > 0 && found.length === 0)
    throw new CliError("file", `there is no file of $KUBECONFIG: ${listed.join(", ")}`);
  return found;
}

async function isThere(file: string, io: CliIo): Promise<boolean> {
  try {
    await io.readFile(file);
    return true;
  } catch (error) {
    // One that is there but may not be read is told of when it is used.
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
}
