import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { root } from "./peer.js";

/**
 * The path of the program's main file, translated from the sources as they are now. That is done once for each state
 * of the sources, beside dist and not into it, so that test files that run at the same time do not disturb each other.
 */
export function builtProgram(): string {
  const cache = join(root, "node_modules", ".cache", "pillion-test");
  const src = join(root, "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).map((path) => join(src, path));
  const state = Math.floor(Math.max(...files.map((path) => statSync(path).mtimeMs)));
  const folder = join(cache, String(state));
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    buildSync({
      entryPoints: files.filter((path) => path.endsWith(".ts")),
      outdir: join(draft, "dist"),
      format: "esm",
      platform: "node",
      target: "node20",
    });
    cpSync(join(root, "package.json"), join(draft, "package.json"));
    try {
      renameSync(draft, folder);
    } catch {
      // Another test file was quicker.
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return join(folder, "dist", "main.js");
}
