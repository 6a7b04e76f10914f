// Bundles the command line into one file, which is what the image runs, and the watching thread's program into one beside it.
//
//   node scripts/build-bundle.mjs [--out FILE]        the default is dist/bundle/pillion.mjs
import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);
const { values } = parseArgs({ options: { out: { type: "string", default: "dist/bundle/pillion.mjs" } } });
const outfile = resolve(root, values.out);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The one file has no package.json beside it: the version is written into it. */
const fixedVersion = {
  name: "fixed-version",
  setup: ({ onLoad }) =>
    onLoad({ filter: /src\/cli\/package-version\.ts$/ }, () => ({
      contents: `export const packageVersion = ${JSON.stringify(version)};`,
    })),
};

const folder = dirname(outfile);
const name = basename(outfile, ".mjs");
const threadName = `${name}-watchdog`;

/** The thread's program has another name here. */
const threadBeside = {
  name: "thread-beside",
  setup: ({ onLoad }) =>
    onLoad({ filter: /src\/server\/watchdog\/thread-file\.ts$/ }, () => ({
      contents: `export const threadFile = new URL("./${threadName}.mjs", import.meta.url).href;`,
    })),
};

mkdirSync(folder, { recursive: true });
const { warnings } = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: "src/main.ts", out: name },
    { in: "src/server/watchdog/thread.ts", out: threadName },
  ],
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  // The floor of package.json: the same file runs on every Node that is supported.
  target: "node20.19",
  format: "esm",
  minifySyntax: true,
  minifyWhitespace: true,
  // Names of classes and functions stay, for errors that people read.
  keepNames: true,
  legalComments: "linked",
  plugins: [fixedVersion, threadBeside],
  // Libraries written for require() find it here.
  banner: {
    js: 'import { createRequire as pillionRequire } from "node:module"; const require = pillionRequire(import.meta.url);',
  },
  logLevel: "warning",
});
if (warnings.length > 0) process.exitCode = 1;
