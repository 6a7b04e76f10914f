import type { Command } from "commander";
import type { ApiClient, OwnAddress } from "../cluster/index.js";
import type { CertificateWorld, SourceWorld, WebhookOptions, WebhookWorld } from "../server/index.js";
import { type AuthorityFlags, authorityName, certificateNames, rotationPolicy } from "./authority-options.js";
import { CliError } from "./cli-error.js";

/** The flags by which the webhook is told to read its configuration from the cluster. */
export interface ClusterFlags extends AuthorityFlags {
  readonly cluster?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly configmap?: string;
  readonly meshConfigmap?: string;
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
      "Service by which the API server calls this injector: its caBundles are verified, and others that own the same " +
        "pods are named",
    )
    .option("--webhook-url <url>", "the same for an injector outside the cluster");
}

/** Opens what the flags ask for in the cluster: configuration and certificates. @throws CliError `usage` */
export function clusterWorld(flags: ClusterFlags, options: WebhookOptions): WebhookWorld {
  const { files } = options;
  if (flags.cluster !== true && flags.kubeconfig === undefined) {
    if (flags.caSecret !== undefined)
      throw new CliError("usage", "--ca-secret needs --cluster or --kubeconfig");
    return {};
  }
  if ([files.injectConfig, files.values, files.mesh, ...files.objects].some((file) => file !== undefined))
    throw new CliError("usage", "give the configuration by files or by --cluster, not by both");
  // Refused now, before anything is asked of a cluster.
  if (flags.caSecret !== undefined) {
    certificateNames(flags);
    rotationPolicy(flags);
  }
  let client: Promise<ApiClient> | undefined;
  const connected = () => {
    client ??= connectTo(flags);
    return client;
  };
  const own = ownAddress(flags);
  return {
    openSource: async (world) => openConfiguration(await connected(), flags, options, own, world),
    ...(own === undefined
      ? {}
      : {
          openCertificates: async (world) =>
            openCertificates(await connected(), flags, options.settings.revision, own, world),
        }),
  };
}

function ownAddress({ webhookService, webhookUrl }: ClusterFlags): OwnAddress | undefined {
  if (webhookService === undefined && webhookUrl === undefined) return undefined;
  return {
    ...(webhookService === undefined ? {} : { service: webhookService }),
    ...(webhookUrl === undefined ? {} : { url: webhookUrl }),
  };
}

async function connectTo({ kubeconfig, context }: ClusterFlags): Promise<ApiClient> {
  const { connect } = await import("../cluster/index.js");
  return connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
}

async function openConfiguration(
  client: ApiClient,
  flags: ClusterFlags,
  { settings }: WebhookOptions,
  own: OwnAddress | undefined,
  world: SourceWorld,
) {
  const { openClusterSource, reportRivals } = await import("../cluster/index.js");
  const { revision, nativeSidecars, platform } = settings;
  const suffix = revision === "default" ? "" : `-${revision}`;
  const source = await openClusterSource(
    client,
    {
      namespace: namespaceOf(client, flags),
      injectConfigMap: flags.configmap ?? `istio-sidecar-injector${suffix}`,
      meshConfigMap: flags.meshConfigmap ?? `istio${suffix}`,
      proxyConfigs: true,
      nodes: nativeSidecars === "auto",
      namespaces: platform === "openshift",
    },
    { ...world, random: Math.random },
  );
  // Not waited for: it changes nothing, and pods are waiting.
  if (own !== undefined) void reportRivals(client, own, world.log, AbortSignal.timeout(60_000));
  return source;
}

/** Watches what API servers trust, and makes what they shall trust where the flags ask for it. */
async function openCertificates(
  client: ApiClient,
  flags: ClusterFlags,
  revision: string,
  own: OwnAddress,
  given: SourceWorld,
): Promise<CertificateWorld> {
  const { ObjectsWatch, openAuthority, TrustWatch, webhookConfigurationResource } = await import(
    "../cluster/index.js"
  );
  const world = { ...given, random: Math.random };
  const configurations = new ObjectsWatch(webhookConfigurationResource, client, world);
  const remedy =
    flags.caSecret === undefined
      ? "put the authority of the certificate into the caBundle of the entries, as the chart's certificates.mode says"
      : "the replica that holds the Lease writes it; look for its lines and for the label istio.io/rev of the configuration";
  const trust = new TrustWatch(configurations, own, remedy, world);
  const { caSecret } = flags;
  const pairs =
    caSecret === undefined
      ? undefined
      : await openAuthority(
          client,
          configurations,
          {
            namespace: namespaceOf(client, flags),
            secret: caSecret,
            lease: flags.caLease ?? caSecret,
            own: { address: own, revision },
            names: certificateNames(flags),
            authorityName: authorityName(flags),
            policy: rotationPolicy(flags),
          },
          world,
        );
  return {
    ...(pairs === undefined ? {} : { pairs }),
    serves: (certificatePem) => trust.serves(certificatePem),
    close: async () => {
      trust.close();
      await pairs?.close();
    },
  };
}

function namespaceOf(client: ApiClient, { namespace }: ClusterFlags): string {
  return namespace ?? client.namespace ?? "istio-system";
}
