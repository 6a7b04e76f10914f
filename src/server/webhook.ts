import cluster from "node:cluster";
import type { ConfigSource } from "../config/index.js";
import type { Log, Metrics, PrometheusMetrics } from "../telemetry/index.js";
import type { CertificateWorld } from "./certificate-world.js";
import { createLog } from "./create-log.js";
import { createMetrics } from "./create-metrics.js";
import { Manager } from "./manager.js";
import { SingleServer } from "./single.js";
import { tlsPolicy } from "./tls-policy.js";
import { type HangGuard, hangGuard, keepQuarantine } from "./watchdog/hang-guard.js";
import { hangLimits } from "./watchdog/hang-limits.js";
import { Watchdog } from "./watchdog/watchdog.js";
import type { WebhookOptions } from "./webhook-options.js";
import { reportDescriptor } from "./workers/message.js";
import { runWorker } from "./workers/worker.js";
import { WorkerPool } from "./workers/worker-pool.js";

/** What a source of configuration or of certificates tells, and by which clocks. */
export interface SourceWorld {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
}

/** The world of a webhook. What is absent is the real one. */
export interface WebhookWorld {
  readonly log?: Log;
  readonly metrics?: PrometheusMetrics;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Waits so many milliseconds: the drain time. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Opens the source of the configuration; absent: the files of the options. Workers never call it. */
  readonly openSource?: (world: SourceWorld) => Promise<ConfigSource>;
  /** Opens what of certificates is outside of the server; absent: nothing is. Workers never call it. */
  readonly openCertificates?: (world: SourceWorld) => Promise<CertificateWorld>;
}

/** A webhook that serves. */
export interface RunningWebhook {
  readonly httpsPort: number;
  readonly monitoringPort: number;
  /** SHA-256 of the certificate in use. */
  readonly fingerprint: () => string;
  /** Reads configuration and certificate now, without waiting for an event. */
  check(): Promise<void>;
  /** Ends in order: unready at once, still answering for the drain time, then the work under way, then nothing. */
  end(): Promise<void>;
}

/**
 * Starts a webhook in this process, with worker processes where they are asked for. Resolves when it is ready.
 *
 * @throws ReloadError, CertificateError, ServerError or the system's error; nothing is left running then
 */
export async function startWebhook(
  options: WebhookOptions,
  given: WebhookWorld = {},
): Promise<RunningWebhook> {
  return launch(options, given, hangGuard(given.now ?? Date.now));
}

async function launch(
  options: WebhookOptions,
  given: WebhookWorld,
  guard: HangGuard,
): Promise<RunningWebhook> {
  const world = { ...completeWorld(options, given), review: guard.review, compile: guard.compile };
  const { quarantine } = guard;
  keepQuarantine(quarantine, options.hang.quarantineFile, world);
  const limits = hangLimits(options.hang.timeoutMs);
  const policy = tlsPolicy(options.tls);
  const servers =
    options.workers > 1
      ? new WorkerPool({ ...world, workers: options.workers, limits, quarantine })
      : new SingleServer(options, policy, world);
  const { openSource, openCertificates } = given;
  const manager = await Manager.start(
    options,
    {
      ...world,
      ...(openSource === undefined ? {} : { openSource: () => openSource(world) }),
      ...(openCertificates === undefined ? {} : { openCertificates: () => openCertificates(world) }),
    },
    policy,
    servers,
  );
  const httpsPort = servers.address().port;
  const { monitoringPort } = manager;
  world.log.info(manager.ready ? "ready" : "serving, not ready yet", {
    httpsPort,
    monitoringPort,
    workers: options.workers,
  });
  return {
    httpsPort,
    monitoringPort,
    fingerprint: () => manager.certificate.info.fingerprint,
    check: () => manager.check(),
    end: async () => {
      world.log.info("ending", { drainMs: options.drainMs });
      manager.drain();
      await (given.wait ?? wait)(options.drainMs);
      await manager.close(options.graceMs);
      world.log.info("ended");
    },
  };
}

/**
 * Runs a webhook until the process is told to end, as the primary, as a worker, or as both. Resolves when it has ended
 * in order; a second signal ends it at once.
 *
 * @throws as {@link startWebhook}
 */
export async function runWebhook(options: WebhookOptions, given: WebhookWorld = {}): Promise<void> {
  if (cluster.isWorker) return workInPool(options);
  const ending = firstSignal();
  const world = completeWorld(options, given);
  const guard = hangGuard(world.now);
  const webhook = await launch(options, { ...given, ...world }, guard);
  const { quarantineFile, timeoutMs } = options.hang;
  const watchdog = new Watchdog({
    ...guard,
    limits: hangLimits(timeoutMs),
    log: world.log,
    report: {
      to: "log",
      format: options.log.format,
      ...(quarantineFile === undefined ? {} : { quarantineFile }),
    },
  });
  watchdog.start();
  await ending;
  await webhook.end();
  watchdog.stop();
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The first signal resolves; the next does what it does to a process that does not listen. */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        process.removeAllListeners("SIGTERM");
        process.removeAllListeners("SIGINT");
        resolve();
      });
    }
  });
}

function workInPool(options: WebhookOptions): Promise<void> {
  // A terminal sends its signals to all processes at once; only the primary acts on them.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => {});
  const world = completeWorld(options, {});
  const guard = hangGuard(world.now);
  const watchdog = new Watchdog({
    ...guard,
    limits: hangLimits(options.hang.timeoutMs),
    log: world.log,
    report: { to: "primary", descriptor: reportDescriptor },
  });
  const workerWorld = { ...world, review: guard.review, guard, watchdog };
  return runWorker(options, tlsPolicy(options.tls), workerWorld, {
    send: (message) => {
      // Whose primary is gone, is about to go too.
      if (process.connected) process.send?.(message);
    },
    onMessage: (listener) => {
      process.on("message", listener);
    },
    hangUp: () => {
      process.disconnect();
    },
  });
}

function completeWorld(options: WebhookOptions, { log, metrics, now }: WebhookWorld) {
  return {
    log: log ?? createLog(options.log.level, options.log.format),
    metrics: metrics ?? createMetrics(),
    now: now ?? Date.now,
    ticks: () => performance.now(),
  };
}
