import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The path of a Node of a major version: the running one, or one from npm in a cache outside the tree. */
export function nodeOf(major) {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const home = join(cache, "pillion-e2e", `node-${major}`);
  const name = `node-linux-${process.arch}`;
  const path = join(home, "node_modules", name, "bin", "node");
  if (!existsSync(path)) {
    mkdirSync(home, { recursive: true });
    const flags = ["--prefix", home, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", ["install", ...flags, `${name}@${major}`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  return path;
}
