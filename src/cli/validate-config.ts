import { type Command, Option } from "commander";
import { type ConfigFinding, type ConfigReport, checkConfiguration } from "./check-configuration.js";
import { addConfigurationOptions, type ConfigurationFlags, snapshotInput } from "./configuration-options.js";
import type { CliIo } from "./io.js";
import { wrapText } from "./wrap-text.js";

interface ValidateFlags extends ConfigurationFlags {
  readonly output: "text" | "json";
}

/** `pillion validate-config`: is this configuration fit to inject pods of every shape? */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("validate-config")
    .summary("check a configuration on pods of every shape")
    .description(
      "Parses the whole configuration and renders every template against sample pods of every shape: plain, ports, probes, gateway, " +
        "gRPC, native sidecars, CNI, TPROXY. Findings name file, line, column and key. Exit code 1 when there are any.",
    )
    .addOption(new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"));
  addConfigurationOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  pillion validate-config
  pillion validate-config --configmap-file istio.yaml -o json
  pillion validate-config --template sidecar=sidecar.yaml --values-file values.yaml
`,
    )
    .action(async (flags: ValidateFlags) => {
      const report = await check(flags, io);
      io.stdout(flags.output === "json" ? reportJson(report) : reportText(report));
      if (report.findings.length > 0) io.exitCode(1);
    });
}

async function check(flags: ValidateFlags, io: CliIo): Promise<ConfigReport> {
  return checkConfiguration(await snapshotInput(flags, io));
}

function reportJson({ findings, warnings, templates, renderings }: ConfigReport): string {
  return `${JSON.stringify({ valid: findings.length === 0, findings, warnings, templates, renderings }, null, 2)}\n`;
}

function reportText({ findings, warnings, templates, renderings }: ConfigReport): string {
  const lines = [
    ...findings.map(findingText),
    ...warnings.map((warning) => wrapText(warning, 100, "warning: ")),
  ];
  if (findings.length > 0) return lines.join("");
  return `${lines.join("")}ok: ${templates.length} templates (${templates.join(", ")}), ${renderings} renderings\n`;
}

/** Samples are named up to here; the others are counted. */
const maxSamples = 4;

function findingText({ message, source, line, column, key, samples }: ConfigFinding): string {
  const position = line === undefined ? "" : column === undefined ? `:${line}` : `:${line}:${column}`;
  const where = source === undefined ? "" : `${source}${position}: `;
  const more = samples.length > maxSamples ? ` and ${samples.length - maxSamples} more` : "";
  const by =
    samples.length === 0 ? "" : `  with the sample ${samples.slice(0, maxSamples).join(", ")}${more}\n`;
  return `error: ${where}${key === undefined ? "" : `${key}: `}${message}\n${by}`;
}
