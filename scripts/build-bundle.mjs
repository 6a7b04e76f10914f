// Bundles the command line into one file, which is what the image runs.
//
//   node scripts/build-bundle.mjs [--out FILE]        the default is dist/bundle/pillion.mjs
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
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

mkdirSync(dirname(outfile), { recursive: true });
const { warnings } = await build({
  absWorkingDir: root,
  entryPoints: ["src/main.ts"],
  outfile,
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
  plugins: [fixedVersion],
  // Libraries written for require() find it here.
  banner: {
    js: 'import { createRequire as pillionRequire } from "node:module"; const require = pillionRequire(import.meta.url);',
  },
  logLevel: "warning",
});
if (warnings.length > 0) process.exitCode = 1;
