import { webcrypto } from "node:crypto";
import {
  initialRotation,
  makeSecret,
  type Publication,
  type RotationDecision,
  type RotationObservation,
  type RotationOptions,
  type SecretPlan,
  type SecretWrite,
  type ServerTime,
  stepRotation,
} from "../../../src/certificates/index.js";
import type { VirtualCluster } from "./virtual-cluster.js";
import { VirtualNetwork } from "./virtual-network.js";
import { VirtualProcess } from "./virtual-process.js";
import type { VirtualTime } from "./virtual-time.js";
import { VirtualView } from "./virtual-view.js";

/** Ways to build the protocol wrongly, so that the simulation can show that it notices. */
export interface Mutation {
  readonly observation?: (observation: RotationObservation) => RotationObservation;
  readonly plan?: (plan: SecretPlan) => SecretPlan;
  /** Write bundles whatever the resourceVersion. */
  readonly careless?: boolean;
}

/** What replicas are made of. */
export interface ReplicaWorld {
  readonly time: VirtualTime;
  readonly cluster: VirtualCluster;
  readonly random: () => number;
  /** As of now: what costs nothing in production, and much in years, is done where it may matter. */
  readonly options: () => RotationOptions;
  /** What the clock of an API server that answers shows, milliseconds since 1970. */
  readonly serverClock: () => number;
  /** Whether the API servers' time reaches the protocol. */
  readonly tellsTime: boolean;
  readonly mutation: Mutation;
}

type Done = (ok: boolean) => void;

/**
 * One replica: the protocol with a driver that talks to the virtual cluster as that of `src/cluster/authority` does to
 * a real one.
 */
export class VirtualReplica {
  readonly #world: ReplicaWorld;
  readonly process: VirtualProcess;
  readonly network: VirtualNetwork;
  leader = false;
  #view = new VirtualView();
  #state = initialRotation();
  #serverTime: ServerTime | undefined;
  #busy = false;
  #again = false;
  #failures = 0;
  #turns = 0;

  /** @param wallOffset how far the wall clock is off, milliseconds */
  constructor(world: ReplicaWorld, wallOffset: number) {
    const { cluster, time, random } = world;
    this.#world = world;
    this.process = new VirtualProcess(time, random, wallOffset);
    this.network = new VirtualNetwork(time, random, this.process);
    // What is told is what was there when it was told; versions keep the order of what arrives.
    cluster.onSecret(() => {
      const { secret } = cluster;
      this.#hear(() => this.#view.takeSecret(secret, undefined));
    });
    cluster.onWebhooks(() => {
      const { webhooks } = cluster;
      this.#hear(() => this.#view.takeWebhooks(webhooks, undefined));
    });
  }

  /** What the process knows. */
  get view(): VirtualView {
    return this.#view;
  }

  start(): void {
    this.process.start();
    this.#view = new VirtualView();
    this.#state = initialRotation();
    this.#serverTime = undefined;
    this.#busy = false;
    this.#again = false;
    this.#failures = 0;
    this.look();
  }

  kill(): void {
    this.process.kill();
    this.leader = false;
  }

  setLeader(leader: boolean): void {
    this.leader = leader && this.process.alive;
    this.look();
  }

  /** The driver looks, as it does by itself from time to time. */
  look(): void {
    this.process.bind(() => this.#turn())();
  }

  /** A watch was broken and comes back: everything is read again. */
  reconnect(): void {
    this.#read(["secret", "webhooks"], () => undefined);
  }

  /** What the replica would answer if it were asked now. */
  probe(): RotationDecision {
    return stepRotation(this.#state, this.#observe(), this.#world.options()).decision;
  }

  /** Asks the replica: the answer is a step like any other. */
  ask(): RotationDecision {
    const { state, decision } = stepRotation(this.#state, this.#observe(), this.#world.options());
    this.#state = state;
    return decision;
  }

  #observe(): RotationObservation {
    const observation: RotationObservation = {
      wall: this.process.wall,
      monotonic: this.process.monotonic,
      serverTime: this.#world.tellsTime ? this.#serverTime : undefined,
      leader: this.leader,
      secret: this.#view.secret,
      webhooks: this.#view.webhooks,
    };
    return this.#world.mutation.observation?.(observation) ?? observation;
  }

  #hear(take: () => void): void {
    this.network.tell(() => {
      take();
      this.#turn();
    });
  }

  #turn(): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    const decision = this.ask();
    this.#turns++;
    this.#turnAfter(decision.wakeAt - this.process.monotonic);
    const { read, write, publish } = decision;
    if (read.length > 0) this.#work((done) => this.#read(read, done));
    else if (write !== undefined || publish !== undefined) this.#work((done) => this.#write(decision, done));
  }

