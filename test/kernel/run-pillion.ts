import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type CaptureSettings, flagTable, isSettingName } from "../../src/interception/index.js";
import type { Namespace } from "./namespace.js";

const entry = join(import.meta.dirname, "pillion.mjs");

/** What a run left behind. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of pillion, in this process's namespace or, with words before it, wherever those lead. */
export function runPillion(
  args: readonly string[],
  given: { env?: Record<string, string>; before?: readonly string[] } = {},
): Outcome {
  const [program = "", ...words] = [...(given.before ?? []), process.execPath, entry, ...args];
  const { status, stdout, stderr } = spawnSync(program, words, {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", PILLION_BUILT: process.env.PILLION_BUILT ?? "", ...given.env },
  });
  return { status: status ?? -1, stdout, stderr };
}

/** The whole program's `inject`, with the built-in configuration: a pod's YAML in, the injected pod's out. */
export function runInjector(pod: string): string {
  const main = join(process.env.PILLION_BUILT ?? "", "main.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "inject", "-f", "-"], {
    encoding: "utf8",
    input: pod,
  });
  if (status !== 0) throw new Error(`pillion inject failed: ${stderr}`);
  return stdout;
}

const variables: Partial<Record<keyof CaptureSettings, string>> = {
  ownerGroups: "ISTIO_OUTBOUND_OWNER_GROUPS",
  ownerGroupsExclude: "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE",
  loopbackCidr: "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR",
};

/** Settings as the flags and variables of istio-iptables. */
export function commandLine(settings: CaptureSettings): { args: string[]; env: Record<string, string> } {
  const args = flagTable.flatMap(({ name, target }) =>
    isSettingName(target) ? [`--${name}=${settings[target]}`] : [],
  );
  const env: Record<string, string> = {};
  for (const [name, variable] of Object.entries(variables))
    if (isSettingName(name)) env[variable] = String(settings[name]);
  return { args, env };
}

/** Runs `pillion istio-iptables` with settings in a namespace. */
export function programIn(
  namespace: Namespace,
  settings: CaptureSettings,
  more: readonly string[] = [],
): Outcome {
  const { args, env } = commandLine(settings);
  return runPillion(["istio-iptables", ...args, `--network-namespace=${namespace.path}`, ...more], { env });
}
