import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./peer.js";

/**
 * The path of the program's main file, compiled from the sources as they are now. It is compiled once for each state of
 * the sources, beside dist and not into it, so that test files that run at the same time do not disturb each other.
 */
export function builtProgram(): string {
  const cache = join(root, "node_modules", ".cache", "pillion-test");
  const folder = join(cache, String(Math.floor(newest(join(root, "src")))));
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    const require = createRequire(import.meta.url);
    const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
    execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", join(draft, "dist")], {
      cwd: root,
      stdio: "inherit",
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

function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
      (path) => statSync(join(folder, path)).mtimeMs,
    ),
  );
}
