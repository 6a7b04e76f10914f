import type { FastifyInstance } from "fastify";
import type { CheckedKeyPair } from "../certificates/index.js";
import {
  type ConfigSource,
  type FileWatch,
  KeyPairHolder,
  type LiveSnapshot,
  openFileSource,
  SnapshotHolder,
} from "../config/index.js";
import type { Log, LogLevel, Metrics } from "../telemetry/index.js";
import { type IdentitySource, openIdentity } from "./certificate-files.js";
import { shakeHands } from "./handshake.js";
import { listenOn } from "./listen-on.js";
import { plainApp } from "./plain-app.js";
import type { Check } from "./readiness.js";
import type { ServingIdentity } from "./serving.js";
import type { TlsPolicy } from "./tls-policy.js";
import type { WebhookOptions } from "./webhook-options.js";

/** Those who serve, as the manager sees them: one process, or several workers. */
export interface Servers {
  /** Starts them. Resolves when all listen. @param ready what `/ready` on the TLS port answers by */
  start(live: LiveSnapshot, identity: ServingIdentity, ready: readonly Check[]): Promise<void>;
  /** Where they listen, after start. */
  address(): { readonly address: string; readonly port: number };
  /** Resolves when the configuration is live in all of them. Rejects when one refuses it. */
  configure(live: LiveSnapshot): Promise<void>;
  /** Resolves when all of them show the new certificate. */
  identify(identity: ServingIdentity): Promise<void>;
  drain(): void;
  close(graceMs: number): Promise<void>;
  setLogLevel(level: LogLevel): void;
  /** Their part of the metrics page. */
  metricsText(): Promise<string>;
  readonly checks: readonly Check[];
}

/** What the manager needs of the world. */
export interface ManagerWorld {
  readonly log: Log;
  readonly metrics: Metrics & { readonly contentType: string };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Opens the source of the configuration; absent: the files of the options. */
  readonly openSource?: () => Promise<ConfigSource>;
}

/**
 * The side that reads: configuration and certificate from their sources, metrics and probes on the plain port. It
 * hands what it has checked to those who serve, and tells whether they are ready.
 */
export class Manager {
  readonly #options: WebhookOptions;
  readonly #world: ManagerWorld;
  readonly #policy: TlsPolicy;
  readonly #servers: Servers;
  readonly #holder: SnapshotHolder;
  readonly #pairs: KeyPairHolder;
  readonly #identities: IdentitySource;
  readonly #plain: FastifyInstance;
  readonly #source: ConfigSource;
  readonly #watches: FileWatch[] = [];
  #generation = 0;
  #handshake = "not tried yet";
  #handshakeOk = false;
  #draining = false;

