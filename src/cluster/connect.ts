import { existsSync } from "node:fs";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ApiClient } from "./api-client.js";
import { ClusterError } from "./cluster-error.js";
import { httpsClient } from "./https-client.js";

/** Where the description of the cluster is. */
export interface ConnectOptions {
  /** A kubeconfig file; absent: the pod's ServiceAccount. */
  readonly kubeconfig?: string;
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
    if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
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
    const where = kubeconfig ?? "the pod's ServiceAccount";
    throw new ClusterError("kubeconfig", `cannot use ${where} to reach the API server: ${why}`, { cause });
  }
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
