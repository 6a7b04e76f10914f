import { type Command, Option } from "commander";
import { jsonToYaml } from "../goyaml/index.js";
import { type Explanation, explain, injectorWebhooks, type Snapshot } from "../injection/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { type ManifestPod, readDocuments, readManifestPods } from "../manifests/index.js";
import { CliError } from "./cli-error.js";
import { addConfigurationOptions, type ConfigurationFlags, loadSnapshot } from "./configuration-options.js";
import { explanationText } from "./explanation-text.js";
import { explanationTree } from "./explanation-tree.js";
import type { CliIo } from "./io.js";
import { addInputOptions, type ManifestFlags, manifestOptions, readManifests } from "./manifest-options.js";
import { readText } from "./read-text.js";
import { reportErrors } from "./report-error.js";

interface ExplainFlags extends ConfigurationFlags, ManifestFlags {
  readonly review?: string;
  readonly webhookConfig?: readonly string[];
  readonly output: "text" | "json" | "yaml";
}

/** A pod to explain, and what is known beside it. */
interface Subject {
  readonly title: string;
  readonly pod: JsonObject;
  readonly namespace: string;
  readonly owner?: ManifestPod["template"]["owner"];
}

/** `pillion explain`: what happens to a pod, and why. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("explain")
    .summary("say what happens to a pod, and why")
    .description(
      "Says whether the API server would call the injector, whether the injector would inject and which rule decides, and where " +
        "every container, volume, variable and annotation comes from. The answers come from the code that injects.",
    );
  addInputOptions(command)
    .option("--review <file>", "an AdmissionReview, as the API server sends it")
    .option(
      "--webhook-config <file>",
      "MutatingWebhookConfigurations of the cluster (repeatable)",
      (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
    )
    .addOption(
      new Option("-o, --output <format>", "text, json or yaml")
        .choices(["text", "json", "yaml"])
        .default("text"),
    );
  addConfigurationOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  pillion explain -f app.yaml
  pillion explain -f app.yaml --webhook-config webhooks.yaml --objects namespaces.yaml
  kubectl get mutatingwebhookconfigurations -o yaml | pillion explain -f app.yaml --webhook-config -
`,
    )
    .action(async (flags: ExplainFlags) => run(flags, io));
}

async function run(flags: ExplainFlags, io: CliIo): Promise<void> {
  if ((flags.filename === undefined) === (flags.review === undefined))
    throw new CliError("usage", "Name either manifests with --filename or an AdmissionReview with --review");
  const subjects =
    flags.review === undefined ? await fromManifests(flags, io) : [await fromReview(flags.review, io)];
  const snapshot = await loadSnapshot(flags, io);
  const webhooks =
    flags.webhookConfig === undefined ? undefined : await readWebhooks(flags.webhookConfig, io);
  const answers = subjects.map((subject) => ({
    title: subject.title,
    explanation: explainOne(subject, snapshot, webhooks),
  }));
  if (flags.output === "text") {
    io.stdout(answers.map(({ title, explanation }) => explanationText(title, explanation)).join("\n"));
    return;
  }
  const tree = answers.map(({ title, explanation }) => explanationTree(title, explanation));
  io.stdout(flags.output === "json" ? `${JSON.stringify(tree, null, 2)}\n` : jsonToYaml(tree));
}

function explainOne(
  { pod, namespace, owner }: Subject,
  snapshot: Snapshot,
  webhooks: readonly JsonObject[] | undefined,
): Explanation {
  const context = { namespace, ...(owner === undefined ? {} : { owner: { ...owner, namespace } }) };
  return explain({ pod, context, snapshot, ...(webhooks === undefined ? {} : { webhooks }) });
}

async function fromManifests(flags: ExplainFlags, io: CliIo): Promise<readonly Subject[]> {
  const { customKinds, namespace = "" } = manifestOptions(flags);
  const subjects: Subject[] = [];
  for (const file of await readManifests(flags, io)) {
    const { pods, errors } = readManifestPods(file, customKinds);
    reportErrors(errors, io);
    for (const { template, object, source, line } of pods) {
      const owner = template.owner === undefined ? {} : { owner: template.owner };
      subjects.push({
        title: `${object} (${source}:${line})`,
        pod: template.pod,
        namespace: template.namespace || namespace,
        ...owner,
      });
    }
  }
  return subjects;
}

async function fromReview(path: string, io: CliIo): Promise<Subject> {
  const file = await readText(path, "--review", io);
  const [document] = readDocuments(file);
  if (document?.fault !== undefined) throw document.fault;
  const request = isObject(document?.value) ? getOwn(document.value, "request") : undefined;
  const pod = isObject(request) ? getOwn(request, "object") : undefined;
  if (!isObject(request) || !isObject(pod))
    throw new CliError("input", `${file.source} is no AdmissionReview with a request.object`);
  const namespace = typeof request.namespace === "string" ? request.namespace : "";
  const metadata = isObject(pod.metadata) ? pod.metadata : {};
  const name = String(metadata.name ?? metadata.generateName ?? request.name ?? "");
  return {
    title: `Pod "${namespace === "" ? name : `${namespace}/${name}`}" (${file.source})`,
    pod,
    namespace,
  };
}

async function readWebhooks(paths: readonly string[], io: CliIo): Promise<readonly JsonObject[]> {
  const objects: JsonValue[] = [];
  for (const path of paths) {
    for (const { value, fault } of readDocuments(await readText(path, "--webhook-config", io))) {
      if (fault !== undefined) throw fault;
      objects.push(value);
    }
  }
  return injectorWebhooks(objects);
}
