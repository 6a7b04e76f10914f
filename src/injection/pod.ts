import type { JsonObject, JsonValue } from "../json/index.js";

/**
 * The parts of a Pod that injection reads or writes. A pod may hold more; what is not named here stays as it is.
 * `podOf` may be given only what kube's decoder has accepted: that is what makes these types true.
 */
export interface Pod {
  readonly metadata?: PodMetadata;
  readonly spec?: PodSpec;
}

export interface PodMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly JsonObject[];
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Named[];
  readonly imagePullSecrets?: readonly Named[];
  readonly hostNetwork?: boolean;
  readonly dnsPolicy?: string;
  readonly nodeName?: string;
}

export interface Named {
  readonly name: string;
}

export interface Container extends Named {
  readonly image?: string;
  readonly args?: readonly string[];
  readonly ports?: readonly ContainerPort[];
  readonly env?: readonly EnvVar[];
  readonly restartPolicy?: string;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: Lifecycle;
  readonly securityContext?: SecurityContext;
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

export interface EnvVar extends Named {
  readonly value?: string;
  readonly valueFrom?: JsonObject;
}

/** What a probe or a hook does. At most one of the four is there. */
export interface Handler {
  readonly httpGet?: HttpGet;
  readonly tcpSocket?: TcpSocket;
  readonly grpc?: { readonly port: number; readonly service?: string | null };
}

export interface HttpGet {
  readonly path?: string;
  readonly port: number | string;
  readonly host?: string;
  readonly scheme?: string;
  readonly httpHeaders?: readonly JsonObject[];
}

export interface TcpSocket {
  readonly port: number | string;
  readonly host?: string;
}

export interface Probe extends Handler {
  readonly timeoutSeconds?: number;
}

export interface Lifecycle {
  readonly postStart?: Handler;
  readonly preStop?: Handler;
}

export interface SecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
}

/** Reads a tree that kube's decoder has accepted as a Pod. */
export function podOf(tree: JsonObject): Pod {
  return tree as Pod;
}

/** The same pod, or a part of it, as the tree it is. */
export function treeOf(part: Pod | Container): JsonObject {
  return part as unknown as JsonObject;
}

/** Reads a tree that kube's decoder has accepted as a list of containers. */
export function containersOf(tree: JsonValue | undefined): readonly Container[] {
  return Array.isArray(tree) ? (tree as unknown as readonly Container[]) : [];
}

/** Reads a tree that kube's decoder has accepted as a container. */
export function containerOf(tree: JsonObject): Container {
  return tree as unknown as Container;
}

/** The first container of this name: regular ones before init containers. */
export function findContainer(
  { containers, initContainers }: Pick<PodSpec, "containers" | "initContainers">,
  name: string,
): Container | undefined {
  return (
    (containers && containerNamed(containers, name)) ??
    (initContainers && containerNamed(initContainers, name))
  );
}

/** So many containers are looked through faster than a map of them is made. */
const fewContainers = 16;

/** As {@link findContainer}, for a pod of which many containers are looked for. */
export function containersByName(
  spec: Pick<PodSpec, "containers" | "initContainers">,
): (name: string) => Container | undefined {
  const { containers = [], initContainers = [] } = spec;
  if (containers.length + initContainers.length <= fewContainers) return (name) => findContainer(spec, name);
  const first = new Map<string, Container>();
  for (const list of [containers, initContainers])
    for (const container of list) if (!first.has(container.name)) first.set(container.name, container);
  return (name) => first.get(name);
}

function containerNamed(containers: readonly Container[], name: string): Container | undefined {
  for (const container of containers) if (container.name === name) return container;
  return undefined;
}
