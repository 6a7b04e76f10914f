import {
  type ConfigSource,
  type FileSourceEvents,
  ReloadError,
  type SourceTexts,
  sameTexts,
} from "../config/index.js";
import type { JsonObject } from "../json/index.js";
import type { LogFields } from "../telemetry/index.js";
import type { ApiClient } from "./api-client.js";
import { clusterTexts, type Warnings } from "./cluster-texts.js";
import {
  configMapResource,
  namespaceResource,
  nodeResource,
  proxyConfigResource,
  type Resource,
  type ResourceName,
} from "./resource.js";
import { defaultTiming, WatchedList, type WatchTiming, type WatchWorld } from "./watched-list.js";

/** What the configuration is read from. */
export interface ClusterSourceOptions {
  /** The namespace of the ConfigMaps. */
  readonly namespace: string;
  /** Keys `config` and `values`. */
  readonly injectConfigMap: string;
  /** Key `mesh`; absent: the built-in mesh config. */
  readonly meshConfigMap?: string;
  readonly proxyConfigs: boolean;
  /** Needed where sidecars are native when all Nodes can run them. */
  readonly nodes: boolean;
  /** Needed on OpenShift. */
  readonly namespaces: boolean;
  /** Milliseconds to wait for the first reading. The default is 30 seconds. */
  readonly startMs?: number;
  /** Milliseconds from the change of a ConfigMap to telling of it: two that change together are one change. */
  readonly debounceMs?: number;
  /** Milliseconds between two times that changes of other objects are told. The first of a burst is told at once. */
  readonly intervalMs?: number;
  readonly timing?: WatchTiming;
}

/** A configuration that is watched in the cluster, in the form in which files are watched. */
export interface ClusterSource extends ConfigSource {
  /** One line for each watch: what it is and how it is doing. */
  states(): readonly { readonly resource: string; readonly state: string }[];
  /** Ends all watches. */
  close(): void;
}

/**
 * Reads the configuration from the cluster and goes on watching it. @throws ReloadError `read` when it cannot be read in
 * time, or is not there
 *
 * Decided in ADR 0301.
 */
export async function openClusterSource(
  client: ApiClient,
  options: ClusterSourceOptions,
  world: WatchWorld,
): Promise<ClusterSource> {
  const source = new WatchedConfiguration(client, options, world);
  try {
    await source.begin();
    return source;
  } catch (error) {
    source.close();
    throw error;
  }
}

const startMs = 30_000;
const debounceMs = 100;
// Whoever may write one ProxyConfig may write it a thousand times a second. A change costs each process one or two
// milliseconds in a large cluster, so four a second are less than one hundredth of its time, and nobody sees the wait.
const intervalMs = 250;

class WatchedConfiguration implements ClusterSource {
  readonly #options: ClusterSourceOptions;
  readonly #world: WatchWorld;
  readonly #lists: ReadonlyMap<ResourceName, WatchedList>;
  #said = new Set<string>();
  #texts: SourceTexts | undefined;
  #wake: (() => void) | undefined;
  #events: FileSourceEvents | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The timer waits for the ConfigMaps. */
  #awaitsTexts = false;
  /** By the clock of the world. */
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(client: ApiClient, options: ClusterSourceOptions, world: WatchWorld) {
    this.#options = options;
    this.#world = world;
    const { timing = defaultTiming } = options;
    this.#lists = new Map(
      resourcesOf(options).map((resource) => [
        resource.name,
        new WatchedList(resource, client, world, () => this.#changed(resource.name), timing),
      ]),
    );
  }

  get texts(): SourceTexts {
    if (this.#texts === undefined) throw new Error("the source has not begun");
    return this.#texts;
  }

  /** Waits until every list has been read, or is known not to be readable. */
  async begin(): Promise<void> {
    const end = Date.now() + (this.#options.startMs ?? startMs);
    while (this.#waitingFor() !== undefined) {
      const left = end - Date.now();
      if (left <= 0) throw this.#lateError();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#texts = this.#read();
  }

  watch(events: FileSourceEvents) {
    this.#events = events;
    // What changed between the first reading and now.
    this.#tellIn(this.#options.debounceMs ?? debounceMs);
    return {
      check: async () => this.#tell(),
      close: () => this.close(),
    };
  }

  states() {
    return [...this.#lists.values()].map(({ resource, state }) => ({
      resource: resource.title,
      state: "error" in state ? `${state.kind}: ${messageOf(state.error)}` : state.kind,
    }));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#events = undefined;
    for (const list of this.#lists.values()) list.close();
  }

  #waitingFor(): WatchedList | undefined {
    return [...this.#lists.values()].find(
      ({ state }) => state.kind === "starting" || state.kind === "failing",
    );
  }

  #lateError(): ReloadError {
    const list = this.#waitingFor();
    const state = list?.state;
    const why = state !== undefined && "error" in state ? messageOf(state.error) : "no answer";
    return new ReloadError(
      "read",
      `cannot read ${list?.resource.title} in time: ${why}`,
      {},
      {
        cause: state !== undefined && "error" in state ? state.error : undefined,
      },
    );
  }

