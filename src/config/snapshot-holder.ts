import type { Snapshot } from "../injection/index.js";
import type { Log, Metrics } from "../telemetry/index.js";
import { excerpt } from "../text/index.js";
import { SnapshotLoader } from "./load-snapshot.js";
import { ReloadError, type ReloadStage } from "./reload-error.js";
import type { SnapshotSettings } from "./snapshot-settings.js";
import { type SourceTexts, sameFoundation, sameTexts } from "./source-texts.js";

// ProxyConfigs are written by whoever has a namespace: their texts are not let fill the log.
const mostMessage = 8192;

/** A snapshot in use. */
export interface LiveSnapshot {
  readonly snapshot: Snapshot;
  /** Counts the configurations that were taken, from 1. */
  readonly generation: number;
  readonly texts: SourceTexts;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A change that was refused. */
export interface ReloadFailure {
  readonly stage: ReloadStage;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a holder needs of the world. */
export interface SnapshotHolderOptions {
  readonly settings: SnapshotSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Holds the configuration in use. A request reads {@link SnapshotHolder.live} once and keeps what it got, so it never
 * sees half of a change. A candidate that is refused changes nothing: the last good configuration stays.
 */
export class SnapshotHolder {
  readonly #options: SnapshotHolderOptions;
  readonly #listeners: ((live: LiveSnapshot) => void)[] = [];
  readonly #loader: SnapshotLoader;
  #live: LiveSnapshot;
  #failure: ReloadFailure | undefined;

  /** Takes the first configuration. @throws ReloadError when it is faulty: there is no last good one to keep */
  constructor(texts: SourceTexts, options: SnapshotHolderOptions) {
    this.#options = options;
    this.#loader = new SnapshotLoader(options.settings);
    this.#live = this.#take(texts);
    this.#forgetFailure();
  }

  /** The configuration in use. */
  get live(): LiveSnapshot {
    return this.#live;
  }

  /** Why the last change was refused; undefined when the newest texts are in use. */
  get failure(): ReloadFailure | undefined {
    return this.#failure;
  }

  /** Calls back with every configuration that is taken from now on. */
  onChange(listener: (live: LiveSnapshot) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes texts when they differ and are sound. Tells whether they are in use now. */
  offer(texts: SourceTexts): boolean {
    if (sameTexts(texts, this.#live.texts)) {
      this.#forgetFailure();
      return true;
    }
    try {
      const live = this.#take(texts, this.#live);
      this.#live = live;
      this.#forgetFailure();
      for (const listener of this.#listeners) listener(live);
      return true;
    } catch (error) {
      this.refuse(error);
      return false;
    }
  }

  /** Notes that a change could not be taken, for whatever reason; also one that could not even be read. */
  refuse(error: unknown): void {
    const { log, metrics, now } = this.#options;
    const stage = error instanceof ReloadError ? error.stage : "read";
    const message = excerpt(error instanceof Error ? error.message : String(error), mostMessage);
    this.#failure = { stage, message, at: now() };
    metrics.set("pillion_config_last_reload_successful", 0);
    metrics.increment("pillion_config_reload_failures_total", { stage });
    log.error("configuration refused, the last good one stays in use", {
      stage,
      error: message,
      generation: this.#live.generation,
    });
  }

  #forgetFailure(): void {
    this.#failure = undefined;
    this.#options.metrics.set("pillion_config_last_reload_successful", 1);
  }

  #take(texts: SourceTexts, last?: LiveSnapshot): LiveSnapshot {
    const { log, metrics, now } = this.#options;
    const snapshot = this.#loader.load(texts, last);
    const generation = (last?.generation ?? 0) + 1;
    if (last === undefined || !sameFoundation(texts, last.texts)) this.#report(snapshot, generation, texts);
    // Tenants write these, as often as they like.
    else log.debug("objects of the cluster in use", { generation });
    metrics.set("pillion_config_generation", generation);
    metrics.set("pillion_config_last_reload_success_timestamp_seconds", now() / 1000);
    return { snapshot, generation, texts, since: now() };
  }

  #report(snapshot: Snapshot, generation: number, texts: SourceTexts): void {
    const { log } = this.#options;
    for (const warning of snapshot.warnings)
      log.warn("configuration is odd", { warning: excerpt(warning, mostMessage) });
    log.info("configuration in use", {
      generation,
      injectConfig: texts.injectConfig.source,
      values: texts.values.source,
      templates: snapshot.templateNames.join(","),
    });
  }
}
