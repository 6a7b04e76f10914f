import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readAnswer, reviewOf, smallPod } from "../support/admission-review.js";
import { keepAliveAgent, send } from "../support/https-client.js";
import { Load } from "../support/load.js";
import { makeMemoryCgroup, memoryCgroupMissing } from "../support/memory-cgroup.js";
import { askOnce, dripBody, Siege } from "../support/siege.js";
import { soak } from "../support/soak.js";
import { startWebhookProcess } from "../support/webhook-process.js";

const containerLimit = 512 * 1024 * 1024;
const missing = soak ? memoryCgroupMissing() : undefined;

/** A review of about 5.4 MiB: a pod with very many environment variables. */
function largeReview(index: number): Buffer {
  const value = "x".repeat(1000);
  const env = Array.from({ length: 5450 }, (_, one) => ({ name: `V${one}`, value }));
  const containers = [{ name: "app", image: "registry.example/app:1", env }];
  return Buffer.from(reviewOf({ ...smallPod(`large-${index}`), spec: { containers } }));
}

// At once they would be encrypted at once, and this process would do nothing else for seconds.
function* slices(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += 65_536) yield body.subarray(start, start + 65_536);
}

/** Sends a body until it is served, as an API server does: again after the time that it is told. */
async function sendUntilServed(url: string, agent: Agent, body: Buffer): Promise<readonly number[]> {
  const statuses: number[] = [];
  const headers = { "content-type": "application/json", "content-length": body.length };
  while (statuses.at(-1) !== 200) {
    const pieces = Readable.from(slices(body));
    const answer = await send(url, { agent, family: 4, method: "POST", headers }, pieces);
    statuses.push(answer.status);
    if (answer.status === 200) readAnswer(answer.text);
    else if (answer.status !== 429) throw new Error(`status ${answer.status}: ${answer.text}`);
    else await new Promise((resolve) => setTimeout(resolve, Number(answer.headers["retry-after"]) * 1000));
  }
  return statuses;
}

describe.runIf(soak)("a thousand slow bodies, a thousand idle connections and 64 large bodies", () => {
  it.skipIf(missing !== undefined).each([1, 2])(
    "fail no small request and keep a container of 512 MiB alive, with %i worker(s)",
    { timeout: 600_000 },
    async (workers) => {
      const folder = mkdtempSync(join(tmpdir(), "pillion-siege-"));
      const cgroup = makeMemoryCgroup(containerLimit);
      // As in the image.
      const node = [process.execPath, "--max-semi-space-size=8", "--heap-growing-percent=30"];
      const args = ["--dev-cert-dir", folder, "--workers", String(workers), "--drain-duration", "0"];
      const webhook = startWebhookProcess(args, undefined, [...cgroup.enter, ...node]);
      try {
        const { https: port, monitoring } = await webhook.ready;
        const ca = readFileSync(join(folder, "ca.crt"), "utf8");
        const url = `https://localhost:${port}/inject?timeout=30s`;
        const agent = keepAliveAgent(ca, 4);
        const load = new Load(
          4,
          () => ({ url, agent, body: reviewOf(smallPod()) }),
          (answer) => (readAnswer(answer.text).response.allowed ? undefined : answer.text),
        );
        await load.further(200);
        const bodies = Array.from({ length: 64 }, (_, index) => largeReview(index));
        const siege = new Siege({ port, ca });
        await siege.lay(1000, askOnce);
        await siege.lay(1000, dripBody);
        await load.further(200);
        const many = keepAliveAgent(ca, 64);
        const large = await Promise.all(bodies.map((body) => sendUntilServed(url, many, body)));
        await load.further(200);
        const { failures } = await load.stop();
        const { text } = await send(`http://127.0.0.1:${monitoring}/metrics`, { agent: false });
        siege.lift();
        agent.destroy();
        many.destroy();
        expect(failures).toEqual([]);
        expect(siege.opened).toBeGreaterThanOrEqual(2000);
        expect(large.map((statuses) => statuses.at(-1))).toEqual(Array(64).fill(200));
        expect(cgroup.peak()).toBeLessThanOrEqual(containerLimit);
        expect(cgroup.kills()).toBe(0);
        expect(text).toMatch(/^pillion_worker_restarts_total 0$/m);
        expect(webhook.child.exitCode).toBeNull();
      } finally {
        webhook.child.kill("SIGTERM");
        await webhook.ended;
        cgroup.remove();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
