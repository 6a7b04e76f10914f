import { webcrypto } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueLeaf, type KeyPair } from "../../src/certificates/index.js";
import {
  createMetrics,
  defaultLimits,
  defaultTimeouts,
  type RunningWebhook,
  startWebhook,
  type WebhookOptions,
  type WebhookWorld,
} from "../../src/server/index.js";
import { type RecordingLog, recordingLog } from "../../src/telemetry/index.js";
import { type Answer, keepAliveAgent, send } from "./https-client.js";

/** The authority of every certificate in the tests, made once. */
const authority = await createAuthority({ commonName: "Test authority", days: 2 }, world());
/** What a client of a webhook under test trusts. */
export const testAuthority: string = authority.certificatePem;

function world() {
  return { crypto: webcrypto, now: Date.now() };
}

/** Issues a certificate of the tests' authority. */
export function testCertificate(
  names: readonly string[] = ["localhost", "127.0.0.1"],
  use: "server" | "client" = "server",
): Promise<KeyPair> {
  return issueLeaf(authority, { names, days: 1, use }, world());
}

/** A webhook on free ports of loopback, with a folder of its own. */
export interface WebhookUnderTest extends RunningWebhook {
  readonly folder: string;
  readonly log: RecordingLog;
  /** Where the serving pair lies. */
  readonly certificate: { readonly certificate: string; readonly key: string };
  /** Sends a body to a path of the TLS port, as JSON unless headers say otherwise. */
  post(
    path: string,
    body: string | Uint8Array,
    headers?: Record<string, string>,
    method?: string,
  ): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Asks the plain port. */
  monitor(path: string, method?: string): Promise<Answer>;
  /** The value of one series of the metrics page; zero when it is not there. */
  metric(series: string): Promise<number>;
}

/** Options of a webhook that ends at once, with what a test changes. */
export async function webhookOptions(
  folder: string,
  overrides: Partial<WebhookOptions> = {},
): Promise<WebhookOptions> {
  const certificate = { certificate: join(folder, "tls.crt"), key: join(folder, "tls.key") };
  const pair = await testCertificate();
  await writeFile(certificate.certificate, pair.certificatePem);
  await writeFile(certificate.key, pair.keyPem);
  return {
    https: { host: "127.0.0.1", port: 0 },
    monitoring: { host: "127.0.0.1", port: 0 },
    certificate: { kind: "files", ...certificate },
    serverNames: [],
    tls: { minVersion: "1.2", cipherSuites: [], compliancePolicy: "" },
    files: { objects: [] },
    settings: {
      revision: "default",
      nativeSidecars: "false",
      compliancePolicy: "",
      platform: "",
      environment: {},
    },
    workers: 1,
    limits: defaultLimits,
    timeouts: defaultTimeouts,
    drainMs: 0,
    graceMs: 2000,
    hang: { timeoutMs: 0 },
    watch: { debounceMs: 5, rereadMs: 60_000 },
    log: { level: "info", format: "json" },
    build: { version: "0.0.0-test", istio: "0.0.0" },
    ...overrides,
  };
}

/** Starts a webhook for a test. `end` also takes its folder away. */
export async function startWebhookUnderTest(
  overrides: Partial<WebhookOptions> = {},
  log: RecordingLog = recordingLog("info"),
  world: WebhookWorld = {},
): Promise<WebhookUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "pillion-webhook-"));
  const options = await webhookOptions(folder, overrides);
  const webhook = await startWebhook(options, { log, metrics: createMetrics(), ...world });
  const agent: Agent = keepAliveAgent(testAuthority, 8);
  const base = `https://localhost:${webhook.httpsPort}`;
  const monitoring = `http://127.0.0.1:${webhook.monitoringPort}`;
  const lookup = { agent, family: 4 };
  return {
    ...webhook,
    folder,
    log,
    certificate: { certificate: join(folder, "tls.crt"), key: join(folder, "tls.key") },
    post: (path, body, headers = {}, method = "POST") =>
      send(
        base + path,
        {
          ...lookup,
          method,
          headers: {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
            ...headers,
          },
        },
        body,
      ),
    get: (path) => send(base + path, lookup),
    monitor: (path, method = "GET") => send(monitoring + path, { method, agent: false }),
    metric: async (series) => {
      const { text } = await send(`${monitoring}/metrics`, { agent: false });
      const line = text.split("\n").find((candidate) => candidate.startsWith(`${series} `));
      return line === undefined ? 0 : Number(line.slice(series.length + 1));
    },
    end: async () => {
      await webhook.end();
      agent.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
