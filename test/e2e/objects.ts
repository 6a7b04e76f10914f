/** A container that nothing here runs. */
export const pause = { name: "app", image: "pause" };

/** A pod, as far as the tests look at one. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly securityContext?: { readonly runAsUser?: number };
  };
}

/** A container of a {@link Pod}. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly securityContext?: { readonly runAsUser?: number };
}

/** The proxy of a pod, wherever it stands. */
export function proxyOf({ spec }: Pod): Container | undefined {
  return [...(spec.initContainers ?? []), ...spec.containers].find(({ name }) => name === "istio-proxy");
}

/** A pod to create. */
export function podOf(
  name: string,
  { namespace = "mesh", labels = {}, annotations = {} }: PodOptions = {},
): { apiVersion: string; kind: string; metadata: object; spec: object } {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels, annotations },
    spec: { containers: [pause] },
  };
}

/** What a pod to create says beside its name. */
export interface PodOptions {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A Node that says so of its kubelet. */
export function node(name: string, kubeletVersion: string): object {
  const nothing = {
    architecture: "amd64",
    bootID: "",
    containerRuntimeVersion: "",
    kernelVersion: "",
    kubeProxyVersion: "",
    machineID: "",
    operatingSystem: "linux",
    osImage: "",
    systemUUID: "",
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/os": "linux" } },
    status: { nodeInfo: { ...nothing, kubeletVersion } },
  };
}

/** A CustomResourceDefinition that takes whatever it is given. */
export function customResource(group: string, version: string, kind: string, plural: string): object {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

/** The kind ProxyConfig of Istio. */
export const proxyConfigKind = customResource(
  "networking.istio.io",
  "v1beta1",
  "ProxyConfig",
  "proxyconfigs",
);

/** Waits for something that other programs bring about. @throws with what it was */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 120,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await holds()); ) {
    if (Date.now() > end) throw new Error(`it did not come true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