  #turnAfter(delay: number): void {
    const turn = this.#turns;
    this.process.after(delay, () => {
      if (turn === this.#turns) this.#turn();
    });
  }

  // One piece of work at a time; after a failure the next turn waits, unless an event comes first.
  #work(start: (done: Done) => void): void {
    this.#busy = true;
    start((ok) => {
      this.#busy = false;
      this.#failures = ok ? 0 : this.#failures + 1;
      const wait = ok || this.#again ? 0 : this.#failures <= 5 ? 100 : 60_000;
      this.#again = false;
      this.#turnAfter(wait);
    });
  }

  #read(what: readonly ("secret" | "webhooks")[], done: Done): void {
    const [first, ...others] = what;
    if (first === undefined) {
      done(true);
      return;
    }
    const sentAt = this.process.monotonic;
    const { cluster } = this.#world;
    const next = (ok: boolean) => (ok ? this.#read(others, done) : done(false));
    if (first === "secret") {
      const read = () => cluster.secret;
      this.#request("read", read, (answer) => {
        if (answer !== undefined) this.#view.takeSecret(answer, sentAt);
        next(answer !== undefined);
      });
    } else {
      const read = () => cluster.webhooks;
      this.#request("read", read, (answer) => {
        // What a watch told after a stop may be of the time before it.
        if (this.#state.clock.distrust !== undefined) this.#view.sawBundles.clear();
        if (answer !== undefined) this.#view.takeWebhooks(answer, sentAt);
        next(answer !== undefined);
      });
    }
  }

  // Neither waits for the other, as the decision says.
  #write({ write, publish }: RotationDecision, done: Done): void {
    const works = [
      ...(write === undefined ? [] : [(ended: Done) => this.#writeSecret(write, ended)]),
      ...(publish === undefined ? [] : [(ended: Done) => this.#publish(publish, ended)]),
    ];
    let left = works.length;
    let good = true;
    for (const work of works) {
      work((ok) => {
        good &&= ok;
        left--;
        if (left === 0) done(good);
      });
    }
  }

  #writeSecret({ resourceVersion, plan }: SecretWrite, done: Done): void {
    const { cluster, mutation } = this.#world;
    const sentAt = this.process.monotonic;
    // Certificates are made where they arrive: those of a request that is lost are nobody's.
    const write = async () => {
      const data = await makeSecret(mutation.plan?.(plan) ?? plan, webcrypto);
      return { ok: cluster.writeSecret(resourceVersion, data), secret: cluster.secret };
    };
    this.#request("write", write, (answer) => {
      if (answer?.ok === true) this.#view.takeSecret(answer.secret, sentAt);
      if (answer === undefined) done(false);
      else if (answer.ok) done(true);
      else this.#read(["secret"], done);
    });
  }

  #publish({ configurations, caBundle }: Publication, done: Done): void {
    const { cluster, mutation } = this.#world;
    const publishFrom = (index: number, stale: boolean, ok: boolean): void => {
      const target = configurations[index];
      if (target === undefined) {
        if (stale) this.#read(["webhooks"], (read) => done(ok && read));
        else done(ok);
        return;
      }
      const write = () => ({ written: cluster.publish(target, caBundle, mutation.careless !== true) });
      this.#request("write", write, (answer) => {
        if (answer?.written !== undefined) this.#view.putConfiguration(answer.written);
        const refused = answer !== undefined && answer.written === undefined;
        publishFrom(index + 1, stale || refused, ok && answer !== undefined);
      });
    };
    publishFrom(0, false, true);
  }

  #request<Answer>(
    kind: "read" | "write",
    serve: () => Answer | Promise<Answer>,
    receive: (answer: Answer | undefined) => void,
  ): void {
    const serveWithDate = async () => ({ answer: await serve(), date: this.#world.serverClock() });
    this.network.request(kind, serveWithDate, (served) => {
      if (served !== undefined) {
        this.#serverTime = { time: served.date, monotonic: this.process.monotonic };
      }
      receive(served?.answer);
    });
  }
}
