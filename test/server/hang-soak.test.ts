import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { reviewOf, smallPod } from "../support/admission-review.js";
import { cpuCgroupMissing, makeCpuCgroup } from "../support/cpu-cgroup.js";
import { hangingPod, patience, startHanging, useHangingWebhooks } from "../support/hanging-webhook.js";
import { keepAliveAgent } from "../support/https-client.js";
import { Load } from "../support/load.js";
import { soak } from "../support/soak.js";

const folder = useHangingWebhooks();
const noCgroup = soak ? cpuCgroupMissing() : undefined;

/** A load of small reviews on connections that stay open. */
function smallLoad(https: number): Load {
  const ca = readFileSync(join(folder(), "certs", "dev", "ca.crt"), "utf8");
  const agent = keepAliveAgent(ca, 4);
  const url = `https://localhost:${https}/inject`;
  return new Load(
    4,
    () => ({ url, agent, body: reviewOf(smallPod()) }),
    () => undefined,
  );
}

describe.runIf(soak)("workers", () => {
  it.skipIf(noCgroup !== undefined)(
    "that get a fiftieth of the processor they want are slow, and none is taken for one that hangs",
    { timeout: 600_000 },
    async () => {
      const cgroup = makeCpuCgroup();
      const pool = await startHanging(["--workers", "2"]);
      const pids = [Number(pool.process.child.pid), ...(await pool.workers())];
      try {
        for (const pid of pids) cgroup.add(pid);
        const load = smallLoad(pool.https);
        await load.further(100);
        cgroup.limit(0.04);
        const before = load.answers;
        await wait(60_000);
        const meanwhile = load.answers - before;
        cgroup.limit(1);
        await load.further(100);
        expect((await load.stop()).failures).toEqual([]);
        // It was throttled, and it did answer.
        expect(meanwhile).toBeGreaterThan(0);
        expect(await pool.metrics()).toContain("pillion_worker_hangs_total 0");
        expect(await pool.metrics()).toContain("pillion_worker_restarts_total 0");
      } finally {
        cgroup.limit(1);
        for (const pid of pids) process.kill(pid, "SIGKILL");
        await pool.process.ended;
        cgroup.remove();
      }
    },
  );

  it("that hang again and again, each time by another pod, leave nothing behind in the primary", {
    timeout: 900_000,
  }, async () => {
    const pool = await startHanging(["--workers", "2", "--hang-timeout", "4"]);
    const primary = Number(pool.process.child.pid);
    const descriptors = () => readdirSync(`/proc/${primary}/fd`).length;
    const hang = async (turn: number) => {
      const load = smallLoad(pool.https);
      await load.further(20);
      await expect(pool.review(hangingPod("compute", `pod ${turn}`), `uid-${turn}`)).rejects.toThrow();
      await vi.waitFor(async () => expect(await pool.why()).toContain("[+]workers 2 of 2 serve"), patience);
      await load.further(20);
      await load.stop();
    };
    await hang(0);
    const before = descriptors();
    for (let turn = 1; turn <= 12; turn++) await hang(turn);
    const metrics = await pool.metrics();
    expect(metrics).toContain("pillion_worker_hangs_total 13");
    expect(metrics.match(/^pillion_quarantined_review_bytes\{/gm)).toHaveLength(13);
    await vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(before), patience);
  });
});
