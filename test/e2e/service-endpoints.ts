import type { ControlPlane } from "./control-plane/control-plane.js";
import type { Replica } from "./replica.js";

/** A place that the Service `pillion` leads to. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly ready: boolean;
}

/**
 * The objects that say where the Service `pillion` leads to, an EndpointSlice for each name. API servers call by them from
 * Kubernetes 1.34 on; older ones by the Endpoints, which is the last of the objects.
 */
export function endpointObjects(endpoints: Readonly<Record<string, Endpoint>>): readonly object[] {
  const namespace = "istio-system";
  const labels = { "kubernetes.io/service-name": "pillion" };
  const name = "https-webhook";
  return [
    ...Object.entries(endpoints).map(([slice, { address, port, ready }]) => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: slice, namespace, labels },
      addressType: "IPv4",
      endpoints: [{ addresses: [address], conditions: { ready } }],
      ports: [{ name, port, protocol: "TCP" }],
    })),
    {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name: "pillion", namespace },
      subsets: Object.values(endpoints)
        .filter(({ ready }) => ready)
        .map(({ address, port }) => ({ addresses: [{ ip: address }], ports: [{ name, port }] })),
    },
  ];
}

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
  #turn: Promise<void> = Promise.resolve();
  readonly #ended: Promise<void>;

  constructor(plane: ControlPlane, replicas: readonly Replica[]) {
    this.#plane = plane;
    this.#replicas = replicas;
    this.#ended = this.#run();
    // Who stops it hears of it.
    this.#ended.catch(() => {});
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

  /** One after the other: each writes down all of them. */
  #probe(replica: Replica): Promise<void> {
    const turn = this.#turn.then(() => this.#tell(replica));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #tell(replica: Replica): Promise<void> {
    const ready = !this.#leaving.has(replica) && (await replica.ready());
    if (this.#told.get(replica) === ready) return;
    const now = new Map(this.#told).set(replica, ready);
    const { address } = this.#plane.environment;
    const endpoints = [...now].map(([{ name, port }, isReady]): [string, Endpoint] => [
      `pillion-${name}`,
      { address, port, ready: isReady },
    ]);
    await this.#plane.apply(...endpointObjects(Object.fromEntries(endpoints)));
    this.#told.set(replica, ready);
  }
}
