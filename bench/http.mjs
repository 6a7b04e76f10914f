// What the webhook costs over the wire: the real program, TLS, connections that are kept, loopback, this machine alone.
// `npm run bench:http` builds first. Linux only: processor time and memory are read from /proc.
//
// Beside each figure stands the same server answering a prepared text for the same request, "the floor". Compare ratios
// from one run; on a machine that does other things the absolute figures mean little.
//
// PILLION_BENCH_SECONDS: how long each measurement runs (default 4).

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";

const root = join(import.meta.dirname, "..");
const seconds = Number(process.env.PILLION_BENCH_SECONDS ?? 4);
const connectionCounts = [1, 16, 64];
const limits = { workersRatio: 1.25, readyMs: 1000, residentMiB: 120 };
const ticksPerSecond = 100;
// As `npm start` and the image run it: see docs/webhook.md on memory.
const nodeFlags = ["--max-semi-space-size=4"];

const folder = mkdtempSync(join(tmpdir(), "pillion-bench-"));
const body = readFileSync(join(root, "test/fixtures/admission-reviews/shaped-v1-create.json"), "utf8");
const review = JSON.stringify(JSON.parse(body));

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function send(port, path, text) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, agent: false, rejectUnauthorized: false };
    const headers = { "content-type": "application/json" };
    request({ ...options, ...(text ? { method: "POST", headers } : {}) }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }),
      );
    })
      .on("error", reject)
      .end(text);
  });
}

/** Waits until the path answers with a status below 500. */
async function until(port, path) {
  for (;;) {
    try {
      if ((await send(port, path)).status < 500) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function start(args, port, path) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  await until(port, path);
  const readyMs = performance.now() - began;
  return {
    port,
    readyMs,
    pid: child.pid,
    stop: () =>
      new Promise((resolve) => {
        child.once("close", resolve);
        child.kill("SIGTERM");
      }),
  };
}

async function startWebhook(workers) {
  const [port, monitoring] = [await freePort(), await freePort()];
  return start(
    [
      ...[
        ...nodeFlags,
        join(root, "dist/main.js"),
        "webhook",
        "--workers",
        String(workers),
        "--drain-duration",
        "0",
      ],
      ...["--https-address", `127.0.0.1:${port}`, "--monitoring-address", `127.0.0.1:${monitoring}`],
      ...["--dev-cert-dir", folder],
    ],
    port,
    "/ready",
  );
}

async function startFloor(answer) {
  const file = join(folder, "answer.json");
  writeFileSync(file, answer);
  const port = await freePort();
  const pair = [join(folder, "tls.crt"), join(folder, "tls.key")];
  return start([join(root, "bench/floor-server.mjs"), String(port), ...pair, file], port, "/nothing");
}

function children(pid) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.filter((name) => {
    try {
      return Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1].split(" ")[1]) === pid;
    } catch {
      return false;
    }
  });
}

const family = (pid) => [String(pid), ...children(pid)];

/** Seconds of processor time of a process and its children. */
function processorTime(pid) {
  return family(pid).reduce((sum, name) => {
    const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1].split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }, 0);
}

/** Mebibytes of the largest process: `VmRSS` now, `VmHWM` at its peak. */
function memory(pid, field) {
  const sizes = family(pid).map((name) =>
    Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${name}/status`, "utf8"))[1]),
  );
  return Math.max(...sizes) / 1024;
}

async function load(server, connections, duration = seconds) {
  const before = processorTime(server.pid);
  const result = await autocannon({
    url: `https://127.0.0.1:${server.port}/inject`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: review,
    connections,
    duration,
    tlsOptions: { rejectUnauthorized: false },
  });
  const answers = result["2xx"];
  if (result.errors + result.non2xx + result.timeouts > 0)
    throw new Error("not every request was answered with 200");
  const { p50, p99, max } = result.latency;
  return {
    perSecond: answers / result.duration,
    p50,
    p99,
    max,
    cpuMicroseconds: ((processorTime(server.pid) - before) / answers) * 1e6,
    answers,
  };
}

function print(name, connections, figures) {
  const cells = [
    name.padEnd(10),
    String(connections).padStart(5),
    figures.perSecond.toFixed(0).padStart(8),
    ...[figures.p50, figures.p99, figures.max].map((ms) => `${ms} ms`.padStart(8)),
    `${figures.cpuMicroseconds.toFixed(0)} µs`.padStart(9),
  ];
  console.log(cells.join("  "));
}

async function measure(name, server, workers = 1) {
  // What is measured is a server that has run for a while: the compiler takes a few thousand requests in each process.
  for (let answers = 0; answers < 3000 * workers; ) answers += (await load(server, 16, 2)).answers;
  const all = [];
  for (const connections of connectionCounts) {
    const figures = await load(server, connections);
    print(name, connections, figures);
    all.push(figures);
  }
  return all;
}

/** Total processor time over total requests, of all connection counts. */
function cost(all) {
  const answers = all.reduce((sum, { answers: count }) => sum + count, 0);
  return all.reduce((sum, figures) => sum + figures.cpuMicroseconds * figures.answers, 0) / answers;
}

async function untilInjections(server, count, done) {
  let answers = done;
  while (answers < count) answers += (await load(server, 16, 2)).answers;
}

const failures = [];
function judge(what, value, limit, unit) {
  const ok = value <= limit;
  if (!ok) failures.push(what);
  console.log(
    `${what}: ${value.toFixed(unit === "" ? 2 : 0)}${unit}, limit ${limit}${unit}${ok ? "" : "  EXCEEDED"}`,
  );
}

try {
  // The first start makes the development certificate; what is timed is a start that finds it.
  await (await startWebhook(1)).stop();
  const one = await startWebhook(1);
  const { text: answer } = await send(one.port, "/inject", review);
  const floor = await startFloor(answer);
  console.log(`review ${review.length} bytes, answer ${answer.length} bytes, Node ${process.version}\n`);
  console.log("server      conns     req/s       p50       p99       max    CPU/req");
  const floorFigures = await measure("floor", floor);
  const oneFigures = await measure("webhook", one);
  await untilInjections(
    one,
    10_000,
    oneFigures.reduce((sum, { answers }) => sum + answers, 0),
  );
  const resident = memory(one.pid, "VmRSS");
  const peak = memory(one.pid, "VmHWM");
  await Promise.all([floor.stop(), one.stop()]);
  const two = await startWebhook(2);
  const twoFigures = await measure("2 workers", two, 2);
  await two.stop();

  console.log(`\nCPU per request, webhook over floor: ${(cost(oneFigures) / cost(floorFigures)).toFixed(2)}`);
  console.log(`peak resident memory: ${peak.toFixed(0)} MiB`);
  judge(
    "CPU per request, two workers over one",
    cost(twoFigures) / cost(oneFigures),
    limits.workersRatio,
    "",
  );
  judge("start to ready", one.readyMs, limits.readyMs, " ms");
  judge("resident memory after 10,000 injections", resident, limits.residentMiB, " MiB");
  if (failures.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
