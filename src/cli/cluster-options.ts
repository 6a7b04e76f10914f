import type { Command } from "commander";
import type { SourceWorld, WebhookOptions, WebhookWorld } from "../server/index.js";
import { CliError } from "./cli-error.js";

/** The flags by which the webhook is told to read its configuration from the cluster. */
export interface ClusterFlags {
  readonly cluster?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly configmap?: string;
  readonly meshConfigmap?: string;
  readonly webhookService?: string;
  readonly webhookUrl?: string;
}

/** Adds the flags of the cluster to a command. */
export function addClusterOptions(command: Command): void {
  command
    .option("--cluster", "watch the configuration in the cluster, by the pod's ServiceAccount")
    .option("--kubeconfig <file>", "the same, by a kubeconfig file")
    .option("--context <name>", "context of that file; without it the current one")
    .option("-n, --namespace <name>", "namespace of the ConfigMaps; without it that of the credentials")
    .option("--configmap <name>", "ConfigMap with config and values; istio-sidecar-injector[-REVISION]")
    .option("--mesh-configmap <name>", "ConfigMap with mesh; istio[-REVISION]")
    .option(
      "--webhook-service <name.namespace>",
      "Service by which the API server calls this injector, to find others that own the same pods",
    )
    .option("--webhook-url <url>", "the same for an injector outside the cluster");
}

/** Opens the cluster as the source of the configuration, where the flags ask for it. @throws CliError `usage` */
export function clusterWorld(flags: ClusterFlags, options: WebhookOptions): WebhookWorld {
  const { files } = options;
  if (flags.cluster !== true && flags.kubeconfig === undefined) return {};
  if ([files.injectConfig, files.values, files.mesh, ...files.objects].some((file) => file !== undefined))
    throw new CliError("usage", "give the configuration by files or by --cluster, not by both");
  return { openSource: (world) => openCluster(flags, options, world) };
}

async function openCluster(flags: ClusterFlags, { settings }: WebhookOptions, world: SourceWorld) {
  const { connect, openClusterSource, reportRivals } = await import("../cluster/index.js");
  const { kubeconfig, context, webhookService, webhookUrl } = flags;
  const client = await connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  const { revision, nativeSidecars, platform } = settings;
  const suffix = revision === "default" ? "" : `-${revision}`;
  const source = await openClusterSource(
    client,
    {
      namespace: flags.namespace ?? client.namespace ?? "istio-system",
      injectConfigMap: flags.configmap ?? `istio-sidecar-injector${suffix}`,
      meshConfigMap: flags.meshConfigmap ?? `istio${suffix}`,
      proxyConfigs: true,
      nodes: nativeSidecars === "auto",
      namespaces: platform === "openshift",
    },
    { ...world, random: Math.random },
  );
  if (webhookService !== undefined || webhookUrl !== undefined) {
    const own = {
      ...(webhookService === undefined ? {} : { service: webhookService }),
      ...(webhookUrl === undefined ? {} : { url: webhookUrl }),
    };
    // Not waited for: it changes nothing, and pods are waiting.
    void reportRivals(client, own, world.log, AbortSignal.timeout(60_000));
  }
  return source;
}
