import { type Publication, parseCertificates } from "../../certificates/index.js";
import type { JsonObject } from "../../json/index.js";
import type { Log, Metrics } from "../../telemetry/index.js";
import type { ApiClient } from "../api-client.js";
import { ClusterError } from "../cluster-error.js";
import { injectorEntrySuffix } from "../webhook-configuration.js";
import { applyCaBundle, bundleManager } from "./apply-ca-bundle.js";
import { bundleWriters, type OwnConfiguration } from "./own-configurations.js";
import { RetryTimes } from "./retry-times.js";

/** What a writer of bundles needs of the world. */
export interface BundleWriterWorld {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
}

/** What came of writing. */
export interface Written {
  /** Objects as they are now. */
  readonly objects: readonly JsonObject[];
  /** Some had changed meanwhile: they have to be read again. */
  readonly stale: boolean;
  /** When to try again, by the monotonic clock; undefined when everything is written. */
  readonly dueAt: number | undefined;
}

type Target = Publication["configurations"][number];

interface Progress {
  readonly retry: RetryTimes;
  /** The version that the last attempt failed on: another one is a reason to try at once. */
  version: string;
  /** When it was written lately. */
  times: readonly number[];
  told: string | undefined;
}

const minuteMs = 60_000;
// A writer that restores its own bundle after each of ours would otherwise cost the API server a write in each few
// milliseconds, by both. One overwrite is repaired at once, and so are several.
const burst = 10;
const burstMs = 10_000;
const contestedMs = 1000;
const requestMs = 10_000;

/**
 * Writes bundles with the retries and metrics of Istio's patcher (docs/behaviour.md#ca-bundle-patcher). One configuration never waits for another.
 *
 * Decided in ADR 0405.
 */
export class CaBundleWriter {
  readonly #client: ApiClient;
  readonly #world: BundleWriterWorld;
  readonly #progress = new Map<string, Progress>();
  readonly #refused = new Map<string, string>();

  constructor(client: ApiClient, world: BundleWriterWorld) {
    this.#client = client;
    this.#world = world;
  }

  /** Counts the configurations that Istio's patcher would look at and leave alone, once for each of their versions. */
  pass(configurations: readonly OwnConfiguration[]): void {
    for (const { name, resourceVersion, notOwn } of configurations) {
      if (notOwn === undefined || notOwn === "no_revision") continue;
      if (this.#refused.get(name) === resourceVersion) continue;
      this.#refused.set(name, resourceVersion);
      this.#world.metrics.increment("webhook_patch_failures_total", { name, reason: notOwn });
    }
  }

  /** Tries again at once what waits for its time. */
  wake(): void {
    for (const { retry } of this.#progress.values()) retry.reset();
  }

  /** Writes what is due. It never throws: what failed has a time at which it is due again. */
  async write(
    { caBundle, configurations }: Publication,
    known: readonly OwnConfiguration[],
    signal: AbortSignal,
  ): Promise<Written> {
    const now = this.#world.ticks();
    const due = configurations.filter((target) => this.#dueAt(target) <= now);
    const results = await Promise.all(
      due.map((target) => this.#writeOne(target, caBundle, known, AbortSignal.any([signal, timeout()]))),
    );
    const waits = configurations.map((target) => this.#dueAt(target)).filter((at) => at > now);
    return {
      objects: results.filter((result) => typeof result === "object"),
      stale: results.includes("stale"),
      dueAt: waits.length === 0 ? undefined : Math.min(...waits),
    };
  }

  #dueAt({ name, resourceVersion }: Target): number {
    const progress = this.#progressOf(name);
    if (progress.version !== resourceVersion) progress.retry.reset();
    const [oldest = 0] = progress.times;
    const contested = progress.times.length >= burst && oldest > this.#world.ticks() - burstMs;
    const latest = progress.times.at(-1) ?? 0;
    return contested ? Math.max(progress.retry.dueAt, latest + contestedMs) : progress.retry.dueAt;
  }

  async #writeOne(
    target: Target,
    caBundle: string,
    known: readonly OwnConfiguration[],
    signal: AbortSignal,
  ): Promise<JsonObject | "stale" | "failed"> {
    const { name, resourceVersion, entries } = target;
    const { metrics, ticks } = this.#world;
    const progress = this.#progressOf(name);
    progress.version = resourceVersion;
    try {
      checkBundle(caBundle);
      metrics.increment("webhook_patch_attempts_total", { name: injectorEntrySuffix });
      const object = await applyCaBundle(
        this.#client,
        { configuration: name, resourceVersion, entries, caBundle },
        signal,
      );
      progress.retry.reset();
      progress.told = undefined;
      progress.times = [...progress.times, ticks()].slice(-burst);
      this.#tellWritten(target, known, progress);
      return object;
    } catch (error) {
      metrics.increment("webhook_patch_retries_total", { name });
      metrics.increment("webhook_patch_failures_total", { name, reason: reasonOf(error) });
      progress.retry.failed(ticks());
      // A newer version, once it is known, is tried at once.
      if (error instanceof ClusterError && (error.status === 409 || error.status === 404)) return "stale";
      this.#tellFailed(name, progress, error);
      return "failed";
    }
  }

  #progressOf(name: string): Progress {
    const found = this.#progress.get(name);
    if (found !== undefined) return found;
    const made = { retry: new RetryTimes(minuteMs), version: "", times: [], told: undefined };
    this.#progress.set(name, made);
    return made;
  }

  #tellWritten({ name, entries }: Target, known: readonly OwnConfiguration[], { times }: Progress): void {
    const before = known.find((configuration) => configuration.name === name);
    const others = before === undefined ? [] : bundleWriters(before.source, bundleManager);
    const [oldest = 0] = times;
    const fields = {
      configuration: name,
      entries: entries.length,
      ...(others.length === 0 ? {} : { writtenBefore: [...new Set(others)].join(",") }),
    };
    if (times.length >= burst && oldest > this.#world.ticks() - burstMs)
      this.#world.log.error("somebody else keeps writing the caBundle", {
        ...fields,
        remedy:
          "let one of the two go: istiod of the same revision leaves it alone with INJECTION_WEBHOOK_CONFIG_NAME empty, " +
          "cert-manager without the annotation cert-manager.io/inject-ca-from",
      });
    else if (others.length > 0) this.#world.log.warn("caBundle written over another's", fields);
    else this.#world.log.info("caBundle written", fields);
  }

  #tellFailed(name: string, progress: Progress, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (progress.told === message) return;
    progress.told = message;
    this.#world.log.error("cannot write the caBundle, trying again", {
      configuration: name,
      error: message,
      ...(error instanceof ClusterError && error.status === 403
        ? { remedy: "grant patch on mutatingwebhookconfigurations, as the chart's ClusterRole does" }
        : {}),
    });
  }
}

function timeout(): AbortSignal {
  return AbortSignal.timeout(requestMs);
}

class BundleError extends Error {
  override readonly name = "BundleError";
}

/** What the API server would take for no bundle would stop every pod: nothing of the kind is ever sent. */
function checkBundle(caBundle: string): void {
  try {
    parseCertificates(caBundle);
  } catch (cause) {
    throw new BundleError("the bundle to write holds something that is no certificate", { cause });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof BundleError) return "load_ca_bundle_failure";
  return error instanceof ClusterError && error.status === 404
    ? "webhook_config_not_found"
    : "webhook_update_failure";
}
