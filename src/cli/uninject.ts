import type { Command } from "commander";
import { uninjectManifest } from "../manifests/index.js";
import { addConfigurationOptions, type ConfigurationFlags, loadSnapshot } from "./configuration-options.js";
import type { CliIo } from "./io.js";
import {
  addManifestOptions,
  type ManifestFlags,
  manifestOptions,
  readManifests,
  writeManifests,
} from "./manifest-options.js";

/** `pillion uninject`: takes injection back from manifests. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("uninject")
    .summary("take the sidecar out of manifests again")
    .description(
      "Removes what injection added to the pods of the manifests and restores what it replaced: probes, Prometheus " +
        "annotations, your own settings of injected containers. What was not injected stays byte for byte.",
    );
  addManifestOptions(command);
  addConfigurationOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  pillion uninject -f injected.yaml -o app.yaml
  pillion uninject -f manifests/ --in-place
  kubectl get deployment web -o yaml | pillion uninject -f -

Give the configuration that injected, with the flags of inject, where it is not the built-in one: labels and annotations
that it would not have added are kept, with a warning.
`,
    )
    .action(async (flags: ConfigurationFlags & ManifestFlags) => {
      const files = await readManifests(flags, io);
      const snapshot = await loadSnapshot(flags, io);
      await writeManifests(files, flags, io, (file) => {
        const result = uninjectManifest(file, { ...manifestOptions(flags), snapshot });
        for (const { object, message } of result.warnings) io.stderr(`warning: ${object}: ${message}\n`);
        return result;
      });
    });
}
