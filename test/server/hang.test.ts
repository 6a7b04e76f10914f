import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { smallPod } from "../support/admission-review.js";
import { hangingPod, patience, startHanging, useHangingWebhooks } from "../support/hanging-webhook.js";
import { asFirstProcess, pidNamespaceMissing } from "../support/pid-namespace.js";

const folder = useHangingWebhooks();
// Each case takes what its timeouts take and the start of its processes.
const slow = { timeout: 300_000 };

describe("one process", slow, () => {
  it("whose review never ends is ended with a code of its own; the next one rejects that pod and serves all others", async () => {
    const flags = ["--hang-timeout", "2", "--quarantine-file", join(folder(), "quarantine.json")];
    const first = await startHanging(flags);
    await expect(first.review(hangingPod("compute"), "first-uid")).rejects.toThrow();
    expect(await first.process.ended).toEqual({ code: 70, signal: null });
    const named = { uid: "first-uid", namespace: "shop", kind: "Pod", bytes: expect.any(Number) };
    expect(first.said("a review holds the event loop, and is quarantined")).toEqual([
      expect.objectContaining(named),
    ]);
    expect(first.said("the event loop does not turn")).toHaveLength(1);
    expect(JSON.parse(await readFile(join(folder(), "quarantine.json"), "utf8"))).toEqual([
      expect.objectContaining(named),
    ]);
    const second = await startHanging(flags);
    const again = await second.review(hangingPod("compute"), "second-uid");
    expect(again).toMatchObject({ uid: "second-uid", allowed: false });
    expect(again.status?.message).toContain("request first-uid");
    expect((await second.review(smallPod("cart"))).allowed).toBe(true);
    const metrics = await second.metrics();
    expect(metrics).toMatch(
      /^pillion_quarantined_review_bytes\{review_uid="first-uid",review_namespace="shop",review_kind="Pod"\} \d+$/m,
    );
    expect(metrics).toContain('pillion_injections_total{result="failed",reason="quarantined"} 1');
    const told = JSON.stringify([first.process.log, second.process.log]) + metrics;
    const kept = await readFile(join(folder(), "quarantine.json"), "utf8");
    expect(told + kept).not.toContain("nobody may read");
  });

  it("that is stopped as a whole goes on afterwards; one that is blocked without computing is ended, and no review blamed", async () => {
    const { process: webhook, review, said } = await startHanging(["--hang-timeout", "2"]);
    webhook.child.kill("SIGSTOP");
    await wait(5000);
    webhook.child.kill("SIGCONT");
    expect((await review(smallPod())).allowed).toBe(true);
    await wait(1000);
    expect((await review(smallPod())).allowed).toBe(true);
    expect(said("the event loop does not turn")).toEqual([]);
    await expect(review(hangingPod("wait"))).rejects.toThrow();
    expect((await webhook.ended).code).toBe(70);
    expect(said("a review holds")).toEqual([]);
    expect(said("the event loop does not turn")).toHaveLength(1);
  });

  it.skipIf(pidNamespaceMissing() !== undefined)(
    "that is the first of its container, which no signal of its own ends, is ended all the same",
    async () => {
      const { process: webhook, review } = await startHanging(
        ["--hang-timeout", "1"],
        [...asFirstProcess, process.execPath],
      );
      await expect(review(hangingPod("compute"))).rejects.toThrow();
      expect((await webhook.ended).code).toBe(70);
      expect(webhook.log.find((line) => line.message === "ready")?.pid).toBe(1);
    },
  );

  it("that a debugger may halt is not ended", async () => {
    const {
      process: webhook,
      review,
      said,
    } = await startHanging(["--hang-timeout", "1"], [process.execPath, "--inspect=127.0.0.1:0"]);
    const answer = review(hangingPod("wait")).catch(() => "hung up");
    await vi.waitFor(() => expect(said("a debugger is attached")).toHaveLength(1), patience);
    await wait(2000);
    expect(webhook.child.exitCode).toBeNull();
    webhook.child.kill("SIGKILL");
    expect(await answer).toBe("hung up");
  });
});

describe("two workers", slow, () => {
  it("answer for one that hangs; all that hang are replaced, and while none answers no probe is green", async () => {
    const port = await freePort();
    const args = ["--workers", "2", "--hang-timeout", "6", "--https-address", `127.0.0.1:${port}`];
    const pool = await startHanging(args);

    const lost = pool.review(hangingPod("compute"), "first-uid").catch(() => "hung up");
    await vi.waitFor(
      () => expect(pool.said("a review holds a worker's event loop")).toHaveLength(1),
      patience,
    );
    const named = { uid: "first-uid", namespace: "shop", kind: "Pod", bytes: expect.any(Number) };
    expect(pool.said("a review holds a worker's event loop")).toEqual([expect.objectContaining(named)]);
    // The other worker knows of it before the first has gone.
    // One connection at most is handed to the one that hangs, and is closed when that is ended.
    const tries = ["second-uid", "third-uid"].map((uid) => pool.review(hangingPod("compute"), uid));
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
    for (let turn = 0; turn < 4; turn++)
      expect((await pool.review(hangingPod("compute"))).allowed).toBe(false);

    const together = [Number(pool.process.child.pid), ...(await pool.workers())];
    for (const pid of together) process.kill(pid, "SIGSTOP");
    await wait(8000);
    for (const pid of together) process.kill(pid, "SIGCONT");
    expect((await pool.review(smallPod())).allowed).toBe(true);
    await wait(1000);
    expect(await pool.metrics()).toContain("pillion_worker_hangs_total 1");

    const workers = await pool.workers();
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