  private constructor(
    options: WebhookOptions,
    world: ManagerWorld,
    policy: TlsPolicy,
    parts: {
      source: ConfigSource;
      holder: SnapshotHolder;
      pairs: KeyPairHolder;
      identities: IdentitySource;
      servers: Servers;
    },
  ) {
    this.#options = options;
    this.#world = world;
    this.#policy = policy;
    this.#servers = parts.servers;
    this.#source = parts.source;
    this.#holder = parts.holder;
    this.#pairs = parts.pairs;
    this.#identities = parts.identities;
    this.#plain = plainApp({
      live: [{ name: "process", run: () => ({ ok: true, detail: `runs as ${process.pid}` }) }],
      ready: this.checks(),
      metrics: { contentType: world.metrics.contentType, text: () => parts.servers.metricsText() },
      setLogLevel: (level) => {
        world.log.setLevel(level);
        parts.servers.setLogLevel(level);
      },
    });
  }

  /**
   * Reads and checks everything, starts those who serve, and shakes hands with them.
   *
   * @throws ReloadError, CertificateError, ServerError or the system's error: at start everything that is wrong is fatal
   */
  static async start(
    options: WebhookOptions,
    world: ManagerWorld,
    policy: TlsPolicy,
    servers: Servers,
  ): Promise<Manager> {
    const { log, metrics, now } = world;
    const source: ConfigSource = await (world.openSource?.() ?? openFileSource(options.files));
    let manager: Manager | undefined;
    try {
      const identities = await openIdentity(options, now(), log);
      const pairs = new KeyPairHolder(identities.identity.pair, { names: options.serverNames, ...world });
      const holder = new SnapshotHolder(source.texts, { settings: options.settings, ...world });
      manager = new Manager(options, world, policy, { source, holder, pairs, identities, servers });
      await listenOn(manager.#plain.server, await manager.#monitoring());
      await servers.start(holder.live, identities.identity, manager.checks());
      manager.#announce(holder.live);
      await manager.#shakeHands();
    } catch (error) {
      source.close?.();
      await manager?.close(0);
      throw error;
    }
    manager.#watch();
    const { version, istio } = options.build;
    metrics.set("pillion_build_info", 1, { version, istio, node: process.version });
    return manager;
  }

  async #monitoring() {
    await this.#plain.ready();
    return this.#options.monitoring;
  }

  /** Where the plain port is. */
  get monitoringPort(): number {
    const address = this.#plain.server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** The certificate in use. */
  get certificate(): CheckedKeyPair {
    return this.#pairs.current;
  }

  /** What must hold for `/ready`. */
  checks(): readonly Check[] {
    return [
      { name: "configuration", run: () => this.#configurationCheck() },
      { name: "certificate", run: () => this.#certificateCheck() },
      { name: "tls-handshake", run: () => ({ ok: this.#handshakeOk, detail: this.#handshake }) },
      { name: "drain", run: () => ({ ok: !this.#draining, detail: this.#draining ? "is ending" : "none" }) },
      ...this.#watchChecks(),
      ...this.#servers.checks,
    ];
  }

  /** A watch that fails is no reason to refuse pods: what it last told serves them. */
  #watchChecks(): readonly Check[] {
    const source = this.#source;
    const states = source.states?.bind(source);
    if (states === undefined) return [];
    const detail = () =>
      states()
        .map(({ resource, state }) => `${resource}: ${state}`)
        .join("; ");
    return [{ name: "watches", run: () => ({ ok: true, detail: detail() }) }];
  }

  /** From now on it is unready, and answers tell clients to go elsewhere. */
  drain(): void {
    this.#draining = true;
    this.#servers.drain();
  }

  /** Ends: what serves first, the plain port last. */
  async close(graceMs: number): Promise<void> {
    for (const watch of this.#watches) watch.close();
    this.#source.close?.();
    await this.#servers.close(graceMs);
    this.#plain.server.closeAllConnections();
    await this.#plain.close();
  }

  /** Reads all sources now, without waiting for an event. */
  async check(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.check()));
  }

  #watch(): void {
    const timing = this.#options.watch;
    this.#holder.onChange((live) => void this.#configure(live));
    this.#watches.push(
      this.#source.watch(
        {
          onChange: (texts) => void this.#holder.offer(texts),
          onError: (error) => this.#holder.refuse(error),
        },
        timing,
      ),
      this.#identities.watch(
        {
          onChange: (identity) => this.#offerIdentity(identity),
          onError: (error) => this.#pairs.refuse(error),
        },
        timing,
      ),
    );
  }

  async #configure(live: LiveSnapshot): Promise<void> {
    try {
      await this.#servers.configure(live);
      this.#announce(live);
    } catch (error) {
      this.#holder.refuse(error);
    }
  }

  #announce({ generation }: LiveSnapshot): void {
    this.#generation = Math.max(this.#generation, generation);
    this.#world.metrics.set("pillion_config_generation", this.#generation);
  }

  #offerIdentity(identity: ServingIdentity): void {
    if (!this.#pairs.offer(identity.pair)) return;
    this.#servers
      .identify(identity)
      .then(() => this.#shakeHands())
      // The pair was sound, so this is not about the pair; `/ready` tells, and the next change tries again.
      .catch((error: unknown) =>
        this.#world.log.error("the new certificate is not shown", { error: String(error) }),
      );
  }

  async #shakeHands(): Promise<void> {
    const { address, port } = this.#servers.address();
    const { ecdhCurve } = this.#policy;
    try {
      await shakeHands({
        host: address === "::" ? "::1" : address === "0.0.0.0" ? "127.0.0.1" : address,
        port,
        fingerprint: this.#pairs.current.info.fingerprint,
        timeoutMs: this.#options.timeouts.handshake,
        ...(ecdhCurve === undefined ? {} : { ecdhCurve }),
      });
      this.#handshakeOk = true;
      this.#handshake = `done on port ${port}`;
    } catch (error) {
      this.#handshakeOk = false;
      this.#handshake = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  #configurationCheck(): { ok: boolean; detail: string } {
    const { live, failure } = this.#holder;
    const since = new Date(live.since).toISOString();
    const state =
      this.#generation === live.generation
        ? `generation ${live.generation} in use since ${since}`
        : `generation ${live.generation} is on its way, ${this.#generation} in use`;
    // A change that was refused is no reason to refuse pods: the last good configuration serves them.
    const refused =
      failure === undefined
        ? ""
        : `; a change was refused at ${new Date(failure.at).toISOString()} (${failure.stage}): ${failure.message.replaceAll("\n", " ")}`;
    return { ok: this.#generation > 0, detail: `${state}${refused}` };
  }

  #certificateCheck(): { ok: boolean; detail: string } {
    const { info } = this.#pairs.current;
    const ends = new Date(info.notAfter).toISOString();
    const failure = this.#pairs.failure;
    const refused = failure === undefined ? "" : `; a newer one was refused: ${failure}`;
    const ok = this.#world.now() <= info.notAfter;
    return { ok, detail: `${ok ? "valid until" : "ended at"} ${ends}${refused}` };
  }
}
