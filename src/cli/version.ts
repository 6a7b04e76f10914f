import type { Command } from "commander";
import { embeddedDefaults } from "../config/index.js";
import type { CliIo } from "./io.js";
import { packageVersion } from "./package-version.js";

/** `pillion version`: Pillion's own version, and the Istio release of the images that the built-in values name. */
export function register(program: Command, io: CliIo): void {
  program
    .command("version")
    .summary("print the version, and the Istio release of the built-in values")
    .description("Prints Pillion's version and the Istio release whose images the built-in values name.")
    .option("-o, --output <format>", "text or json", "text")
    .addHelpText("after", "\nExamples:\n  pillion version\n  pillion version -o json\n")
    .action(({ output }: { output: string }) => {
      const istio = embeddedDefaults.istioVersion;
      if (output === "json") io.stdout(`${JSON.stringify({ pillion: packageVersion, istio })}\n`);
      else io.stdout(`pillion ${packageVersion}\nIstio images of the built-in values: ${istio}\n`);
    });
}
