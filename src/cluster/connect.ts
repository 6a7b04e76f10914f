import { existsSync } from "node:fs";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ApiClient } from "./api-client.js";
import { ClusterError } from "./cluster-error.js";
import { httpsClient } from "./https-client.js";

/** Where the description of the cluster is. */
export interface ConnectOptions {
  /** A kubeconfig file, or several of which the first to name a thing counts, as in kubectl; absent: the pod's ServiceAccount. */
  readonly kubeconfig?: string | readonly string[];
  /** A context of that file; absent: its current one. */
  readonly context?: string;
}

const serviceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * Makes a client of the API server. Nothing is sent yet. The library is loaded only here, since the webhook works
 * without a cluster too. @throws ClusterError `kubeconfig`
 */
export async function connect({ kubeconfig, context }: ConnectOptions): Promise<ApiClient> {
  const library = await import("@kubernetes/client-node");
  const config = new library.KubeConfig();
  try {
    if (kubeconfig !== undefined) loadFiles(config, [kubeconfig].flat(), () => new library.KubeConfig());
    else if (existsSync(serviceAccountToken)) config.loadFromCluster();
    else throw new Error(`there is no ${serviceAccountToken}. Run in a pod, or name a kubeconfig file`);
    if (context !== undefined) config.setCurrentContext(context);
    return httpsClient({
      server: serverOf(config),
      namespace: namespaceOf(config),
      authorize: authorize(config),
    });
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const where = kubeconfig === undefined ? "the pod's ServiceAccount" : [kubeconfig].flat().join(", ");
    throw new ClusterError("kubeconfig", `cannot use ${where} to reach the API server: ${why}`, { cause });
  }
}

/** Reads the files together: a cluster, user or context counts as the first file to name it says. */
function loadFiles(config: KubeConfig, files: readonly string[], empty: () => KubeConfig): void {
  for (const [index, file] of files.entries()) {
    const next = index === 0 ? config : empty();
    next.loadFromFile(file);
    if (next === config) continue;
    config.clusters = merged(config.clusters, next.clusters);
    config.users = merged(config.users, next.users);
    config.contexts = merged(config.contexts, next.contexts);
    if (!config.currentContext) config.setCurrentContext(next.currentContext);
  }
}

function merged<T extends { readonly name: string }>(first: readonly T[], next: readonly T[]): T[] {
  return [...first, ...next.filter(({ name }) => !first.some((one) => one.name === name))];
}

function serverOf(config: KubeConfig): URL {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error("its current context names no cluster");
  return new URL(server);
}

function namespaceOf(config: KubeConfig): string | undefined {
  return config.getContextObject(config.getCurrentContext())?.namespace;
}

/** Each request asks anew: a ServiceAccount's token in its file is replaced within the hour. */
function authorize(config: KubeConfig): (options: import("node:https").RequestOptions) => Promise<void> {
  return async (options) => {
    await config.applyToHTTPSOptions(options);
  };
}