  #changed(name: ResourceName): void {
    this.#wake?.();
    if (this.#events === undefined || this.#awaitsTexts) return;
    if (name === "inject-configmap" || name === "mesh-configmap") {
      this.#awaitsTexts = true;
      this.#tellIn(this.#options.debounceMs ?? debounceMs);
    } else if (this.#timer === undefined) this.#tellIn(this.#untilNextTelling());
  }

  /** Never longer than an interval, whatever the clock does. */
  #untilNextTelling(): number {
    const interval = this.#options.intervalMs ?? intervalMs;
    const left = this.#toldAt + interval - this.#world.now();
    return Math.max(0, Math.min(left, interval));
  }

  #tellIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), ms);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#awaitsTexts = false;
    if (this.#events === undefined) return;
    try {
      const texts = this.#read();
      // Saying the same again costs nothing.
      if (this.#texts === undefined || !sameTexts(texts, this.#texts)) this.#toldAt = this.#world.now();
      this.#texts = texts;
      this.#events.onChange(texts);
    } catch (error) {
      if (!(error instanceof ReloadError)) throw error;
      this.#events.onError(error);
    }
  }

  #read(): SourceTexts {
    const inject = this.#required("inject-configmap");
    const mesh = this.#lists.get("mesh-configmap");
    const warnings = new Map<string, () => void>();
    const log = { warn: (message: string, fields: LogFields = {}) => this.#warn(warnings, message, fields) };
    this.#sayDenied(log);
    const denied = inject.state;
    if (denied.kind === "denied" && inject.objects.length === 0)
      throw new ReloadError("read", denied.error.message, {}, { cause: denied.error });
    const texts = clusterTexts(
      {
        injectTitle: inject.resource.title,
        injectConfigMap: inject.objects[0],
        ...(mesh === undefined ? {} : { meshTitle: mesh.resource.title, meshConfigMap: mesh.objects[0] }),
        objects: this.#objects("proxyconfigs", "nodes", "namespaces"),
      },
      log,
      this.#texts?.mesh,
    );
    this.#sayNew(warnings);
    return texts;
  }

  #required(name: ResourceName): WatchedList {
    const list = this.#lists.get(name);
    if (list === undefined) throw new Error(`${name} is not watched`);
    return list;
  }

  #objects(...names: readonly ResourceName[]): JsonObject[] {
    return names.flatMap((name) => [...(this.#lists.get(name)?.objects ?? [])]);
  }

  /** What may not be read, or is no kind of this cluster: it works without, but not in the same way. */
  #sayDenied(log: Warnings): void {
    for (const { resource, state } of this.#lists.values()) {
      if (state.kind !== "denied") continue;
      const missing = state.error.status === 404;
      log.warn(missing ? "the cluster does not know this kind" : "this may not be read", {
        resource: resource.title,
        effect: effectOf(resource.name),
      });
    }
  }

  #warn(warnings: Map<string, () => void>, message: string, fields: LogFields): void {
    warnings.set(JSON.stringify([message, fields]), () => this.#world.log.warn(message, fields));
  }

  /** Every reading finds the same things odd: each is said when it is new. */
  #sayNew(warnings: ReadonlyMap<string, () => void>): void {
    for (const [key, say] of warnings) if (!this.#said.has(key)) say();
    this.#said = new Set(warnings.keys());
  }
}

function resourcesOf(options: ClusterSourceOptions): Resource[] {
  const { namespace, injectConfigMap, meshConfigMap, proxyConfigs, nodes, namespaces } = options;
  return [
    configMapResource("inject-configmap", namespace, injectConfigMap),
    ...(meshConfigMap === undefined ? [] : [configMapResource("mesh-configmap", namespace, meshConfigMap)]),
    ...(proxyConfigs ? [proxyConfigResource] : []),
    ...(nodes ? [nodeResource] : []),
    ...(namespaces ? [namespaceResource] : []),
  ];
}

function effectOf(name: ResourceName): string | undefined {
  switch (name) {
    case "inject-configmap":
      return "there is no configuration";
    case "mesh-configmap":
      return "the built-in mesh config is used";
    case "proxyconfigs":
      return "ProxyConfigs have no effect";
    case "nodes":
      return "sidecars are not native unless a pod asks for it";
    case "namespaces":
      return "user ids of OpenShift are not known, 1337 is used";
    default:
      return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
