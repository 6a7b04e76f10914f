import type { Command } from "commander";
import { decisionCodes } from "../injection/index.js";
import { getOwn, isObject, type JsonValue } from "../json/index.js";
import {
  functionConfig,
  injectPod,
  type ResourceListResult,
  transformResourceList,
} from "../manifests/index.js";
import { CliError } from "./cli-error.js";
import { addConfigurationOptions, type ConfigurationFlags, loadSnapshot } from "./configuration-options.js";
import type { CliIo } from "./io.js";
import { standardInput } from "./read-text.js";

interface KrmFlags extends ConfigurationFlags {
  readonly namespace?: string;
}

/** `pillion krm`: injection as a KRM function, for kustomize and kpt. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("krm")
    .summary("inject as a KRM function: a ResourceList on standard input and output")
    .description(
      "Reads a ResourceList on standard input, injects the pods of its items and writes it to standard output; what there is " +
        "to say stands in its results. The function's ConfigMap may set namespace, revision, nativeSidecars and set.",
    )
    .option("-n, --namespace <name>", "namespace of objects that name none");
  addConfigurationOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  kustomize build --enable-alpha-plugins --enable-exec .\n  pillion krm < resource-list.yaml\n",
    )
    .action(async (flags: KrmFlags) => run(flags, io));
}

async function run(given: KrmFlags, io: CliIo): Promise<void> {
  const file = { text: await io.stdin(), source: standardInput };
  const flags = withFunctionConfig(given, functionConfig(file));
  const snapshot = await loadSnapshot(flags, io);
  const options = { snapshot, ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }) };
  const results: ResourceListResult[] = [];
  const { text, failed } = transformResourceList(
    file,
    (pod) => {
      const result = injectPod(pod, options);
      if (result.decision === "skip")
        results.push({
          severity: "info",
          message: `${pod.object}: skipped: ${decisionCodes[result.reason]}`,
        });
      for (const { message } of result.warnings)
        results.push({ severity: "warning", message: `${pod.object}: ${message}` });
      return result.pod;
    },
    () => results,
  );
  io.stdout(text);
  if (failed) io.exitCode(1);
}

/** The flags with what the ConfigMap of the function says; a flag on the command line counts before it. */
function withFunctionConfig(flags: KrmFlags, config: JsonValue | undefined): KrmFlags {
  const data = isObject(config) ? (getOwn(config, "data") ?? getOwn(config, "spec")) : undefined;
  if (!isObject(data)) return flags;
  const text = (key: string): string | undefined => {
    const value = getOwn(data, key);
    return typeof value === "string" ? value : undefined;
  };
  const [namespace, revision, native, set] = [
    text("namespace"),
    text("revision"),
    text("nativeSidecars"),
    text("set"),
  ];
  if (native !== undefined && native !== "auto" && native !== "true" && native !== "false")
    throw new CliError(
      "configuration",
      `functionConfig: nativeSidecars is ${native}; it must be auto, true or false`,
    );
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(revision === undefined ? {} : { revision }),
    ...flags,
    ...(native === undefined || (flags.nativeSidecars ?? "auto") !== "auto"
      ? {}
      : { nativeSidecars: native }),
    set: [...(set?.split("\n").filter((line) => line.trim() !== "") ?? []), ...(flags.set ?? [])],
  };
}
