// Runs the tests that need a kernel: checks for what they need, builds the command they run, and hands over to vitest.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const require = createRequire(import.meta.url);

const tools = [
  ["iptables-nft", "iptables"],
  ["iptables-legacy", "iptables"],
  ["ip6tables-nft", "iptables"],
  ["ip6tables-legacy", "iptables"],
  ["ip", "iproute2"],
  ["nft", "nftables"],
  ["nsenter", "util-linux"],
  ["unshare", "util-linux"],
  ["setpriv", "util-linux"],
  ["python3", "python3"],
];

const there = (tool) => {
  const { error } = spawnSync(tool, ["--version"], { stdio: "ignore" });
  return error === undefined;
};

const lacks = [];
if (process.platform !== "linux") lacks.push("a Linux kernel");
else {
  if (process.getuid() !== 0)
    lacks.push("root (run as root, or in a container with NET_ADMIN and SYS_ADMIN)");
  for (const [tool, debianPackage] of tools)
    if (!there(tool)) lacks.push(`${tool} (Debian package ${debianPackage})`);
}
if (lacks.length === 0) {
  const name = `pillion-check-${process.pid}`;
  try {
    execFileSync("ip", ["netns", "add", name], { stdio: "pipe" });
    execFileSync("ip", ["netns", "delete", name], { stdio: "pipe" });
  } catch (error) {
    lacks.push(`network namespaces (${String(error.stderr ?? error).trim()})`);
  }
}
if (lacks.length > 0) {
  console.error(
    `The kernel tests cannot run here. They lack:\n${lacks.map((each) => `  - ${each}`).join("\n")}`,
  );
  process.exit(1);
}

// Inside node_modules, so that the compiled files find their packages.
const cache = join(root, "node_modules", ".cache", "pillion-kernel");
const built = join(cache, "dist");
rmSync(cache, { recursive: true, force: true });
mkdirSync(cache, { recursive: true });
copyFileSync(join(root, "package.json"), join(cache, "package.json"));
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
const compiled = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", built], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
if (compiled.status !== 0) console.error("The compiler found faults; what it wrote is tested all the same.");
if (!existsSync(join(built, "main.js"))) {
  console.error("The command to be tested could not be compiled.");
  process.exit(1);
}
const vitest = join(dirname(require.resolve("vitest/package.json")), "vitest.mjs");
const args = [vitest, "run", "--config", "vitest.kernel.config.ts", ...process.argv.slice(2)];
const tests = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PILLION_BUILT: built },
});
process.exit(compiled.status === 0 ? (tests.status ?? 1) : Math.max(tests.status ?? 1, 0));
