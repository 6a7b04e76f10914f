import { type Command, InvalidArgumentError, Option } from "commander";
import type { ApiClient, ListedTag, TagChange, WebhookConfiguration } from "../cluster/index.js";
import { jsonToYaml } from "../goyaml/index.js";
import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";
import { addUserClusterOptions, connectAsUser, type UserClusterFlags } from "./user-cluster.js";

type Cluster = typeof import("../cluster/index.js");

interface ChangeFlags extends UserClusterFlags {
  readonly dryRun?: boolean;
  readonly propagationDelay: number;
}

interface SetFlags extends ChangeFlags {
  readonly revision: string;
  readonly overwrite?: boolean;
  readonly autoInjectNamespaces?: boolean;
  readonly systemTrust?: boolean;
  readonly output?: "yaml";
}

interface RemoveFlags extends ChangeFlags {
  readonly yes?: boolean;
  readonly skipConfirmation?: boolean;
  readonly restore?: boolean;
}

interface ListFlags extends UserClusterFlags {
  readonly output: "text" | "json";
}

/** What a command works with. */
interface Session {
  readonly cluster: Cluster;
  readonly client: ApiClient;
  /** Aborted by the first Ctrl-C. The second ends the process as usual. */
  readonly signal: AbortSignal;
}

/** `pillion tag`: names for revisions, as istioctl's. */
export function register(program: Command, io: CliIo): void {
  const tag = program
    .command("tag")
    .summary("give revisions names that namespaces can choose")
    .description(
      "Lists, sets and removes revision tags, in the form of istioctl's. The tag default stands for the label istio-injection.",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  pillion tag list\n  pillion tag set prod --revision pillion\n" +
        "  pillion tag set default --revision pillion --overwrite\n  pillion tag remove default --restore\n",
    );
  registerList(tag, io);
  registerSet(tag, io);
  registerRemove(tag, io);
}

function registerList(tag: Command, io: CliIo): void {
  const command = tag
    .command("list")
    .summary("list the tags, and the namespaces that choose them")
    .description("Lists the tags of this cluster, whoever made them, and the namespaces that choose them.")
    .addOption(new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"));
  addUserClusterOptions(command)
    .addHelpText("after", "\nExamples:\n  pillion tag list\n  pillion tag list -o json\n")
    .action((flags: ListFlags) => inSession(flags, io, (session) => list(flags, session, io)));
}

function registerSet(tag: Command, io: CliIo): void {
  const command = tag
    .command("set")
    .argument("<tag>")
    .summary("make a tag, or point one at another revision")
    .description(
      "Makes a tag of a revision. For the tag default, --overwrite takes the default over from the webhook that owns it, such as " +
        "istiod's, in steps between which each pod is injected exactly once.",
    )
    .requiredOption("-r, --revision <name>", "the revision that the tag stands for")
    .option("--overwrite", "change a tag that is there, or take the default from whoever owns it")
    .option(
      "--auto-inject-namespaces",
      "tag default: take pods of namespaces without labels too; without it as the owner before",
    )
    .option("--no-auto-inject-namespaces", "tag default: leave them alone")
    .option("--system-trust", "allow a URL without caBundle: API servers trust its certificate by themselves")
    .addOption(
      new Option(
        "-o, --output <format>",
        "print the object of the tag and change nothing, as istioctl tag generate",
      ).choices(["yaml"]),
    );
  addChangeOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  pillion tag set prod --revision pillion\n  pillion tag set prod -r pillion -o yaml > prod.yaml\n" +
        "  pillion tag set default --revision pillion --overwrite\n",
    )
    .action((name: string, flags: SetFlags) => {
      if (flags.autoInjectNamespaces !== undefined) mustBeDefault(name, "--auto-inject-namespaces");
      return inSession(flags, io, (session) => set(name, flags, session, io));
    });
}

function registerRemove(tag: Command, io: CliIo): void {
  const command = tag
    .command("remove")
    .argument("<tag>")
    .summary("remove a tag")
    .description(
      "Removes a tag. What chooses it is not injected any more, so that --yes is needed while namespaces do. The tag default is " +
        "given back with --restore to the webhook that owned the default before it.",
    )
    .option("-y, --yes", "also while namespaces choose the tag")
    .addOption(new Option("--skip-confirmation", "istioctl's name for --yes").hideHelp())
    .option("--restore", "tag default: switch the webhook on again that owned the default before");
  addChangeOptions(command)
    .addHelpText("after", "\nExamples:\n  pillion tag remove prod\n  pillion tag remove default --restore\n")
    .action((name: string, flags: RemoveFlags) => {
      if (flags.restore === true) mustBeDefault(name, "--restore");
      return inSession(flags, io, (session) => remove(name, flags, session, io));
    });
}

function mustBeDefault(tag: string, flag: string): void {
  if (tag !== "default") throw new CliError("usage", `${flag} is for the tag default alone`);
}

function addChangeOptions(command: Command): Command {
  command
    .option("--dry-run", "say what would be done, let the API server check it, and change nothing")
    .addOption(
      new Option(
        "--propagation-delay <seconds>",
        "tag default: time in which every API server learns of a change, waited between steps",
      )
        .argParser(parseSeconds)
        .default(10_000, "10"),
    );
  return addUserClusterOptions(command);
}

