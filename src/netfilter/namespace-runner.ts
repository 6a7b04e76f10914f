import { readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execute } from "./execute.js";
import type { ToolInput, ToolResult, ToolRunner } from "./tool-runner.js";

/** Where programs run. */
export interface Place {
  /** Path of a network namespace, such as /run/netns/NAME or /proc/PID/ns/net; empty for the own one. */
  readonly networkNamespace: string;
  /** As the CNI plugin: names are not resolved, and the lock of legacy iptables is the namespace's. */
  readonly cniMode: boolean;
  /** The environment that programs get. */
  readonly env: Readonly<Record<string, string>>;
}

/** The script that hides nsswitch.conf from one program. It lies beside this file once the package is built. */
const isolator = fileURLToPath(new URL("./isolated-tool.js", import.meta.url));

/** A pod may have a user namespace of its own, and its network belongs to that. */
function userNamespace(path: string): string | undefined {
  const pid = /^\/proc\/(\d+)\/ns\/net$/.exec(path)?.[1];
  if (pid === undefined) return undefined;
  const own = `/proc/${pid}/ns/user`;
  try {
    return readlinkSync(own) === readlinkSync("/proc/self/ns/user") ? undefined : own;
  } catch {
    return undefined;
  }
}

/** The words that bring a program into the namespace. */
export function namespacePrefix(networkNamespace: string): readonly string[] {
  if (networkNamespace === "") return [];
  const user = userNamespace(networkNamespace);
  return ["nsenter", ...(user === undefined ? [] : [`--user=${user}`]), `--net=${networkNamespace}`, "--"];
}

async function start(words: readonly string[], given: ToolInput): Promise<ToolResult> {
  const [program = "", ...args] = words;
  return execute(program, args, given);
}

async function startIsolated(words: readonly string[], place: Place, given: ToolInput): Promise<ToolResult> {
  const env = { ...place.env, ...lockFile(place), ...given.env };
  const input = JSON.stringify({ words, input: given.input ?? "" });
  const isolated = ["unshare", "--mount", "--propagation", "private", "--", process.execPath, isolator];
  const result = await start(isolated, { input, env });
  return result;
}

function lockFile(place: Place): Record<string, string> {
  return place.networkNamespace === "" ? {} : { XTABLES_LOCKFILE: place.networkNamespace };
}

/** Runs programs in a place, by nsenter where it is another network namespace. */
export function namespaceRunner(place: Place): ToolRunner {
  const prefix = namespacePrefix(place.networkNamespace);
  return {
    run: (program, args, given = {}) => {
      const words = [...prefix, program, ...args];
      if (place.cniMode) return startIsolated(words, place, given);
      return start(words, { ...given, env: { ...place.env, ...given.env } });
    },
  };
}
