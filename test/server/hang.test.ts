import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { JsonObject } from "../../src/json/index.js";
import { readAnswer, reviewOf, smallPod } from "../support/admission-review.js";
import { send } from "../support/https-client.js";
import { startWebhookProcess, type WebhookProcess } from "../support/webhook-process.js";

let folder: string;
const started: WebhookProcess[] = [];
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

const fault = join(import.meta.dirname, "..", "support", "hang-on-annotation.mjs");
// Each case takes what its timeouts take and the start of its processes, which compute for seconds.
const slow = { timeout: 300_000 };
const patience = { timeout: 120_000, interval: 50 };

/** A webhook with a fault, so that pods with an annotation hang it. */
async function start(args: readonly string[], nodeFlags: readonly string[] = []) {
  const webhook = startWebhookProcess(args, folder, [process.execPath, "--import", fault, ...nodeFlags]);
  started.push(webhook);
  const { https, monitoring } = await webhook.ready;
  const ca = await readFile(join(folder, "certs", "dev", "ca.crt"), "utf8");
  const headers = { "content-type": "application/json" };
  const plain = (path: string) => send(`http://127.0.0.1:${monitoring}${path}`, { agent: false });
  return {
    webhook,
    review: async (pod: JsonObject, uid?: string) => {
      const options = { method: "POST", family: 4, headers, agent: false, ca } as const;
      const answer = await send(`https://localhost:${https}/inject`, options, reviewOf(pod, "shop", uid));
      return readAnswer(answer.text).response;
    },
    probe: async (path: string) => (await plain(path)).status,
    why: async () => (await plain("/ready?verbose")).text,
    metrics: async () => (await plain("/metrics")).text,
    said: (message: string) => webhook.log.filter((line) => String(line.message).includes(message)),
  };
}

type Webhook = Awaited<ReturnType<typeof start>>;

const hanging = (how: "compute" | "wait") =>
  smallPod("cart", { annotations: { "test/hang": how, "test/private": "what nobody may read" } });

describe("one process", slow, () => {
  it("whose review never ends is ended with a code of its own; the next one rejects that pod and serves all others", async () => {
    const flags = ["--hang-timeout", "2", "--quarantine-file", join(folder, "quarantine.json")];
    const first = await start(flags);
    await expect(first.review(hanging("compute"), "first-uid")).rejects.toThrow();
    expect(await first.webhook.ended).toEqual({ code: 70, signal: null });
    const named = { uid: "first-uid", namespace: "shop", kind: "Pod", bytes: expect.any(Number) };
    expect(first.said("a review holds the event loop, and is quarantined")).toEqual([
      expect.objectContaining(named),
    ]);
    expect(first.said("the event loop does not turn")).toHaveLength(1);
    expect(JSON.parse(await readFile(join(folder, "quarantine.json"), "utf8"))).toEqual([
      expect.objectContaining(named),
    ]);
    const second = await start(flags);
    const again = await second.review(hanging("compute"), "second-uid");
    expect(again).toMatchObject({ uid: "second-uid", allowed: false });
    expect(again.status?.message).toContain("request first-uid");
    expect((await second.review(smallPod("cart"))).allowed).toBe(true);
    const metrics = await second.metrics();
    expect(metrics).toMatch(
      /^pillion_quarantined_review_bytes\{review_uid="first-uid",review_namespace="shop",review_kind="Pod"\} \d+$/m,
    );
    expect(metrics).toContain('pillion_injections_total{result="failed",reason="quarantined"} 1');
    const told = JSON.stringify([first.webhook.log, second.webhook.log]) + metrics;
    const kept = await readFile(join(folder, "quarantine.json"), "utf8");
    expect(told + kept).not.toContain("nobody may read");
  });

  it("that is stopped as a whole goes on afterwards; one that is blocked without computing is ended, and no review blamed", async () => {
    const { webhook, review, said } = await start(["--hang-timeout", "2"]);
    webhook.child.kill("SIGSTOP");
    await wait(5000);
    webhook.child.kill("SIGCONT");
    expect((await review(smallPod())).allowed).toBe(true);
    await wait(1000);
    expect((await review(smallPod())).allowed).toBe(true);
    expect(said("the event loop does not turn")).toEqual([]);
    await expect(review(hanging("wait"))).rejects.toThrow();
    expect((await webhook.ended).code).toBe(70);
    expect(said("a review holds")).toEqual([]);
    expect(said("the event loop does not turn")).toHaveLength(1);
  });

  it("that a debugger may halt is not ended", async () => {
    const { webhook, review, said } = await start(["--hang-timeout", "1"], ["--inspect=127.0.0.1:0"]);
    const answer = review(hanging("wait")).catch(() => "hung up");
    await vi.waitFor(() => expect(said("a debugger is attached")).toHaveLength(1), patience);
    await wait(2000);
    expect(webhook.child.exitCode).toBeNull();
    webhook.child.kill("SIGKILL");
    expect(await answer).toBe("hung up");
  });
});

