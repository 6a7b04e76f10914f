// What the webhook costs over the wire: the real program, TLS, connections that are kept, loopback, this machine alone.
// `npm run bench:http` builds first. Linux only: processor time and memory are read from /proc.
//
// Beside each figure stands the same server answering a prepared text for the same request, "the floor". The two take
// turns of a second, so that what disturbs the machine disturbs both. Compare ratios from one run; on a machine that does
// other things the absolute figures mean little. It ends with the ratios as JSON in one line.
//
// PILLION_BENCH_ROUNDS: turns for each number of connections (default 5).

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, quantile } from "./http/load.mjs";
import { freePort, memory, processorTime, send, start } from "./http/process.mjs";

const root = join(import.meta.dirname, "..");
const rounds = Number(process.env.PILLION_BENCH_ROUNDS ?? 5);
const roundMs = 1000;
const connectionCounts = [1, 16, 64];
/** What is promised. With several connections the floor's p99 is a few milliseconds, and an injection takes its turn. */
const limits = { shareOfFloor: 0.3, p99: 4, workersRatio: 1.25, readyMs: 1000, residentMiB: 120 };
const promisedConnections = 16;
// As `npm start` and the image run it: see docs/webhook.md on memory.
const nodeFlags = ["--max-semi-space-size=4"];

const folder = mkdtempSync(join(tmpdir(), "pillion-bench-"));
const recorded = readFileSync(join(root, "test/fixtures/admission-reviews/shaped-v1-create.json"), "utf8");
const review = JSON.stringify(JSON.parse(recorded));
// Many workloads, so that nothing is measured on one review that comes again and again.
const bodies = Array.from({ length: 200 }, (_, index) => review.replaceAll("cart", `cart-${index}`));

async function startWebhook(workers) {
  const [port, monitoring] = [await freePort(), await freePort()];
  const program = [...nodeFlags, join(root, "dist/main.js"), "webhook"];
  const addresses = [
    "--https-address",
    `127.0.0.1:${port}`,
    "--monitoring-address",
    `127.0.0.1:${monitoring}`,
  ];
  const others = ["--workers", String(workers), "--drain-duration", "0", "--dev-cert-dir", folder];
  return start([...program, ...addresses, ...others], port, "/ready");
}

async function startFloor(answer) {
  const file = join(folder, "answer.json");
  writeFileSync(file, answer);
  const port = await freePort();
  const pair = [join(folder, "tls.crt"), join(folder, "tls.key")];
  const program = [...nodeFlags, join(root, "bench/floor-server.mjs")];
  return start([...program, String(port), ...pair, file], port, "/nothing");
}

async function measure(server, connections) {
  const before = processorTime(server.pid);
  const { perSecond, answers, latencies } = await load(server.port, bodies, connections, roundMs);
  return {
    perSecond,
    answers,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpu: ((processorTime(server.pid) - before) / answers) * 1e6,
  };
}

/** What is measured is a server that has run for a while: the compiler takes a few thousand requests in each process. */
async function warmUp(server, workers = 1) {
  for (let answers = 0; answers < 3000 * workers; ) answers += (await measure(server, 16)).answers;
}

function median(numbers) {
  return [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)];
}

function medians(samples) {
  const fields = ["perSecond", "p50", "p99", "cpu"];
  return Object.fromEntries(fields.map((field) => [field, median(samples.map((sample) => sample[field]))]));
}

function print(name, connections, { perSecond, p50, p99, cpu }) {
  const cells = [
    name.padEnd(10),
    String(connections).padStart(5),
    perSecond.toFixed(0).padStart(8),
    ...[p50, p99].map((ms) => `${ms.toFixed(1)} ms`.padStart(9)),
    `${cpu.toFixed(0)} µs`.padStart(9),
  ];
  console.log(cells.join("  "));
}

/** Servers by their names take turns. */
async function compare(servers, connections) {
  const samples = new Map(Object.keys(servers).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, server] of Object.entries(servers))
      samples.get(name).push(await measure(server, connections));
  }
  const result = {};
  for (const [name, all] of samples) {
    result[name] = medians(all);
    print(name, connections, result[name]);
  }
  return result;
}

const failures = [];
function judge(what, value, limit, { unit = "", atLeast = false } = {}) {
  const ok = atLeast ? value >= limit : value <= limit;
  if (!ok) failures.push(what);
  const shown = value.toFixed(unit === "" ? 2 : 0);
  const bound = `${atLeast ? "at least" : "at most"} ${limit}${unit}`;
  console.log(`${what}: ${shown}${unit}, ${bound}${ok ? "" : "  MISSED"}`);
}

try {
  // The first start makes the development certificate; what is timed is a start that finds it.
  await (await startWebhook(1)).stop();
  const webhook = await startWebhook(1);
  const { text: answer } = await send(webhook.port, "/inject", bodies[0]);
  const floor = await startFloor(answer);
  console.log(`review ${bodies[0].length} bytes, answer ${answer.length} bytes, Node ${process.version}\n`);
  console.log("server      conns     req/s        p50        p99    CPU/req");
  await warmUp(floor);
  await warmUp(webhook);
  const figures = new Map();
  for (const connections of connectionCounts)
    figures.set(connections, await compare({ floor, webhook }, connections));
  for (let answers = 0; answers < 10_000; ) answers += (await measure(webhook, 16)).answers;
  const resident = memory(webhook.pid, "VmRSS");
  const peak = memory(webhook.pid, "VmHWM");
  await floor.stop();
  const workers = await startWebhook(2);
  await warmUp(workers, 2);
  const { webhook: one, "2 workers": two } = await compare({ webhook, "2 workers": workers }, 16);
  await Promise.all([webhook.stop(), workers.stop()]);

  const promised = figures.get(promisedConnections);
  const ratios = {
    shareOfFloor: promised.webhook.perSecond / promised.floor.perSecond,
    p99OverFloor: promised.webhook.p99 / promised.floor.p99,
    cpuOverFloor: promised.webhook.cpu / promised.floor.cpu,
    workersRatio: two.cpu / one.cpu,
  };
  console.log(`\nCPU per request, webhook over floor: ${ratios.cpuOverFloor.toFixed(2)}`);
  console.log(`peak resident memory: ${peak.toFixed(0)} MiB`);
  const at = `${promisedConnections} connections`;
  judge(`requests per second, webhook over floor, ${at}`, ratios.shareOfFloor, limits.shareOfFloor, {
    atLeast: true,
  });
  judge(`p99, webhook over floor, ${at}`, ratios.p99OverFloor, limits.p99);
  judge("CPU per request, two workers over one", ratios.workersRatio, limits.workersRatio);
  judge("start to ready", webhook.readyMs, limits.readyMs, { unit: " ms" });
  judge("resident memory after 10,000 injections", resident, limits.residentMiB, { unit: " MiB" });
  if (failures.length > 0) process.exitCode = 1;
  const rounded = Object.entries(ratios).map(([name, value]) => [name, Number(value.toFixed(2))]);
  console.log(JSON.stringify({ node: process.version, ratios: Object.fromEntries(rounded) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
