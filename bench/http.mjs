// What the webhook costs over the wire: the real program, TLS, connections that are kept, loopback, this machine alone.
// `npm run bench:http` builds first. Linux only: processor time and memory are read from /proc.
//
// Beside each figure stands the same server answering a prepared text for the same request, "the floor". The two take
// turns of a part of a second, so that what disturbs the machine disturbs both. Compare ratios from one run; on a machine that does
// other things the absolute figures mean little. It ends with the ratios as JSON in one line.
//
// PILLION_BENCH_ROUNDS: turns for each number of connections (default 15).

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Load, quantile } from "./http/load.mjs";
import { freePort, memory, processorTime, send, start } from "./http/process.mjs";
import { hello, threeContainers } from "./inject/workloads.mjs";

const root = join(import.meta.dirname, "..");
const rounds = Number(process.env.PILLION_BENCH_ROUNDS ?? 15);
const turnMs = 400;
const connectionCounts = [1, 16, 64];
/** What is promised. With several connections the floor's p99 is a few milliseconds, and an injection takes its turn. */
const limits = { shareOfFloor: 0.3, p99: 4, workersRatio: 1.25, readyMs: 1000, residentMiB: 120 };
const promisedConnections = 16;
// As `npm start` and the image run it: see docs/webhook.md on memory.
const nodeFlags = ["--max-semi-space-size=8", "--heap-growing-percent=30"];

const folder = mkdtempSync(join(tmpdir(), "pillion-bench-"));
const many = (make) => Array.from({ length: 300 }, (_, index) => make(index));
const helloPods = many((index) => hello(index));
const threePods = many(threeContainers);

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
  return start([...program, String(port), ...pair, file], port, "/ready");
}

/** A server under load: connections that are open, and what each turn gave. */
class Loaded {
  static async open(server, bodies, connections) {
    return new Loaded(server, await Load.open(server.port, bodies, connections));
  }

  turns = [];

  constructor(server, load) {
    this.server = server;
    this.load = load;
  }

  /** Answers per second, milliseconds, and microseconds of processor time of an answer. */
  async turn() {
    const before = processorTime(this.server.pid);
    const { elapsed, latencies } = await this.load.run(turnMs);
    const processor = processorTime(this.server.pid) - before;
    this.turns.push({
      answers: latencies.length,
      perSecond: (latencies.length / elapsed) * 1000,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpu: (processor / latencies.length) * 1e6,
    });
  }

  /** Loads until so many answers have come. */
  async answers(count) {
    for (let sum = 0; sum < count; sum += this.turns.at(-1).answers) await this.turn();
    this.load.close();
  }
}

/** What is measured is a server that has run for a while: the compiler takes a few thousand requests in each process. */
async function warmUp(server, bodies, workers = 1) {
  await (await Loaded.open(server, bodies, 16)).answers(6000 * workers);
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

function median(numbers) {
  return quantile(numbers, 0.5);
}

/** Servers by their names take turns. What it returns gives the median of the ratios of neighbouring turns. */
async function compare(servers, bodies, connections) {
  const loaded = new Map();
  for (const [name, server] of Object.entries(servers))
    loaded.set(name, await Loaded.open(server, bodies, connections));
  for (let round = 0; round < rounds; round++) for (const one of loaded.values()) await one.turn();
  for (const [name, { load, turns }] of loaded) {
    load.close();
    const fields = ["perSecond", "p50", "p99", "cpu"];
    print(
      name,
      connections,
      Object.fromEntries(fields.map((field) => [field, median(turns.map((turn) => turn[field]))])),
    );
  }
  return (field, over, under) => {
    const below = loaded.get(under).turns;
    return median(loaded.get(over).turns.map((turn, index) => turn[field] / below[index][field]));
  };
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
  console.log(`Node ${process.version}\n`);
  console.log("server      conns     req/s        p50        p99    CPU/req");
  const figures = new Map();
  for (const [name, bodies, counts] of [
    ["hello", helloPods, connectionCounts],
    ["three containers", threePods, [promisedConnections]],
  ]) {
    const { text: answer } = await send(webhook.port, "/inject", bodies[0]);
    console.log(`${name}: review ${bodies[0].length} bytes, answer ${answer.length} bytes`);
    const floor = await startFloor(answer);
    await warmUp(floor, bodies);
    await warmUp(webhook, bodies);
    for (const connections of counts) {
      const compared = await compare({ floor, webhook }, bodies, connections);
      if (connections === promisedConnections) figures.set(name, compared);
    }
    await floor.stop();
  }
  await (await Loaded.open(webhook, helloPods, 16)).answers(10_000);
  const resident = memory(webhook.pid, "VmRSS");
  const peak = memory(webhook.pid, "VmHWM");
  console.log("hello, two workers");
  const workers = await startWebhook(2);
  await warmUp(workers, helloPods, 2);
  const workersOver = await compare({ webhook, "2 workers": workers }, helloPods, promisedConnections);
  await Promise.all([webhook.stop(), workers.stop()]);

  const ratioOf = (name, field) => figures.get(name)(field, "webhook", "floor");
  const ratios = {
    shareOfFloor: ratioOf("hello", "perSecond"),
    p99OverFloor: ratioOf("hello", "p99"),
    cpuOverFloor: ratioOf("hello", "cpu"),
    shareOfFloorThree: ratioOf("three containers", "perSecond"),
    p99OverFloorThree: ratioOf("three containers", "p99"),
    workersRatio: workersOver("cpu", "2 workers", "webhook"),
  };
  console.log(`\nCPU per request, webhook over floor: ${ratios.cpuOverFloor.toFixed(2)}`);
  console.log(`peak resident memory: ${peak.toFixed(0)} MiB`);
  const at = `webhook over floor, hello, ${promisedConnections} connections`;
  judge(`requests per second, ${at}`, ratios.shareOfFloor, limits.shareOfFloor, { atLeast: true });
  judge(`p99, ${at}`, ratios.p99OverFloor, limits.p99);
  judge("CPU per request, two workers over one", ratios.workersRatio, limits.workersRatio);
  judge("start to ready", webhook.readyMs, limits.readyMs, { unit: " ms" });
  judge("resident memory after 10,000 injections", resident, limits.residentMiB, { unit: " MiB" });
  if (failures.length > 0) process.exitCode = 1;
  const rounded = Object.entries(ratios).map(([name, value]) => [name, Number(value.toFixed(2))]);
  console.log(JSON.stringify({ node: process.version, ratios: Object.fromEntries(rounded) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
