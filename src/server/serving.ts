import type { AddressInfo } from "node:net";
import type { SecureContextOptions } from "node:tls";
import type { FastifyInstance } from "fastify";
import type { KeyPair } from "../certificates/index.js";
import type { LiveSnapshot } from "../config/index.js";
import type { Log, Metrics } from "../telemetry/index.js";
import { atMost } from "./at-most.js";
import { BodyStore } from "./bodies/body-store.js";
import { Connections } from "./connections.js";
import { Gate, type GateLimits } from "./gate.js";
import { type ClientTimeouts, httpsApp } from "./https-app.js";
import { injectHandler, type ReviewHandler } from "./inject-handler.js";
import { type ListenAddress, listenOn } from "./listen-on.js";
import type { Check } from "./readiness.js";
import { ServerError } from "./server-error.js";
import { takePending } from "./take-pending.js";
import type { TlsPolicy } from "./tls-policy.js";

/** A certificate to serve with, and whom clients must be certified by. */
export interface ServingIdentity {
  readonly pair: KeyPair;
  /** PEM; absent when clients need no certificate. */
  readonly clientAuthority?: string;
}

/** What a serving process is made of. */
export interface ServingOptions {
  readonly address: ListenAddress;
  readonly identity: ServingIdentity;
  readonly policy: TlsPolicy;
  readonly timeouts: ClientTimeouts;
  readonly limits: GateLimits;
  readonly live: () => Pick<LiveSnapshot, "snapshot">;
  readonly checks: readonly Check[];
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
  /** See `InjectHandlerOptions`. */
  readonly review?: ReviewHandler;
}

// A client that has connected shakes hands and sends its request at once; one that does not is not waited for longer.
const greetingMs = 2000;

/** The HTTPS side of one process: listens, answers, swaps its certificate, goes away in order. */
export class Serving {
  readonly #options: ServingOptions;
  readonly #app: FastifyInstance;
  readonly #gate: Gate;
  readonly #connections: Connections;
  #draining = false;

  constructor(options: ServingOptions) {
    this.#options = options;
    const { limits, metrics, ticks } = options;
    this.#gate = new Gate(limits.requests, (requests) => metrics.set("pillion_requests_in_flight", requests));
    const { clientAuthority } = options.identity;
    const handler = injectHandler({
      ...options,
      gate: this.#gate,
      bodies: new BodyStore({ bytes: limits.bytes, ticks }),
      clientCertificate: clientAuthority !== undefined,
      bodyTimeoutMs: options.timeouts.body,
    });
    this.#app = httpsApp({
      ...options,
      secure: this.#context(options.identity),
      requestCertificate: clientAuthority !== undefined,
      handler,
      draining: () => this.#draining,
    });
    this.#connections = new Connections(this.#app.server, {
      // A client of HTTP/1.1 has a connection for each of its requests.
      limit: limits.requests + limits.connections,
      ticks,
      onCount: (connections) => metrics.set("pillion_connections", connections),
      onEvict: () => metrics.increment("pillion_connections_evicted_total"),
    });
  }

  /** @throws ServerError `listen-failed` */
  async listen(): Promise<void> {
    await this.#app.ready();
    await listenOn(this.#app.server, this.#options.address);
  }

  /** Where it listens. */
  get address(): AddressInfo {
    const address = this.#app.server.address();
    if (address === null || typeof address === "string") {
      throw new ServerError("listen-failed", "the server does not listen on a port");
    }
    return address;
  }

  /** Requests under way. */
  get requests(): number {
    return this.#gate.requests;
  }

  /** New connections see the new pair; those that are open go on. */
  swap(identity: ServingIdentity): void {
    const server = this.#app.server;
    if (!("setSecureContext" in server) || typeof server.setSecureContext !== "function") {
      throw new ServerError("listen-failed", "the server does not speak TLS");
    }
    server.setSecureContext(this.#context(identity));
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** From now on every answer tells its client to connect elsewhere. */
  drain(): void {
    this.#draining = true;
  }

  /**
   * Stops listening, waits for the work under way, at most so long, and closes what is left. Whoever has connected by
   * then is still answered.
   */
  async close(graceMs: number): Promise<void> {
    const { server } = this.#app;
    const { ticks } = this.#options;
    const end = ticks() + graceMs;
    await takePending(server);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    await atMost(this.#connections.greeted(), Math.min(graceMs, greetingMs));
    await atMost(this.#gate.empty(), Math.max(0, end - ticks()));
    // The last answers are on their way; a connection that has none coming is cut.
    await atMost(closed, Math.min(graceMs, 500));
    server.closeAllConnections();
    await closed;
    await this.#app.close();
  }

  #context({ pair, clientAuthority }: ServingIdentity): SecureContextOptions {
    return {
      ...this.#options.policy,
      cert: pair.certificatePem,
      key: pair.keyPem,
      honorCipherOrder: true,
      ...(clientAuthority === undefined ? {} : { ca: clientAuthority }),
    };
  }
}
