import { onTestFinished } from "vitest";
import type { ControlPlane } from "./control-plane/control-plane.js";
import { type Pod, type PodOptions, podOf, proxyOf } from "./objects.js";

/** One creation that went wrong. */
export interface Fault {
  /** Milliseconds since 1970. */
  readonly sent: number;
  readonly answered: number;
  readonly what: string;
}

/** What a {@link CreationLoop} does otherwise than usual. */
export interface CreationLoopOptions {
  /** What the pod with this number says beside its name. */
  readonly pod?: (index: number) => PodOptions;
  /** Their names, before the number. */
  readonly prefix?: string;
  /** Milliseconds between two pods; absent: 5. */
  readonly pauseMs?: number;
  /** Looks at a pod with one proxy, and says what else is wrong with it. */
  readonly look?: (pod: Pod) => string | undefined;
}

/**
 * Creates pods one after the other until it is stopped, at the latest by the end of the test, tries none again, and keeps
 * everything that was wrong.
 */
export class CreationLoop {
  readonly faults: Fault[] = [];
  readonly names: string[] = [];
  /** The pod that came back last. */
  latest: Pod | undefined;
  readonly #plane: ControlPlane;
  readonly #options: CreationLoopOptions;
  #running = true;
  readonly #ended: Promise<void>;

  constructor(plane: ControlPlane, options: CreationLoopOptions = {}) {
    this.#plane = plane;
    this.#options = options;
    this.#ended = this.#run();
    onTestFinished(() => this.stop());
  }

  /** How many were sent. */
  get count(): number {
    return this.names.length;
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      const sent = Date.now();
      const what = await this.#create().catch((error: unknown) => String(error));
      if (what !== undefined) this.faults.push({ sent, answered: Date.now(), what });
      // Two cores are shared with the API server and what is tested.
      await new Promise((resolve) => setTimeout(resolve, this.#options.pauseMs ?? 5));
    }
  }

  async #create(): Promise<string | undefined> {
    const { pod: optionsOf, prefix = "looped", look } = this.#options;
    const options = { namespace: "mesh", ...optionsOf?.(this.count) };
    const name = `${prefix}-${this.count}`;
    this.names.push(name);
    const { status, text } = await createPod(this.#plane, name, options);
    if (status !== 201) return `${name}: ${status}: ${text.slice(0, 500)}`;
    const pod = JSON.parse(text) as Pod;
    const wrong = faultOf(pod) ?? look?.(pod);
    this.latest = pod;
    return wrong === undefined ? undefined : `${name}: ${wrong}`;
  }
}

/** Creates a pod in dry run. */
export function createPod(
  plane: ControlPlane,
  name: string,
  options: PodOptions & { readonly namespace: string },
) {
  return plane.request(
    "POST",
    `/api/v1/namespaces/${options.namespace}/pods?dryRun=All`,
    podOf(name, options),
  );
}

/** What must hold of every pod. */
function faultOf(pod: Pod): string | undefined {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const proxies = containers.filter(({ name }) => name === "istio-proxy").length;
  if (proxies !== 1) return `${proxies} proxies`;
  return proxyOf(pod)?.image === undefined ? "a proxy without an image" : undefined;
}
