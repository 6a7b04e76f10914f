import type { Command } from "commander";
import { nearestName } from "../injection/index.js";
import { CliError } from "./cli-error.js";
import { configTemplates } from "./config-templates.js";
import { addConfigurationOptions, type ConfigurationFlags, snapshotInput } from "./configuration-options.js";
import type { CliIo } from "./io.js";

/** `pillion templates`: the templates by name, or the text of one. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("templates")
    .summary("list the injection templates, or print one")
    .description(
      "Lists the templates that `inject` would use with the same flags, or prints the text of one.",
    )
    .option("--show <name>", "print the text of this template");
  addConfigurationOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  pillion templates
  pillion templates --show sidecar > sidecar.yaml
  pillion inject -f app.yaml --template sidecar=sidecar.yaml
`,
    )
    .action(async (flags: ConfigurationFlags & { readonly show?: string }) => {
      const templates = configTemplates(await snapshotInput(flags, io));
      const names = [...templates.keys()].sort();
      if (flags.show === undefined) {
        io.stdout(names.map((name) => `${name}\n`).join(""));
        return;
      }
      const text = templates.get(flags.show);
      if (text === undefined) throw unknownTemplate(flags.show, names);
      io.stdout(text.endsWith("\n") ? text : `${text}\n`);
    });
}

function unknownTemplate(name: string, known: readonly string[]): CliError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  return new CliError("input", `There is no template "${name}"; there are ${known.join(", ")}${hint}`);
}
