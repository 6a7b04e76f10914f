import { isObject, memberOf } from "../../json/index.js";
import { InterceptionError } from "../interception-error.js";

/** The texts under the keys of labels or annotations. */
export type Texts = Pick<ReadonlyMap<string, string>, "get" | "has" | typeof Symbol.iterator>;

/** Reads the texts of an object where they lie: of hundreds of annotations few are ever asked for. */
class TextsOf implements Texts {
  constructor(private readonly tree: unknown) {}

  get(key: string): string | undefined {
    const text = isObject(this.tree) && Object.hasOwn(this.tree, key) ? this.tree[key] : undefined;
    return typeof text === "string" ? text : undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    const texts = new Map<string, string>();
    for (const [key, text] of Object.entries(isObject(this.tree) ? this.tree : {})) {
      if (typeof text === "string") texts.set(key, text);
    }
    return texts[Symbol.iterator]();
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function id(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

/** A port a container opens or a probe asks. */
export interface ProbeView {
  readonly kind: "livenessProbe" | "readinessProbe" | "startupProbe";
  readonly handler: "httpGet" | "tcpSocket" | "grpc" | "other";
  /** The port's number or name. */
  readonly port: string | undefined;
}

/** What interception reads of one container. */
export interface ContainerView {
  readonly name: string;
  readonly init: boolean;
  readonly args: readonly string[];
  /** Literal values only; a variable with valueFrom reads as empty, as in Istio. */
  readonly env: ReadonlyMap<string, string>;
  readonly runAsUser: number | undefined;
  readonly runAsGroup: number | undefined;
  readonly ports: ReadonlyMap<string, number>;
  readonly probes: readonly ProbeView[];
}

/** What interception reads of a pod. */
export interface PodView {
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Texts;
  readonly labels: Texts;
  readonly hostNetwork: boolean;
  readonly runAsUser: number | undefined;
  readonly runAsGroup: number | undefined;
  /** Containers first, then init containers. */
  readonly containers: readonly ContainerView[];
}

const probeKinds = ["startupProbe", "readinessProbe", "livenessProbe"] as const;
const handlers = ["httpGet", "tcpSocket", "grpc"] as const;

function probesOf(container: unknown): readonly ProbeView[] {
  const probes: ProbeView[] = [];
  for (const kind of probeKinds) {
    const probe = memberOf(container, kind);
    if (!isObject(probe)) continue;
    const handler = handlers.find((name) => isObject(memberOf(probe, name))) ?? "other";
    const port = memberOf(memberOf(probe, handler), "port");
    probes.push({
      kind,
      handler,
      port: typeof port === "string" || typeof port === "number" ? String(port) : undefined,
    });
  }
  return probes;
}

function named(value: unknown): string {
  const name = memberOf(value, "name");
  return typeof name === "string" ? name : "";
}

/** A container that is read as far as it is asked: one with thousands of variables costs nothing until somebody wants them. */
class LazyContainer implements ContainerView {
  readonly name: string;
  #env: ReadonlyMap<string, string> | undefined;
  #ports: ReadonlyMap<string, number> | undefined;
  #probes: readonly ProbeView[] | undefined;

  constructor(
    private readonly tree: unknown,
    readonly init: boolean,
  ) {
    this.name = named(tree);
  }

  get args(): readonly string[] {
    const args = list(memberOf(this.tree, "args"));
    return areTexts(args) ? args : args.filter((word) => typeof word === "string");
  }

  get env(): ReadonlyMap<string, string> {
    this.#env ??= envOf(this.tree);
    return this.#env;
  }

  get runAsUser(): number | undefined {
    return id(memberOf(memberOf(this.tree, "securityContext"), "runAsUser"));
  }

  get runAsGroup(): number | undefined {
    return id(memberOf(memberOf(this.tree, "securityContext"), "runAsGroup"));
  }

  get ports(): ReadonlyMap<string, number> {
    this.#ports ??= portsOf(this.tree);
    return this.#ports;
  }

  get probes(): readonly ProbeView[] {
    this.#probes ??= probesOf(this.tree);
    return this.#probes;
  }
}

function areTexts(list: readonly unknown[]): list is readonly string[] {
  for (const item of list) if (typeof item !== "string") return false;
  return true;
}

function envOf(container: unknown): ReadonlyMap<string, string> {
  const env = new Map<string, string>();
  for (const variable of list(memberOf(container, "env"))) {
    const [name, value] = [memberOf(variable, "name"), memberOf(variable, "value")];
    if (typeof name === "string") env.set(name, typeof value === "string" ? value : "");
  }
  return env;
}

function portsOf(container: unknown): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const port of list(memberOf(container, "ports"))) {
    const number = id(memberOf(port, "containerPort"));
    const name = memberOf(port, "name");
    if (number !== undefined)
      ports.set(typeof name === "string" && name !== "" ? name : String(number), number);
  }
  return ports;
}

/**
 * Reads a pod, or the pod template of a workload, from parsed JSON. What is missing or of a wrong type reads as absent.
 * @throws InterceptionError `pod-invalid` if the value is no object with a `spec`.
 */
export function viewPod(value: unknown): PodView {
  const pod = memberOf(value, "kind") === "Pod" ? value : podTemplate(value);
  const spec = memberOf(pod, "spec");
  if (!isObject(spec)) throw new InterceptionError("pod-invalid", "this is not a pod: it has no spec");
  const metadata = memberOf(pod, "metadata");
  const security = memberOf(spec, "securityContext");
  const namespace = memberOf(metadata, "namespace");
  const containers: ContainerView[] = [];
  for (const container of list(memberOf(spec, "containers")))
    containers.push(new LazyContainer(container, false));
  for (const container of list(memberOf(spec, "initContainers")))
    containers.push(new LazyContainer(container, true));
  return {
    name: named(metadata),
    namespace: typeof namespace === "string" ? namespace : "",
    annotations: new TextsOf(memberOf(metadata, "annotations")),
    labels: new TextsOf(memberOf(metadata, "labels")),
    hostNetwork: memberOf(spec, "hostNetwork") === true,
    runAsUser: id(memberOf(security, "runAsUser")),
    runAsGroup: id(memberOf(security, "runAsGroup")),
    containers,
  };
}

function podTemplate(value: unknown): unknown {
  const spec = memberOf(value, "spec");
  const template =
    memberOf(spec, "template") ?? memberOf(memberOf(memberOf(spec, "jobTemplate"), "spec"), "template");
  return template === undefined ? value : template;
}

/** The first container of that name. */
export function containerNamed(pod: PodView, name: string): ContainerView | undefined {
  for (const container of pod.containers) if (container.name === name) return container;
  return undefined;
}

/** Name and namespace of a pod or workload; empty where it has none. @throws InterceptionError `pod-invalid`. */
export function viewPodName(value: unknown): { name: string; namespace: string } {
  const { name, namespace } = viewPod(value);
  return { name, namespace };
}
