import type { ControlPlane } from "./control-plane/control-plane.js";
import { type Pod, podOf, proxyOf } from "./objects.js";

/** One creation that went wrong. */
export interface Fault {
  /** Milliseconds since 1970. */
  readonly sent: number;
  readonly answered: number;
  readonly what: string;
}

/** Creates pods one after the other until it is stopped, tries none again, and keeps everything that was wrong. */
export class CreationLoop {
  readonly faults: Fault[] = [];
  count = 0;
  readonly #plane: ControlPlane;
  readonly #path: string;
  #running = true;
  readonly #ended: Promise<void>;

  constructor(plane: ControlPlane, namespace = "mesh") {
    this.#plane = plane;
    this.#path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      const sent = Date.now();
      const what = await this.#create();
      this.count++;
      if (what !== undefined) this.faults.push({ sent, answered: Date.now(), what });
      // Two cores are shared with the API server and what is tested.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #create(): Promise<string | undefined> {
    const { status, text } = await this.#plane.request("POST", this.#path, podOf("looped"));
    if (status !== 201) return `${status}: ${text.slice(0, 500)}`;
    const pod = JSON.parse(text) as Pod;
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const proxies = containers.filter(({ name }) => name === "istio-proxy").length;
    if (proxies !== 1) return `${proxies} proxies`;
    return proxyOf(pod)?.image === undefined ? "a proxy without an image" : undefined;
  }
}
