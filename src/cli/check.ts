import { type Command, Option } from "commander";
import type { CheckReport } from "../cluster/index.js";
import { checkJson, checkText } from "./check-report.js";
import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";
import { addUserClusterOptions, connectAsUser, type UserClusterFlags } from "./user-cluster.js";

interface CheckFlags extends UserClusterFlags {
  readonly revision?: string;
  readonly namespace?: string;
  readonly injectorNamespace: string;
  readonly output: "text" | "json";
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly strict?: boolean;
}

/** `pillion check`: what is wrong with an injector anywhere between the API server and the sidecars? */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("check")
    .summary("look for what is wrong with an installation, with the remedy")
    .description(
      "Goes through an installation in the cluster line by line, with your rights: webhook, Service, certificates, configuration, " +
        "namespaces, pods and sidecars. It changes nothing; it creates one pod in dry run. What you may not read is skipped, and " +
        "the line names the right. Exit code 1 when there are errors.",
    )
    .option("-r, --revision <name>", "revision to check; without it all that Pillion's chart has installed")
    .option("-n, --namespace <name>", "look at the pods of this namespace alone, and try the pod there")
    .option(
      "--injector-namespace <name>",
      "namespace of the ConfigMaps of an injector outside the cluster",
      "istio-system",
    )
    .addOption(new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"))
    .option("-v, --verbose", "list the namespaces and pods that lines count")
    .option("-q, --quiet", "print only warnings and errors")
    .option("--strict", "exit code 1 also for warnings and for what you may not read");
  addUserClusterOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  pillion check
  pillion check --context production --quiet
  pillion check -n shop --verbose
  pillion check -o json | jq '.findings[] | select(.status == "error")'
`,
    )
    .action(async (flags: CheckFlags) => run(flags, io));
}

async function run(flags: CheckFlags, io: CliIo): Promise<void> {
  const report = await check(flags, io);
  if (flags.output === "json") io.stdout(checkJson(report));
  else io.stdout(checkText(report, flags));
  if (!isHealthy(report, flags.strict === true)) io.exitCode(1);
}

async function check(flags: CheckFlags, io: CliIo): Promise<CheckReport> {
  const { ClusterError, runCheck } = await import("../cluster/index.js");
  const client = await connectAsUser(flags, io);
  const { revision, namespace, injectorNamespace } = flags;
  const options = {
    ...(revision === undefined ? {} : { revision }),
    ...(namespace === undefined ? {} : { namespace }),
    injectorNamespace,
    now: Date.now(),
  };
  try {
    // Every request has its own limit of time.
    return await runCheck(client, options, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const remedy =
      error.status === 403
        ? "; the right to list mutatingwebhookconfigurations is the one that check cannot do without"
        : "";
    throw new CliError("configuration", `cannot check: ${error.message}${remedy}`, { cause: error });
  }
}

/** What may not be read is no proof of health, which `--strict` asks for. */
function isHealthy({ findings }: CheckReport, strict: boolean): boolean {
  return !findings.some(
    ({ status, code }) =>
      status === "error" ||
      (strict && (status === "warning" || code === "forbidden" || code === "unreadable")),
  );
}
