import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { JsonObject } from "../../src/json/index.js";
import { type ReviewAnswer, readAnswer, reviewOf, smallPod } from "./admission-review.js";
import { send } from "./https-client.js";
import { startWebhookProcess, type WebhookProcess } from "./webhook-process.js";

/** Processes compute for seconds when they start, and on a busy machine wait for longer. */
export const patience = { timeout: 120_000, interval: 50 };

/** A webhook in processes of its own with a fault, so that a pod of {@link hangingPod} hangs it. */
export interface HangingWebhook {
  readonly process: WebhookProcess;
  readonly https: number;
  /** Sends a pod on a connection of its own. */
  review(pod: JsonObject, uid?: string): Promise<ReviewAnswer["response"]>;
  /** Status of a probe. */
  probe(path: "/livez" | "/ready"): Promise<number>;
  /** What readiness consists of. */
  why(): Promise<string>;
  metrics(): Promise<string>;
  /** Lines of the log with such a message. */
  said(message: string): readonly JsonObject[];
  /** The processes of its two workers, found by who answers. */
  workers(): Promise<readonly number[]>;
}

/** A pod whose review never ends: it computes, or waits for nothing. @param text what makes it another pod */
export function hangingPod(how: "compute" | "wait", text = "what nobody may read"): JsonObject {
  return smallPod("cart", { annotations: { "test/hang": how, "test/private": text } });
}

const fault = join(import.meta.dirname, "hang-on-annotation.mjs");
let folder = "";
const started: WebhookProcess[] = [];

/** Lets each test of a file have a folder, and takes it and all webhooks away. @returns the folder of the test */
export function useHangingWebhooks(): () => string {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pillion-hang-"));
  });
  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      child.kill("SIGKILL");
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}

/** Starts one. @param node words that run Node, without its flag for the fault */
export async function startHanging(
  args: readonly string[],
  node: readonly string[] = [process.execPath],
): Promise<HangingWebhook> {
  const webhook = startWebhookProcess(args, folder, [...node, "--import", fault]);
  started.push(webhook);
  const { https, monitoring } = await webhook.ready;
  const ca = await readFile(join(folder, "certs", "dev", "ca.crt"), "utf8");
  const headers = { "content-type": "application/json" };
  const plain = (path: string) => send(`http://127.0.0.1:${monitoring}${path}`, { agent: false });
  const review = async (pod: JsonObject, uid?: string) => {
    const options = { method: "POST", family: 4, headers, agent: false, ca } as const;
    const answer = await send(`https://localhost:${https}/inject`, options, reviewOf(pod, "shop", uid));
    return readAnswer(answer.text).response;
  };
  return {
    process: webhook,
    https,
    review,
    probe: async (path) => (await plain(path)).status,
    why: async () => (await plain("/ready?verbose")).text,
    metrics: async () => (await plain("/metrics")).text,
    said: (message) => webhook.log.filter((line) => String(line.message).includes(message)),
    workers: () => workersOf(webhook, review),
  };
}

async function workersOf(
  { log }: WebhookProcess,
  review: HangingWebhook["review"],
): Promise<readonly number[]> {
  const before = log.length;
  const answered = () => log.slice(before).filter((line) => line.message === "review answered");
  const pids = () => new Set(answered().map((line) => Number(line.pid)));
  await vi.waitFor(async () => {
    await review(smallPod());
    expect(pids().size).toBe(2);
  }, patience);
  return [...pids()];
}
