import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { handleReview } from "../../src/admission/index.js";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig } from "../../src/injection/index.js";
import { isObject } from "../../src/json/index.js";
import { readAnswer } from "../support/admission-review.js";
import { builtProgram } from "../support/built-program.js";
import { keepAliveAgent, send } from "../support/https-client.js";
import { root } from "../support/peer.js";
import { reviewOfCrowd } from "../support/pod-crowd.js";
import { soak } from "../support/soak.js";

/** What is left after a forced collection, in bytes. */
interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

function memoryOf(told: unknown): Memory {
  const { heapUsed, rss } = isObject(told) ? told : {};
  if (typeof heapUsed !== "number" || typeof rss !== "number") throw new Error("the probe told nothing");
  return { heapUsed, rss };
}

const count = 10_000;
const tenth = count / 10;

/** Answers every review of the crowd, and tells what was left after each tenth of them. */
async function crowd(answer: (review: string) => Promise<void>, measure: () => Promise<Memory>) {
  const left: Memory[] = [];
  for (let index = 0; index < count; index += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, one) => answer(reviewOfCrowd(index + one))));
    if ((index + 10) % tenth === 0) left.push(await measure());
  }
  return left;
}

// In the first tenth everything is met for the first time: code is compiled, what pods share is made.
function expectNoGrowth(left: readonly Memory[]): void {
  const [second, last] = [left[1], left.at(-1)];
  if (second === undefined || last === undefined) throw new Error("nothing was measured");
  expect(last.heapUsed / second.heapUsed).toBeLessThan(1.05);
  expect(last.rss / second.rss).toBeLessThan(1.1);
}

describe.runIf(soak)(`${count} different reviews from 200 namespaces, a tenth of them hostile`, () => {
  it("leave memory as it was, in process", { timeout: 600_000 }, async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const { injectConfig, values, mesh, templates } = embeddedDefaults;
    const snapshot = compileConfig({ injectConfig, values, mesh, templates });
    const rendered = { fast: 0, recorded: 0, slow: 0 };
    const context = {
      snapshot,
      path: "/inject",
      now: Date.now,
      elapsed: () => 0,
      onRender: (path: keyof typeof rendered) => rendered[path]++,
    };
    const left = await crowd(
      async (review) => void handleReview(Buffer.from(review), context),
      async () => {
        for (let turn = 0; turn < 3; turn++) collect();
        return process.memoryUsage();
      },
    );
    expectNoGrowth(left);
    // Pods that mean no harm are not made slow by those that do.
    expect(rendered.fast).toBeGreaterThan(0.85 * count);
  });

  it("leave memory as it was, in the server", { timeout: 900_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "pillion-memory-"));
    const probe = [
      "--expose-gc",
      "--max-semi-space-size=8",
      "--heap-growing-percent=30",
      "--import",
      join(root, "test/support/heap-probe.mjs"),
    ];
    const ports = ["--https-address", "127.0.0.1:0", "--monitoring-address", "127.0.0.1:0"];
    const child = spawn(
      process.execPath,
      [...probe, builtProgram(), "webhook", ...ports, "--dev-cert-dir", folder, "--drain-duration", "0"],
      { stdio: ["ignore", "pipe", "inherit", "ipc"] },
    );
    const ended = once(child, "close");
    const { stdout } = child;
    if (stdout === null) throw new Error("the webhook was started without a pipe");
    try {
      const port = await new Promise<number>((resolve, reject) => {
        createInterface({ input: stdout }).on("line", (line) => {
          const record: unknown = line.startsWith("{") ? JSON.parse(line) : undefined;
          if (isObject(record) && record.message === "ready") resolve(Number(record.httpsPort));
        });
        void ended.then(() => reject(new Error("the webhook ended")));
      });
      const agent = keepAliveAgent(readFileSync(join(folder, "ca.crt"), "utf8"), 10);
      const options = { agent, family: 4, method: "POST", headers: { "content-type": "application/json" } };
      const left = await crowd(
        async (review) => {
          const { text } = await send(`https://localhost:${port}/inject?timeout=30s`, options, review);
          readAnswer(text);
        },
        async () => {
          child.send("measure");
          const [told]: unknown[] = await once(child, "message");
          return memoryOf(told);
        },
      );
      agent.destroy();
      expectNoGrowth(left);
    } finally {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