describe("two workers", slow, () => {
  /** The processes of the workers that serve. */
  async function workersOf({ review, webhook }: Webhook): Promise<readonly number[]> {
    const before = webhook.log.length;
    const answered = () => webhook.log.slice(before).filter((line) => line.message === "review answered");
    const pids = () => new Set(answered().map((line) => Number(line.pid)));
    await vi.waitFor(async () => {
      await review(smallPod());
      expect(pids().size).toBe(2);
    }, patience);
    return [...pids()];
  }

  it("answer for one that hangs; all that hang are replaced, and while none answers no probe is green", async () => {
    const port = await freePort();
    const args = ["--workers", "2", "--hang-timeout", "6", "--https-address", `127.0.0.1:${port}`];
    const pool = await start(args);

    const lost = pool.review(hanging("compute"), "first-uid").catch(() => "hung up");
    await vi.waitFor(
      () => expect(pool.said("a review holds a worker's event loop")).toHaveLength(1),
      patience,
    );
    const named = { uid: "first-uid", namespace: "shop", kind: "Pod", bytes: expect.any(Number) };
    expect(pool.said("a review holds a worker's event loop")).toEqual([expect.objectContaining(named)]);
    // The other worker knows of it before the first has gone.
    // One connection at most is handed to the one that hangs, and is closed when that is ended.
    const tries = ["second-uid", "third-uid"].map((uid) => pool.review(hanging("compute"), uid));
    expect(await Promise.any(tries)).toMatchObject({ allowed: false });
    expect((await pool.review(smallPod())).allowed).toBe(true);
    expect([await pool.probe("/livez"), await pool.probe("/ready")]).toEqual([200, 200]);
    expect(pool.said("a worker hangs and is ended")).toEqual([]);
    expect(await lost).toBe("hung up");
    await Promise.allSettled(tries);
    await vi.waitFor(async () => expect(await pool.why()).toContain("[+]workers 2 of 2 serve"), patience);
    const metrics = await pool.metrics();
    expect(metrics).toContain("pillion_worker_hangs_total 1");
    expect(metrics).toContain('review_uid="first-uid"');
    // The one that is new knows it too.
    for (let turn = 0; turn < 4; turn++) expect((await pool.review(hanging("compute"))).allowed).toBe(false);

    const together = [Number(pool.webhook.child.pid), ...(await workersOf(pool))];
    for (const pid of together) process.kill(pid, "SIGSTOP");
    await wait(8000);
    for (const pid of together) process.kill(pid, "SIGCONT");
    expect((await pool.review(smallPod())).allowed).toBe(true);
    await wait(1000);
    expect(await pool.metrics()).toContain("pillion_worker_hangs_total 1");

    const workers = await workersOf(pool);
    for (const pid of workers) process.kill(pid, "SIGSTOP");
    await vi.waitFor(async () => {
      expect([await pool.probe("/livez"), await pool.probe("/ready")]).toEqual([503, 503]);
    }, patience);
    expect(await pool.why()).toContain("[-]workers 0 of 2 serve, 2 do not answer");
    await vi.waitFor(async () => {
      expect(await pool.why()).toContain("[+]workers 2 of 2 serve");
      expect([await pool.probe("/livez"), await pool.probe("/ready")]).toEqual([200, 200]);
    }, patience);
    expect((await pool.review(smallPod())).allowed).toBe(true);
    const ended = pool.said("a worker hangs and is ended").map((line) => Number(line.worker));
    expect(ended.slice(1).sort()).toEqual([...workers].sort());
    expect(pool.said("a review holds")).toHaveLength(1);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
