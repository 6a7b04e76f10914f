import type { Command } from "commander";
import { injectManifest, type ManifestText, type TransformedManifest } from "../manifests/index.js";
import { addConfigurationOptions, type ConfigurationFlags, loadSnapshot } from "./configuration-options.js";
import { reportOutcome } from "./inject.js";
import type { CliIo } from "./io.js";
import { addInputOptions, type ManifestFlags, manifestOptions, readManifests } from "./manifest-options.js";
import { reportErrors } from "./report-error.js";
import { terminalColors, unifiedHunks } from "./unified-diff.js";

interface DiffFlags extends ConfigurationFlags, ManifestFlags {
  readonly exitCode?: boolean;
  readonly color: "auto" | "always" | "never";
}

/** `pillion diff`: what injection would change in manifests. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("diff")
    .summary("show what injection would change")
    .description(
      "Shows what `inject` with the same flags would change, as a unified diff. Nothing is written.",
    );
  addInputOptions(command)
    .option("--exit-code", "end with exit code 1 when there is a difference")
    .option("--color <when>", "auto, always or never", "auto");
  addConfigurationOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  pillion diff -f app.yaml\n  pillion diff -f manifests/ --exit-code > /dev/null && echo nothing to do\n",
    )
    .action(async (flags: DiffFlags) => run(flags, io));
}

async function run(flags: DiffFlags, io: CliIo): Promise<void> {
  const files = await readManifests(flags, io);
  const snapshot = await loadSnapshot(flags, io);
  const colored = flags.color === "always" || (flags.color === "auto" && io.isTTY.stdout && !io.env.NO_COLOR);
  let different = false;
  for (const file of files) {
    const result = injectManifest(file, { ...manifestOptions(flags), snapshot });
    for (const outcome of result.outcomes) reportOutcome(outcome, io);
    reportErrors(result.errors, io);
    const text = diffText(file, result, colored);
    different ||= text !== "";
    io.stdout(text);
  }
  if (different && flags.exitCode) io.exitCode(1);
}

/** The unified diff of one file, document by document. */
function diffText({ source }: ManifestText, { documents }: TransformedManifest, colored: boolean): string {
  let shift = 0;
  const parts = documents.map(({ line, before, after }) => {
    const part = unifiedHunks(before, after, line, shift, colored ? terminalColors : undefined);
    shift += after.split("\n").length - before.split("\n").length;
    return part;
  });
  const text = parts.join("");
  return text === "" ? "" : `--- ${source}\n+++ ${source} (injected)\n${text}`;
}
