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
import type { Log, Metrics } from "../telemetry/index.js";
import { type IdentitySource, openIdentity } from "./certificate-files.js";
import type { CertificateWorld } from "./certificate-world.js";
import { Connections } from "./connections.js";
import { listenOn } from "./listen-on.js";
import { certificateCheck, configurationCheck, trustChecks, watchChecks } from "./manager-checks.js";
import { OwnHandshake } from "./own-handshake.js";
import { plainApp } from "./plain-app.js";
import { type Check, runChecks } from "./readiness.js";
import type { Servers } from "./servers.js";
import type { ServingIdentity } from "./serving.js";
import type { TlsPolicy } from "./tls-policy.js";
import type { WebhookOptions } from "./webhook-options.js";

// Probes and scrapers open one or two each; idle ones in between may not keep a probe out.
const monitoringConnections = 128;

/** What the manager needs of the world. */
export interface ManagerWorld {
  readonly log: Log;
  readonly metrics: Metrics & { readonly contentType: string };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs what compiles a configuration. */
  readonly compile: <T>(work: () => T) => T;
  /** Opens the source of the configuration; absent: the files of the options. */
  readonly openSource?: () => Promise<ConfigSource>;
  /** Opens what of certificates is outside of the server; absent: nothing is. */
  readonly openCertificates?: () => Promise<CertificateWorld>;
}

/**
 * The side that reads: configuration and certificate from their sources, metrics and probes on the plain port. It
 * hands what it has checked to those who serve, and tells whether they are ready.
 */
export class Manager {
  readonly #options: WebhookOptions;
  readonly #world: ManagerWorld;
  readonly #servers: Servers;
  readonly #holder: SnapshotHolder;
  readonly #pairs: KeyPairHolder;
  readonly #identities: IdentitySource;
  readonly #certificates: CertificateWorld | undefined;
  readonly #plain: FastifyInstance;
  readonly #source: ConfigSource;
  readonly #watches: FileWatch[] = [];
  #generation = 0;
  readonly #handshake: OwnHandshake;
  #identifying: Promise<void> = Promise.resolve();
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
      certificates: CertificateWorld | undefined;
      servers: Servers;
    },
  ) {
    this.#options = options;
    this.#world = world;
    this.#handshake = new OwnHandshake(policy, options.timeouts.handshake);
    this.#servers = parts.servers;
    this.#source = parts.source;
    this.#holder = parts.holder;
    this.#pairs = parts.pairs;
    this.#identities = parts.identities;
    this.#certificates = parts.certificates;
    this.#plain = plainApp({
      live: [
        { name: "process", run: () => ({ ok: true, detail: `runs as ${process.pid}` }) },
        ...parts.servers.liveChecks,
      ],
      ready: this.checks(),
      metrics: { contentType: world.metrics.contentType, text: () => this.#metricsText() },
      setLogLevel: (level) => {
        world.log.setLevel(level);
        parts.servers.setLogLevel(level);
      },
    });
    new Connections(this.#plain.server, { limit: monitoringConnections, ticks: () => performance.now() });
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
    let certificates: CertificateWorld | undefined;
    try {
      certificates = await world.openCertificates?.();
      const identities = await openIdentity(options, now(), log, certificates?.pairs);
      const pairs = new KeyPairHolder(identities.identity.pair, {
        names: options.serverNames,
        ...world,
        // Who made the dates knows the time by which they are judged.
        now: () => certificates?.pairs?.now() ?? now(),
      });
      certificates?.serves(pairs.current.certificatePem);
      const holder = new SnapshotHolder(source.texts, { settings: options.settings, ...world });
      manager = new Manager(options, world, policy, {
        source,
        holder,
        pairs,
        identities,
        certificates,
        servers,
      });
      await listenOn(manager.#plain.server, await manager.#monitoring());
      await servers.start(holder.live, identities.identity, manager.checks());
      manager.#announce(holder.live);
      await manager.#handshake.run(servers.address(), pairs.current.info.fingerprint);
    } catch (error) {
      source.close?.();
      await (manager?.close(0) ?? certificates?.close());
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

  /** What `/ready` says. */
  get ready(): boolean {
    return runChecks(this.checks(), false).status === 200;
  }

  /** What must hold for `/ready`. */
  checks(): readonly Check[] {
    return [
      configurationCheck(this.#holder, () => this.#generation),
      certificateCheck(this.#pairs, () => this.#certificates?.pairs?.now() ?? this.#world.now()),
      ...trustChecks(this.#certificates?.pairs),
      this.#handshake.check,
      { name: "drain", run: () => ({ ok: !this.#draining, detail: this.#draining ? "is ending" : "none" }) },
      ...watchChecks(this.#source),
      ...this.#servers.checks,
    ];
  }

  /** Readiness is worked out when somebody asks, as the probe does. */
  #metricsText(): Promise<string> {
    const { status } = runChecks(this.checks(), false);
    this.#world.metrics.set("pillion_ready", status === 200 ? 1 : 0);
    return this.#servers.metricsText();
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
    await this.#certificates?.close();
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
          onChange: (texts) => void this.#world.compile(() => this.#holder.offer(texts)),
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

  /** One certificate after the other, so that each handshake meets the one it looks for. */
  #offerIdentity(identity: ServingIdentity): void {
    if (!this.#pairs.offer(identity.pair)) return;
    this.#certificates?.serves(identity.pair.certificatePem);
    const { fingerprint } = this.#pairs.current.info;
    this.#identifying = this.#identifying
      .then(() => this.#servers.identify(identity))
      .then(() => this.#handshake.run(this.#servers.address(), fingerprint))
      // The pair was sound, so this is not about the pair; `/ready` tells, and the next change tries again.
      .catch((error: unknown) =>
        this.#world.log.error("the new certificate is not shown", { error: String(error) }),
      );
  }
}
