import { connect } from "../../src/cluster/index.js";
import type { ControlPlane } from "./control-plane/control-plane.js";

/** A MutatingWebhookConfiguration, as far as those who write bundles look at one. */
export interface Configuration {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly webhooks: readonly {
    readonly name: string;
    readonly clientConfig: { readonly caBundle?: string };
  }[];
}

const path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

/** Reads one configuration. */
export async function configurationOf(plane: ControlPlane, name: string): Promise<Configuration> {
  const { status, text } = await plane.request("GET", `${path}/${name}`);
  if (status !== 200) throw new Error(`${name}: ${text}`);
  return JSON.parse(text) as Configuration;
}

/** How a bundle is written by somebody else than Pillion. */
export interface OverwriteOptions {
  /** The end of the names of the webhooks that are written; absent: all. */
  readonly suffix?: string;
  readonly manager?: string;
  /** In whose name; absent: the administrator's. */
  readonly user?: string;
}

/** What became of it: nothing to write, or a conflict, is `idle`. */
export type Overwritten = "written" | "denied" | "idle";

/** Writes a bundle by an update of the whole object, as Istio's and cert-manager's writers do it. */
export async function overwrite(
  plane: ControlPlane,
  name: string,
  caBundle: string,
  { suffix = "", manager = "somebody", user }: OverwriteOptions = {},
): Promise<Overwritten> {
  const encoded = Buffer.from(caBundle).toString("base64");
  const before = await configurationOf(plane, name);
  const webhooks = before.webhooks.map((entry) =>
    entry.name.endsWith(suffix)
      ? { ...entry, clientConfig: { ...entry.clientConfig, caBundle: encoded } }
      : entry,
  );
  if (JSON.stringify(webhooks) === JSON.stringify(before.webhooks)) return "idle";
  const query = `fieldManager=${manager}`;
  const { status, text } = await plane.request(
    "PUT",
    `${path}/${name}?${query}`,
    { ...before, webhooks },
    user === undefined ? {} : { user },
  );
  if (status !== 200 && status !== 409 && status !== 422) throw new Error(text);
  return status === 200 ? "written" : status === 422 ? "denied" : "idle";
}

/** Somebody who writes bundles whenever a configuration changes. */
export interface BundleWriter {
  /** How often it wrote. */
  writes(): number;
  /** How often the API server denied it. */
  denials(): number;
  stop(): Promise<void>;
}

async function onEachChange(
  plane: ControlPlane,
  write: (configuration: Configuration) => Promise<Overwritten>,
): Promise<BundleWriter> {
  const client = await connect({ kubeconfig: plane.kubeconfig });
  const closing = new AbortController();
  const count = { written: 0, denied: 0, idle: 0 };
  let last = Promise.resolve();
  const running = client.stream(
    path,
    { watch: "1" },
    {
      signal: closing.signal,
      silenceMs: 600_000,
      onOpen: () => {},
      onObject: ({ object }) => {
        last = last.then(async () => {
          if (!closing.signal.aborted) count[await write(object as unknown as Configuration)]++;
        });
      },
    },
  );
  running.catch(() => {});
  return {
    writes: () => count.written,
    denials: () => count.denied,
    stop: async () => {
      closing.abort();
      await last;
    },
  };
}

/**
 * Istiod's patcher (spec 11.4): watches all configurations, and in those with its revision's label it sets its own CA in
 * every entry whose name ends in `sidecar-injector.istio.io`, whomever the entry calls.
 */
export function istioPatcher(
  plane: ControlPlane,
  revision: string,
  caBundle: string,
  user?: string,
): Promise<BundleWriter> {
  const options = {
    suffix: "sidecar-injector.istio.io",
    manager: "pilot-discovery",
    ...(user === undefined ? {} : { user }),
  };
  return onEachChange(plane, async ({ metadata }) => {
    if (metadata.labels?.["istio.io/rev"] !== revision) return "idle";
    return overwrite(plane, metadata.name, caBundle, options);
  });
}

/**
 * What cert-manager's cainjector does: where the annotation names a Certificate, the `ca.crt` of its Secret goes into every
 * entry.
 */
export function caInjector(plane: ControlPlane): Promise<BundleWriter> {
  return onEachChange(plane, async ({ metadata }) => {
    const [namespace, name] = (metadata.annotations?.["cert-manager.io/inject-ca-from"] ?? "").split("/");
    if (namespace === undefined || name === undefined) return "idle";
    const certificate = await plane.json<{ spec: { secretName: string } }>(
      ...["get", "certificates.cert-manager.io", name, "-n", namespace],
    );
    const { code, stdout } = await plane.kubectl(
      ...["get", "secret", certificate.spec.secretName, "-n", namespace, "-o", "json"],
    );
    if (code !== 0) return "idle";
    const { data } = JSON.parse(stdout) as { data: Readonly<Record<string, string>> };
    const authority = Buffer.from(data["ca.crt"] ?? "", "base64").toString("utf8");
    return overwrite(plane, metadata.name, authority, { manager: "cert-manager-cainjector" });
  });
}
