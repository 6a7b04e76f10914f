import {
  checkKeyPair,
  defaultRotationPolicy,
  type RotationOptions,
  type RotationPolicy,
  renewalTime,
} from "../../../src/certificates/index.js";
import { host, Judge, worldClockToleranceMs, worldPropagationMs } from "./judge.js";
import { VirtualCluster } from "./virtual-cluster.js";
import { type Mutation, VirtualReplica } from "./virtual-replica.js";
import { day, hour, minute, randomFrom, second, VirtualTime } from "./virtual-time.js";

/** How a simulation is set up. */
export interface SimulationOptions {
  readonly seed: number;
  readonly policy?: Partial<RotationPolicy>;
  readonly mutation?: Mutation;
  /** Whether the protocol is told the API servers' time; without, it goes by its own wall clock. */
  readonly tellsTime?: boolean;
}

/** Three replicas, an API server of several instances, and a judge who looks on after every event. */
export class Simulation {
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly cluster: VirtualCluster;
  readonly replicas: readonly VirtualReplica[];
  readonly judge: Judge;
  readonly #options: RotationOptions;
  #alertUntil = Number.NEGATIVE_INFINITY;

  constructor({ seed, policy, mutation = {}, tellsTime = true }: SimulationOptions) {
    this.random = randomFrom(seed);
    this.time = new VirtualTime(Date.UTC(2026, 0, 1) + Math.floor(this.random() * day));
    this.cluster = new VirtualCluster(this.time, worldPropagationMs);
    this.#options = {
      names: [host],
      authorityName: "Pillion istio-system/pillion-ca",
      policy: { ...defaultRotationPolicy, ...policy },
    };
    // In quiet times what happens are events and the dates of certificates; a look each ten seconds would only cost time.
    const quiet = { ...this.#options, policy: { ...this.#options.policy, recheckMs: 12 * hour } };
    const servers = [this.#anyOffset(), this.#anyOffset(), this.#anyOffset()];
    const world = {
      time: this.time,
      cluster: this.cluster,
      random: this.random,
      options: () => (this.time.now < this.#alertUntil ? this.#options : quiet),
      // A header has whole seconds.
      serverClock: () => {
        const offset = servers[Math.floor(this.random() * servers.length)] ?? 0;
        return Math.floor((this.time.now + offset) / second) * second;
      },
      tellsTime,
      mutation,
    };
    this.replicas = servers.map(() => new VirtualReplica(world, this.#anyOffset()));
    this.judge = new Judge(this);
  }

  /** Installs: entries without a bundle, replicas that start, one that holds the Lease. */
  install(): void {
    this.cluster.addConfiguration("istio-sidecar-injector", ["rev.namespace", "rev.object"], "");
    this.cluster.addConfiguration("istio-revision-tag-stable", ["rev.namespace"], "");
    for (const replica of this.replicas) replica.start();
    this.replicas[0]?.setLeader(true);
  }

  /** Lets time pass, and judges after every event. @throws Error when a ready replica breaks the promise */
  async pass(duration: number): Promise<void> {
    await this.time.runUntil(this.time.now + duration, () => this.judge.judge(false));
    this.judge.judge(true);
  }

  /** For a while replicas look as often as in production: before something happens to a clock or a process. */
  alert(duration: number): void {
    this.#alertUntil = Math.max(this.#alertUntil, this.time.now + duration);
    for (const replica of this.replicas) replica.look();
  }

  /** Demands that all is well: everybody is ready with the same leaf, of which a third is left. */
  demandHealth(): void {
    this.judge.demandTrust();
    const { now } = this.time;
    const data = this.cluster.secret.content?.data ?? {};
    const pair = { certificatePem: data["tls.crt"] ?? "", keyPem: data["tls.key"] ?? "" };
    const { info } = checkKeyPair(pair, { now, names: [host] });
    if (now - worldClockToleranceMs > renewalTime(info) + minute) throw new Error("the leaf is overdue");
    for (const [index, replica] of this.replicas.entries()) {
      const { serve, mismatched } = replica.probe();
      if (serve?.info.fingerprint !== info.fingerprint)
        throw new Error(`replica ${index} serves another leaf`);
      if (mismatched.length > 0) throw new Error(`replica ${index} sees bundles that do not fit`);
    }
  }

  /** A replica of this number. */
  replica(index: number): VirtualReplica {
    const replica = this.replicas[index % this.replicas.length];
    if (replica === undefined) throw new Error("there are no replicas");
    return replica;
  }

  #anyOffset(): number {
    return (this.random() * 2 - 1) * 4.9 * minute;
  }
}
