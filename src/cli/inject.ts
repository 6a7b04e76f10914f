import type { Command } from "commander";
import { decisionCodes } from "../injection/index.js";
import { injectManifest, injectManifestStrictly, type PodOutcome } from "../manifests/index.js";
import { addConfigurationOptions, type ConfigurationFlags, loadSnapshot } from "./configuration-options.js";
import type { CliIo } from "./io.js";
import {
  addManifestOptions,
  type ManifestFlags,
  manifestOptions,
  readManifests,
  writeManifests,
} from "./manifest-options.js";

interface InjectFlags extends ConfigurationFlags, ManifestFlags {
  readonly strictIstio?: boolean;
}

/** `pillion inject`: manifests in, manifests with sidecars out. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("inject")
    .summary("add the sidecar to the pods of manifests")
    .description(
      "Adds Istio's sidecar to every pod of the manifests: Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, " +
        "ReplicationController, Job, CronJob, DeploymentConfig, and Lists of them. All else stays byte for byte.",
    );
  addManifestOptions(command);
  addConfigurationOptions(command)
    .option("--strict-istio", "do as istioctl kube-inject does, odd parts and form of the output included")
    .addHelpText(
      "after",
      `
Examples:
  pillion inject -f app.yaml | kubectl apply -f -
  kubectl kustomize overlays/prod | pillion inject -f - | kubectl apply -f -
  pillion inject -f manifests/ --in-place
  pillion inject -f app.yaml --set global.proxy.logLevel=debug --native-sidecars true

What --inject-config-file, --values-file and --mesh-config-file name counts before --configmap-file, and that before
the built-in defaults; --set and --template count before all of them. When one document fails, nothing is written.
`,
    )
    .action(async (flags: InjectFlags) => run(flags, io));
}

async function run(flags: InjectFlags, io: CliIo): Promise<void> {
  const strict = flags.strictIstio ?? false;
  const files = await readManifests(flags, io);
  const snapshot = await loadSnapshot(flags, io, { strict });
  for (const warning of snapshot.warnings) io.stderr(`warning: ${warning}\n`);
  const options = { ...manifestOptions(flags), snapshot };
  await writeManifests(files, flags, io, (file) => {
    if (strict) {
      const { text, warnings } = injectManifestStrictly(file, snapshot);
      if (warnings.length > 0) io.stderr(`\n${warnings.join("")}`);
      return { text, errors: [] };
    }
    const result = injectManifest(file, options);
    for (const outcome of result.outcomes) reportOutcome(outcome, io);
    return result;
  });
}

/** Tells on standard error what a user should know about a pod: why it was skipped, and the warnings. */
export function reportOutcome({ object, result }: PodOutcome, io: CliIo): void {
  if (result.decision === "skip") io.stderr(`skipped: ${object}: ${decisionCodes[result.reason]}\n`);
  for (const { message } of result.warnings) io.stderr(`warning: ${object}: ${message}\n`);
}
