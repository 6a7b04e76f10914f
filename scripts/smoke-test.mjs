// Runs the bundle of the image the way the image runs it, without a container engine, on the oldest Node that is
// supported and on the image's. A Node that is not the running one comes from npm, into a cache outside the tree.
//
//   node scripts/smoke-test.mjs [--node MAJOR]...        the default is 20 and 24
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { nodeOf } from "./node-of.mjs";

const root = dirname(import.meta.dirname);
const { values } = parseArgs({
  options: { node: { type: "string", multiple: true, default: ["20", "24"] } },
});
const folder = mkdtempSync(join(tmpdir(), "pillion-smoke-"));
const bundle = join(folder, "image", "pillion.mjs");
// The flags of Node that the image has.
const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(root, "Dockerfile"), "utf8"));
const nodeFlags = JSON.parse(entrypoint[1]).filter((word) => word.startsWith("--"));
const review = readFileSync(
  join(root, "test/fixtures/admission-reviews/kubernetes-1.36-replicaset.json"),
  "utf8",
);

try {
  execFileSync(process.execPath, [join(root, "scripts/build-bundle.mjs"), "--out", bundle], {
    stdio: "inherit",
  });
  // As in the image: a working directory that nothing can be written to.
  chmodSync(dirname(bundle), 0o555);
  for (const major of values.node) await smoke(nodeOf(major));
} finally {
  chmodSync(dirname(bundle), 0o755);
  rmSync(folder, { recursive: true, force: true });
}

async function smoke(node) {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const run = (...args) =>
    execFileSync(node, [...nodeFlags, bundle, ...args], {
      encoding: "utf8",
      cwd: dirname(bundle),
      env: { PATH: process.env.PATH },
    });
  check(/^pillion \d/.test(run("version")), "version");
  const injected = run("inject", "-f", join(root, "test/fixtures/bookinfo.yaml"));
  check(injected.split("name: istio-proxy").length > 6, "inject");
  for (const workers of ["1", "2"]) await serve(node, workers);
  console.log(`ok: the bundle runs on Node ${version}`);
}

async function serve(node, workers) {
  const [port, monitoring] = [await freePort(), await freePort()];
  const certificates = mkdtempSync(join(folder, "certificates-"));
  const server = spawn(
    node,
    [
      ...[...nodeFlags, bundle, "webhook", `--workers=${workers}`, "--drain-duration=0"],
      `--dev-cert-dir=${certificates}`,
      ...[`--https-address=127.0.0.1:${port}`, `--monitoring-address=127.0.0.1:${monitoring}`],
    ],
    { cwd: dirname(bundle), env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const output = Promise.all([text(server.stdout), text(server.stderr)]);
  const ended = new Promise((resolve) => server.on("close", (code, signal) => resolve(code ?? signal)));
  try {
    await ready(`http://127.0.0.1:${monitoring}/ready`, server);
    const ca = readFileSync(join(certificates, "ca.crt"));
    const { response } = JSON.parse(await post(port, ca));
    check(response.allowed === true && response.patchType === "JSONPatch", "a recorded review");
    check(Buffer.from(response.patch, "base64").toString().includes("istio-proxy"), "its patch");
    const metrics = await (await fetch(`http://127.0.0.1:${monitoring}/metrics`)).text();
    check(/^sidecar_injection_success_total 1$/m.test(metrics), "metrics");
  } catch (error) {
    server.kill("SIGKILL");
    throw new Error((await output).join("\n").slice(-3000), { cause: error });
  }
  server.kill("SIGTERM");
  check((await ended) === 0, `the end of ${workers} worker(s)`);
}

async function ready(url, server) {
  for (const end = Date.now() + 30_000; ; ) {
    if (server.exitCode !== null) throw new Error("it ended");
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    if (Date.now() > end) throw new Error("it is not ready");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function post(port, ca) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const call = request(
      `https://localhost:${port}/inject`,
      { method: "POST", ca, headers, timeout: 10_000 },
      (answer) => text(answer).then(resolve, reject),
    );
    call.on("error", reject);
    call.end(review);
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function check(holds, what) {
  if (!holds) throw new Error(`smoke test: ${what} is not as it should be`);
}
