// Tries hostile inputs of every kind and prints how many failed. Beside `npm ci` it needs nothing.
//
//   node scripts/test-hostile.mjs [flags]
//
//   --inputs N       how many inputs in all; the default is 200000, which takes a few minutes; millions take hours
//   --seed N         which ones; the same seed makes the same inputs. Each further Node takes the next seed
//   --attack TEXT    only attacks whose name holds this text
//   --node MAJOR     on this Node, repeatable; the default is 20 and 24, side by side, each with its part of the inputs. One that is
//                    not the running one comes from npm
//   --again FILE     only the input that a failure was written with, on the running Node
//
// An input that fails is made smaller, as far as that can be done, and written to a file below the system's folder of
// temporary files.
import { fork } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { nodeOf } from "./node-of.mjs";

const root = dirname(import.meta.dirname);
const { values: flags } = parseArgs({
  options: {
    inputs: { type: "string", default: "200000" },
    seed: { type: "string", default: "1" },
    attack: { type: "string" },
    node: { type: "string", multiple: true, default: ["20", "24"] },
    again: { type: "string" },
  },
});
/** An input for which nothing is heard for so long has hung the process. The slowest attack takes a second for its 64. */
const patienceMs = 120_000;

const program = join(root, "node_modules", ".cache", "pillion-hostile", `${process.pid}`, "main.mjs");
try {
  await bundle();
  if (flags.again !== undefined) process.exitCode = await once(process.execPath, ["--again", flags.again]);
  else await runAll();
} finally {
  rmSync(dirname(program), { recursive: true, force: true });
}

/** One file that every Node can run. It lies in the tree, so that packages are found. */
async function bundle() {
  mkdirSync(dirname(program), { recursive: true });
  await build({
    entryPoints: [join(root, "test", "hostile", "main.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
    plugins: [{ name: "as it lies", setup: asItLies }],
  });
}

/**
 * Files say where they lie in the tree, not where the bundle does. Packages stay outside, but for one that Node cannot import
 * by names.
 */
function asItLies(builder) {
  builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === "entry-point" || path === "fast-json-patch" ? undefined : { path, external: true },
  );
  builder.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8").replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
    loader: "ts",
  }));
}

function once(node, args) {
  return new Promise((resolve) => start(node, args, { stdio: "inherit" }).once("exit", resolve));
}

function start(node, args, options) {
  return fork(program, args, {
    execPath: node,
    execArgv: ["--enable-source-maps", "--unhandled-rejections=warn"],
    ...options,
  });
}

async function runAll() {
  const { inputs, seed } = flags;
  console.log(`hostile inputs: ${inputs} in all on Node ${flags.node.join(" and ")}, from seed ${seed}`);
  const runs = await Promise.all(flags.node.map((major, at) => runOn(major, Number(seed) + at)));
  for (const { version, outcomes } of runs) printTable(version, outcomes);
  const sum = (of) => runs.flatMap(({ outcomes }) => outcomes).reduce((total, one) => total + of(one), 0);
  const failed = sum((one) => one.failed);
  console.log(`${sum((one) => one.inputs) - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Runs all attacks on one Node. A process that ends or hangs is a failure of the input that it was at. */
function runOn(major, seed) {
  const inputs = Math.ceil(Number(flags.inputs) / flags.node.length);
  const args = ["--inputs", String(inputs), "--seed", String(seed)];
  if (flags.attack !== undefined) args.push("--attack", flags.attack);
  const child = start(nodeOf(major), args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const outcomes = [];
  let [version, plan, at, hung] = [`v${major}`, undefined, undefined, false];
  const hang = () => {
    hung = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(hang, patienceMs);
  for (const stream of [child.stdout, child.stderr])
    stream
      .setEncoding("utf8")
      .on("data", (text) => process.stdout.write(text.replace(/^(?=.)/gm, `[Node ${major}] `)));
  child.on("message", (message) => {
    clearTimeout(timer);
    timer = setTimeout(hang, patienceMs);
    version = message.version ?? version;
    plan = message.plan ?? plan;
    at = message.progress ?? at;
    if (message.outcome !== undefined) outcomes.push(message.outcome);
  });
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      // One that ends in order has told how each attack went.
      if (code !== 0 || outcomes.length !== plan?.length) {
        const [attack, index] = at ?? ["the start", 0];
        const how = hung ? "hung" : `ended with ${code ?? signal}`;
        console.log(`FAILED: Node ${major} ${how} in ${attack}, from input ${index} on`);
        outcomes.push({ attack: `${attack}: ${how}`, inputs: 1, failed: 1, faults: { crash: 1 } });
      }
      resolve({ version, outcomes });
    });
  });
}

function printTable(version, outcomes) {
  const kinds = ["crash", "unforeseen", "over budget", "difference", "wrong"];
  const rows = outcomes.map(({ attack, inputs, failed, faults }) => [
    attack,
    inputs,
    failed,
    ...kinds.map((kind) => faults[kind] ?? 0),
  ]);
  const summaries = ["", ...outcomes.map(({ summary = "" }) => summary), ""];
  const total = rows.reduce(
    (sums, [, ...numbers]) => sums.map((sum, at) => sum + numbers[at]),
    Array(7).fill(0),
  );
  const table = [[`Node ${version}`, "inputs", "failed", ...kinds], ...rows, ["all", ...total]];
  const widths = table[0].map((_, at) => Math.max(...table.map((row) => String(row[at]).length)));
  console.log("");
  for (const [line, row] of table.entries()) {
    const cells = row.map((cell, at) =>
      at === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[at]),
    );
    console.log([...cells, summaries[line]].join("  ").trimEnd());
  }
}
