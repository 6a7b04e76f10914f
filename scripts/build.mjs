// Builds dist/: refreshes the generated module of the built-in templates, then compiles.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");

const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });

rmSync(join(root, "dist"), { recursive: true, force: true });
if (existsSync(join(root, "scripts", "embed-templates.mjs"))) run("scripts/embed-templates.mjs");
run(tsc, "-p", "tsconfig.build.json");
chmodSync(join(root, "dist", "main.js"), 0o755);
