import type { Command } from "commander";
import {
  contradictions,
  listNftRules,
  listRules,
  nftListing,
  nftPlanRecords,
  plan,
  planNft,
  planRecords,
  strategies,
} from "../interception/index.js";
import { CliError } from "./cli-error.js";
import {
  addSourceOptions,
  defaultsOf,
  type RuleSource,
  readPods,
  readSources,
  type SourceFlags,
  sourceHelp,
} from "./interception-source.js";
import type { CliIo } from "./io.js";

interface RulesFlags extends SourceFlags {
  readonly format: string;
  readonly explain?: boolean;
  readonly variant: string;
}

const formats = ["restore", "commands", "list", "save", "nft", "nft-list", "json"];

/** The date of a predicted iptables-save; a real one prints when it ran. */
const date = "<date>";

function nftText(source: RuleSource, flags: RulesFlags): string {
  const planned = planNft(source.settings, source.host, { strategy: source.strategy });
  if (flags.format === "json") return `${JSON.stringify(nftPlanRecords(planned, source.origins), null, 2)}\n`;
  if (flags.format === "nft-list") return nftListing(planned.rules);
  return listNftRules(planned, { explain: flags.explain ?? false, origins: source.origins });
}

function iptablesText(source: RuleSource, flags: RulesFlags): string {
  const planned = plan(source.settings, source.host, { release: source.release, strategy: source.strategy });
  if (flags.format === "json") return `${JSON.stringify(planRecords(planned, source.origins), null, 2)}\n`;
  const format = flags.format;
  if (format !== "restore" && format !== "commands" && format !== "list" && format !== "save")
    throw new CliError("usage", `--format ${format}: name one of ${formats.join(", ")}`);
  const variant = flags.variant === "legacy" ? "legacy" : "nft";
  const options = {
    format,
    explain: flags.explain ?? false,
    origins: source.origins,
    variant,
    date,
  } as const;
  return listRules(planned.ipv4, 4, options) + listRules(planned.ipv6, 6, options);
}

function textOf(source: RuleSource, flags: RulesFlags): string {
  const nft = source.nativeNftables || flags.format.startsWith("nft");
  return nft ? nftText(source, flags) : iptablesText(source, flags);
}

async function run(words: readonly string[], flags: RulesFlags, io: CliIo): Promise<void> {
  if (!formats.includes(flags.format))
    throw new CliError("usage", `--format ${flags.format}: name one of ${formats.join(", ")}`);
  const sources = await readSources(flags, words, io);
  for (const source of sources) {
    if (sources.length > 1 && flags.format !== "json") io.stdout(`# ${source.name}\n`);
    if (source.strategy !== "owner")
      io.stderr(`warning: these rules need ${strategies[source.strategy].needs}\n`);
    const { warnings } = plan(source.settings, source.host, { release: source.release });
    for (const warning of warnings) io.stderr(`warning: ${warning}\n`);
    io.stdout(textOf(source, flags));
  }
  if (flags.filename === undefined || flags.filename === "-") return;
  for (const { pod } of await readPods(flags.filename, io))
    for (const { message } of contradictions(pod, defaultsOf(flags))) io.stderr(`warning: ${message}\n`);
}

/** `pillion interception rules`. */
export function registerRules(
  parent: Command,
  io: CliIo,
  guard: (action: () => Promise<void>) => Promise<void>,
): void {
  addSourceOptions(parent.command("rules"))
    .summary("print the capture rules of a pod")
    .description(
      "Prints the rules that capture a pod's traffic, as init container or CNI plugin program them.",
    )
    .option(
      "--format <format>",
      `one of ${formats.join(", ")}; list and save are what the kernel prints`,
      "restore",
    )
    .option("--explain", "say of every rule what it is for, and which annotation or flag caused it")
    .option("--variant <variant>", "for --format save: nft or legacy", "nft")
    .argument("[flags...]", "flags of istio-iptables, behind --")
    .addHelpText("after", sourceHelp())
    .action(async (words: readonly string[], flags: RulesFlags) => guard(() => run(words, flags, io)));
}
