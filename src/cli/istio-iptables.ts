import type { Command } from "commander";
import {
  environmentName,
  flagTable,
  InterceptionError,
  readArguments,
  type StrategyName,
  strategyOf,
} from "../interception/index.js";
import { NetfilterError, namespaceRunner, runRequest } from "../netfilter/index.js";
import { type Log, type LogLevel, textLog } from "../telemetry/index.js";
import type { CliIo } from "./io.js";
import { reasonOf } from "./read-text.js";

/** The variable with which another way to know the proxy is chosen; Istio has no such flag, so neither has this. */
const strategyVariable = "PILLION_PROXY_IDENTITY";

function helpText(): string {
  const rows = flagTable.map((flag) => {
    const short = flag.short === undefined ? "    " : `-${flag.short}, `;
    const variables = flag.environment
      ? ` [${[environmentName(flag.name), ...(flag.alias === undefined ? [] : [flag.alias])].join(", ")}]`
      : "";
    return `  ${short}--${flag.name}  ${flag.meaning}${variables}`;
  });
  return `
Flags, each with the environment variables it reads first:
${rows.join("\n")}

Environment only: ISTIO_OUTBOUND_OWNER_GROUPS, ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE, ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR,
ENVOY_USER, DRY_RUN_FILE_PATH, and ${strategyVariable} (owner, mark or cgroup; see pillion interception rules --help).

Exit codes: 0 done, 1 failed, 126 traffic is not captured (--run-validation).
`;
}

function withoutUndefined(env: CliIo["env"]): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/** Istio's `--log_output_level=scope:level,…`: the loudest level named counts. */
function logLevel(words: readonly string[]): LogLevel {
  const at = words.findIndex(
    (word) => word === "--log_output_level" || word.startsWith("--log_output_level="),
  );
  const text = at < 0 ? "" : (words[at]?.split("=")[1] ?? words[at + 1] ?? "");
  if (text.includes("debug")) return "debug";
  return text.includes("warn") ? "warn" : text.includes("error") ? "error" : "info";
}

/** One JSON object a line, as Istio's `--log_as_json`. */
function jsonLog(io: CliIo, level: LogLevel): Log {
  const lines = textLog({ write: () => undefined, now: Date.now, level });
  const put =
    (wanted: LogLevel): Log["info"] =>
    (message, fields) => {
      if (lines.enabled(wanted))
        io.stderr(
          `${JSON.stringify({ level: wanted, time: new Date().toISOString(), msg: message, ...fields })}\n`,
        );
    };
  return { ...lines, error: put("error"), warn: put("warn"), info: put("info"), debug: put("debug") };
}

function strategyFrom(io: CliIo): StrategyName {
  return strategyOf(io.env[strategyVariable] ?? "owner").name;
}

async function run(words: readonly string[], io: CliIo): Promise<void> {
  const level = logLevel(words);
  const json = words.includes("--log_as_json") || words.includes("--log_as_json=true");
  const log = json ? jsonLog(io, level) : textLog({ write: (line) => io.stderr(line), now: Date.now, level });
  try {
    const request = readArguments(words, io.env);
    const { networkNamespace, cniMode } = request.options;
    await runRequest(request, {
      log,
      tools: namespaceRunner({ networkNamespace, cniMode, env: withoutUndefined(io.env) }),
      resolvConf: "/etc/resolv.conf",
      strategy: strategyFrom(io),
      writeTranscript: async (path, text) =>
        path === "" ? io.stdout(text) : writeTranscript(path, text, io),
    });
  } catch (error) {
    if (!(error instanceof InterceptionError || error instanceof NetfilterError)) throw error;
    log.error(error.message, { code: error.code });
    io.exitCode(error instanceof NetfilterError ? error.exitCode : 1);
  }
}

async function writeTranscript(path: string, text: string, io: CliIo): Promise<void> {
  try {
    await io.writeFile(path, text);
  } catch (cause) {
    throw new NetfilterError(
      "command-failed",
      `Cannot write ${path} (DRY_RUN_FILE_PATH): ${reasonOf(cause)}`,
      { cause },
    );
  }
}

/** `pillion istio-iptables`: programs, checks or removes the capture rules, with Istio's own flags. */
export function register(program: Command, io: CliIo): void {
  program
    .command("istio-iptables")
    .summary("program the capture rules of this pod, as istio-init does")
    .description(
      "Programs the rules that redirect a pod's traffic to its proxy, or removes or validates them. Takes every flag and\nenvironment variable of Istio's istio-iptables, and can stand in for it in an init container.",
    )
    .usage("[flags]")
    .allowUnknownOption()
    .argument("[flags...]", "the flags of istio-iptables, listed below")
    .addHelpText("after", helpText())
    .action(async (words: readonly string[]) => run(words, io));
}
