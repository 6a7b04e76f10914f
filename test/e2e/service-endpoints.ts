import type { ControlPlane } from "./control-plane/control-plane.js";
import type { Replica } from "./replica.js";

/**
 * The Service's endpoints as kubelets and the controller keep them, which do not run here: each replica is among them
 * while its probe succeeds, and one that is about to be killed is taken out first, as a pod that is deleted is.
 */
export class ServiceEndpoints {
  readonly #plane: ControlPlane;
  readonly #replicas: readonly Replica[];
  readonly #leaving = new Set<Replica>();
  readonly #told = new Map<Replica, boolean>();
  #running = true;
  readonly #ended: Promise<void>;

  constructor(plane: ControlPlane, replicas: readonly Replica[]) {
    this.#plane = plane;
    this.#replicas = replicas;
    this.#ended = this.#run();
  }

  /** Takes a replica out, and waits until the API server calls it no more. */
  async leave(replica: Replica): Promise<void> {
    this.#leaving.add(replica);
    await this.#probe(replica);
    // Calls that were on their way; connections that stay open for later ones are closed by whoever ends.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  /** Lets it in again as soon as it is ready. */
  join(replica: Replica): void {
    this.#leaving.delete(replica);
  }

  /** Which replicas are called now. */
  get ready(): readonly Replica[] {
    return this.#replicas.filter((replica) => this.#told.get(replica) === true);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      for (const replica of this.#replicas) await this.#probe(replica);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #probe(replica: Replica): Promise<void> {
    const ready = !this.#leaving.has(replica) && (await replica.ready());
    if (this.#told.get(replica) === ready) return;
    const { address } = this.#plane.environment;
    await this.#plane.apply({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `pillion-${replica.name}`,
        namespace: "istio-system",
        labels: { "kubernetes.io/service-name": "pillion" },
      },
      addressType: "IPv4",
      endpoints: [{ addresses: [address], conditions: { ready } }],
      ports: [{ name: "https-webhook", port: replica.port, protocol: "TCP" }],
    });
    this.#told.set(replica, ready);
  }
}
