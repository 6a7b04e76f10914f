// Runs the end-to-end tests: a real kube-apiserver, etcd, kube-controller-manager, kubectl and helm, and the bundle that
// the image runs.
//
//   node scripts/test-e2e.mjs [--release current|older] [--record] [vitest's arguments]
//
// Everything runs in a network namespace of its own, so that no packet leaves it. That takes root, or user namespaces.
// What is missing is built first (scripts/e2e-tools.mjs). With --record the AdmissionReviews that the API server sends
// are written to test/fixtures/admission-reviews instead.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const args = process.argv.slice(2);
const release = take("--release", true) ?? "current";
const record = take("--record", false) !== undefined;

const node = (script, ...rest) =>
  execFileSync(process.execPath, [join(root, "scripts", script), ...rest], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });

const folder = mkdtempSync(join(tmpdir(), "pillion-e2e-"));
try {
  const tools = JSON.parse(node("e2e-tools.mjs", "--release", release));
  const bundle = join(folder, "pillion.mjs");
  node("build-bundle.mjs", "--out", bundle);
  const environment = { ...tools, bundle, release, folder, addresses: ["10.99.0.1", "10.99.0.2"], record };
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const files = record ? ["test/e2e/record.test.ts"] : [];
  const { status, error } = spawnSync(
    "unshare",
    [
      ...(process.getuid?.() === 0 ? ["--net"] : ["--user", "--map-root-user", "--net"]),
      // Ends with the namespace's first process whatever it started.
      ...["--pid", "--fork", "--kill-child", "--mount-proc"],
      ...["sh", "-ec", namespace(environment.addresses), "sh"],
      ...[process.execPath, vitest, "run", "--config", "vitest.e2e.config.ts", ...files, ...args],
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, PILLION_E2E: JSON.stringify(environment) } },
  );
  if (error !== undefined) throw new Error(`cannot run unshare (package util-linux): ${error.message}`);
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Loopback, and an interface with addresses that endpoints may name: a dummy, or where there is none a pair. */
function namespace(addresses) {
  return [
    "ip link set lo up",
    "ip link add pillion0 type dummy 2>/dev/null || ip link add pillion0 type veth peer name pillion1",
    ...addresses.map((address) => `ip address add ${address}/24 dev pillion0`),
    "ip link set pillion0 up",
    "! ip link show pillion1 >/dev/null 2>&1 || ip link set pillion1 up",
    'exec "$@"',
  ].join("\n");
}

function take(name, hasValue) {
  const at = args.indexOf(name);
  if (at < 0) return undefined;
  const [, value = ""] = args.splice(at, hasValue ? 2 : 1);
  return value;
}
