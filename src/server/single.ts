import type { LiveSnapshot } from "../config/index.js";
import type { Log, PrometheusMetrics } from "../telemetry/index.js";
import type { ReviewHandler } from "./inject-handler.js";
import type { Check } from "./readiness.js";
import { ServerError } from "./server-error.js";
import type { Servers } from "./servers.js";
import { Serving, type ServingIdentity } from "./serving.js";
import type { TlsPolicy } from "./tls-policy.js";
import type { WebhookOptions } from "./webhook-options.js";

/** What a process that serves needs of the world. */
export interface ServingWorld {
  readonly log: Log;
  readonly metrics: PrometheusMetrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
  /** What answers reviews. */
  readonly review: ReviewHandler;
}

/** Serves in the manager's own process. */
export class SingleServer implements Servers {
  readonly #options: WebhookOptions;
  readonly #policy: TlsPolicy;
  readonly #world: ServingWorld;
  readonly checks: readonly Check[] = [];
  // Who asks is answered by the event loop that serves, or not at all.
  readonly liveChecks: readonly Check[] = [];
  #serving: Serving | undefined;
  #live: LiveSnapshot | undefined;

  /** @param ready what `/ready` on the TLS port answers by */
  constructor(options: WebhookOptions, policy: TlsPolicy, world: ServingWorld) {
    this.#options = options;
    this.#policy = policy;
    this.#world = world;
  }

  async start(live: LiveSnapshot, identity: ServingIdentity, ready: readonly Check[]): Promise<void> {
    this.#live = live;
    const { https: address, timeouts, limits } = this.#options;
    this.#serving = new Serving({
      ...this.#world,
      address,
      timeouts,
      limits,
      identity,
      policy: this.#policy,
      live: () => this.#live ?? live,
      checks: ready,
    });
    await this.#serving.listen();
  }

  address() {
    return this.#started().address;
  }

  async configure(live: LiveSnapshot): Promise<void> {
    this.#live = live;
  }

  async identify(identity: ServingIdentity): Promise<void> {
    this.#started().swap(identity);
  }

  drain(): void {
    this.#serving?.drain();
  }

  async close(graceMs: number): Promise<void> {
    await this.#serving?.close(graceMs);
  }

  setLogLevel(): void {
    // The manager has the same log.
  }

  metricsText(): Promise<string> {
    return this.#world.metrics.text();
  }

  #started(): Serving {
    if (this.#serving === undefined) throw new ServerError("listen-failed", "the server was not started");
    return this.#serving;
  }
}