async function list({ output }: ListFlags, { cluster, client, signal }: Session, io: CliIo): Promise<void> {
  const configurations = await cluster.readConfigurations(client, signal);
  const uses = await cluster.tagUses(client, signal).catch((error: unknown) => {
    if (!(error instanceof cluster.TagError)) throw error;
    io.stderr(`warning: ${error.message}\n`);
    return undefined;
  });
  const tags = cluster.listTags(configurations, uses);
  if (output === "json") io.stdout(`${JSON.stringify(tags, (_key, value: unknown) => value ?? null, 2)}\n`);
  else if (tags.length === 0) io.stderr("there are no tags\n");
  else io.stdout(table(tags));
  const doubt = doubtOf(configurations, cluster);
  if (doubt !== undefined) io.stderr(`warning: ${doubt}\n`);
}

/** What is not as it should be about the default. */
function doubtOf(configurations: readonly WebhookConfiguration[], cluster: Cluster): string | undefined {
  try {
    const owners = cluster.defaultOwners(configurations);
    if (!cluster.isUnfinished(owners)) return undefined;
    const state = cluster.describeOwners(owners);
    return `a handover of the default has begun and not ended: ${state}. Run again the command that began it`;
  } catch (error) {
    if (!(error instanceof cluster.TagError)) throw error;
    return error.message;
  }
}

/** Columns as istioctl's. */
function table(tags: readonly ListedTag[]): string {
  const rows = [
    ["TAG", "REVISION", "NAMESPACES"],
    ...tags.map(({ tag, revision, namespaces }) => [tag, revision, namespaces?.join(",") ?? "<unknown>"]),
  ];
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), width(1)];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

async function set(tag: string, flags: SetFlags, session: Session, io: CliIo): Promise<void> {
  const { revision, overwrite = false, autoInjectNamespaces, systemTrust = false } = flags;
  const { cluster, client, signal } = session;
  const goal = {
    ...{ tag, revision, overwrite, systemTrust },
    ...(autoInjectNamespaces === undefined ? {} : { everywhere: autoInjectNamespaces }),
  };
  const change = cluster.setTagChange(goal);
  if (flags.output === "yaml") {
    const configurations = await cluster.readConfigurations(client, signal);
    io.stdout(jsonToYaml(cluster.wantedTag(goal, configurations)));
    if (tag === "default")
      io.stderr("note: applying this does not switch off whoever owns the default now\n");
    return;
  }
  await make(change, flags, session, io);
  if (flags.dryRun !== true) io.stdout(`the tag ${tag} stands for revision ${revision}\n`);
}

async function remove(tag: string, flags: RemoveFlags, session: Session, io: CliIo): Promise<void> {
  const { cluster, client, signal } = session;
  if (flags.restore === true) {
    await make(cluster.restoreDefaultChange(), flags, session, io);
    const { installed } = cluster.defaultOwners(await cluster.readConfigurations(client, signal));
    if (flags.dryRun !== true && installed !== undefined)
      io.stdout(`the default belongs to ${installed.name} again\n`);
    return;
  }
  const asked = flags.yes === true || flags.skipConfirmation === true;
  const uses = asked ? undefined : ((await cluster.tagUses(client, signal)).get(tag) ?? []);
  await make(cluster.removeTagChange({ tag, uses }), flags, session, io);
  if (flags.dryRun !== true) io.stdout(`the tag ${tag} is removed\n`);
}

async function make(change: TagChange, flags: ChangeFlags, session: Session, io: CliIo): Promise<void> {
  const { cluster, client, signal } = session;
  if (flags.dryRun === true) {
    const configurations = await cluster.readConfigurations(client, signal);
    change.mayBegin(configurations);
    const writes = cluster.foresee(change, configurations);
    await cluster.tryOut(client, writes, configurations);
    for (const [index, { effect }] of writes.entries())
      io.stdout(`${index + 1}/${writes.length} would be: ${effect}\n`);
    if (writes.length === 0) io.stdout("nothing would change\n");
    return;
  }
  await cluster.carryOut(change, {
    client,
    signal,
    propagationMs: flags.propagationDelay,
    onStep: (effect, number, total) => io.stderr(`${number}/${total} ${effect}\n`),
    onWait: (ms) => io.stderr(`    waiting ${ms / 1000} s, until every API server knows\n`),
  });
}

/** Runs a command against the cluster, and tells what people can do something about as such. */
async function inSession(
  flags: UserClusterFlags,
  io: CliIo,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const cluster = await import("../cluster/index.js");
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  try {
    await work({ cluster, client: await connectAsUser(flags, io), signal: interrupt.signal });
  } catch (error) {
    throw asCliError(error, cluster);
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

function asCliError(error: unknown, { ClusterError, TagError }: Cluster): unknown {
  return error instanceof TagError || error instanceof ClusterError
    ? new CliError("input", error.message, { cause: error })
    : error;
}

/** Seconds on the command line, milliseconds inside. */
function parseSeconds(text: string): number {
  if (!/^\d{1,3}(\.\d{1,3})?s?$/.test(text))
    throw new InvalidArgumentError("Write seconds, such as 10 or 0.5s.");
  return Math.round(Number.parseFloat(text) * 1000);
}
