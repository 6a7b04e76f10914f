import type { Command } from "commander";
import { type CniDecision, decideCni, defaultCniPluginConfig, viewPodName } from "../interception/index.js";
import { CliError } from "./cli-error.js";
import { readPods } from "./interception-source.js";
import type { CliIo } from "./io.js";

interface CniFlags {
  readonly filename: string;
  readonly excludeNamespaces?: string;
  readonly namespace?: string;
  readonly namespaceLabels?: string;
  readonly ambient?: boolean;
  readonly format: string;
}

function labelsOf(text: string): Record<string, string> {
  const entries = text
    .split(",")
    .filter((label) => label !== "")
    .map((label): [string, string] => {
      const [key = "", value = ""] = label.split("=");
      return [key, value];
    });
  return Object.fromEntries(entries);
}

function decide(pod: unknown, flags: CniFlags): CniDecision {
  const { name, namespace } = viewPodName(pod);
  const excluded = flags.excludeNamespaces?.split(",").filter((text) => text !== "");
  return decideCni(
    {
      // A pod template has no name yet; the name only matters for the plugin's own agents.
      podName: name === "" ? "pod" : name,
      podNamespace: flags.namespace ?? (namespace === "" ? "default" : namespace),
      pod,
      namespaceLabels: labelsOf(flags.namespaceLabels ?? ""),
    },
    {
      ...defaultCniPluginConfig,
      ambientEnabled: flags.ambient ?? false,
      excludeNamespaces: excluded ?? defaultCniPluginConfig.excludeNamespaces,
    },
  );
}

function textOf(decision: CniDecision): string {
  const verdict = { redirect: "redirect", leave: "leave alone", error: "fail" }[decision.outcome];
  const lines = [`${verdict} (${decision.reason}): ${decision.message}`];
  for (const [setting, value] of Object.entries(decision.capture?.settings ?? {})) {
    const origin =
      [...(decision.capture?.origins ?? [])].find(([name]) => name === setting)?.[1] ?? "default";
    lines.push(`  ${setting} = ${JSON.stringify(value)}   (${origin})`);
  }
  return `${lines.join("\n")}\n`;
}

async function run(flags: CniFlags, io: CliIo): Promise<void> {
  if (flags.format !== "text" && flags.format !== "json")
    throw new CliError("usage", `--format ${flags.format}: name text or json`);
  const pods = await readPods(flags.filename, io);
  for (const { name, pod } of pods) {
    if (pods.length > 1 && flags.format === "text") io.stdout(`# ${name}\n`);
    const decision = decide(pod, flags);
    const record = { ...decision, capture: decision.capture?.settings };
    io.stdout(flags.format === "json" ? `${JSON.stringify(record, null, 2)}\n` : textOf(decision));
  }
}

/** `pillion interception cni`. */
export function registerCni(
  parent: Command,
  io: CliIo,
  guard: (action: () => Promise<void>) => Promise<void>,
): void {
  parent
    .command("cni")
    .summary("tell whether Istio's CNI plugin would redirect a pod")
    .description(
      "Tells whether Istio's CNI plugin would redirect a pod, by which rule if not, and with which settings if so.",
    )
    .requiredOption("-f, --filename <path>", "the pod as it is in the cluster, or - for standard input")
    .option(
      "--exclude-namespaces <names>",
      "namespaces the plugin leaves alone, comma separated (default: kube-system)",
    )
    .option("-n, --namespace <name>", "namespace of the pod (default: the one it names)")
    .option("--namespace-labels <labels>", "labels of the namespace, a=b,c=d")
    .option("--ambient", "the plugin has ambient mode enabled")
    .option("--format <format>", "text or json", "text")
    .action(async (flags: CniFlags) => guard(() => run(flags, io)));
}
