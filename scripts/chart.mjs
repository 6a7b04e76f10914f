// Writes what the chart takes from elsewhere: the built-in templates and configuration (from templates/, as
// scripts/embed-templates.mjs completes them), the table of values in its README and its values.schema.json (from
// values.yaml and its comments), and the version (from package.json). With --check it only compares, and fails when
// something is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { refinements } from "./chart-values.mjs";

const root = dirname(import.meta.dirname);
const chart = join(root, "charts", "pillion");
const check = process.argv.includes("--check");
const stale = [];

// The generated module is one statement a line, and each value is JSON: it is read without a compiler.
const embedded = readFileSync(join(root, "src", "config", "embedded.generated.ts"), "utf8");
const constant = (name) => JSON.parse(new RegExp(`^export const ${name} = (".*");$`, "m").exec(embedded)[1]);
const templates = [...embedded.matchAll(/^ {2}(\[".*\]),$/gm)].map(([, pair]) => JSON.parse(pair));

const wanted = new Map([...templates.map(([name, text]) => [`${name}.yaml`, text])]);
const folder = join(chart, "files", "templates");
for (const [name, text] of wanted) put(join(folder, name), text);
for (const name of existsSync(folder) ? readdirSync(folder) : [])
  if (!wanted.has(name)) drop(join(folder, name));
put(join(chart, "files", "config.yaml"), constant("embeddedInjectConfig"));
put(join(chart, "files", "values.yaml"), constant("embeddedValues"));
put(join(chart, "files", "mesh.yaml"), constant("embeddedMesh"));

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const chartText = readFileSync(join(chart, "Chart.yaml"), "utf8");
put(join(chart, "Chart.yaml"), chartText.replace(/^(version|appVersion): .*$/gm, `$1: ${version}`));

const document = parseDocument(readFileSync(join(chart, "values.yaml"), "utf8"));
const rows = [...valuesOf(document.contents, [])];
const readme = join(chart, "README.md");
const marks = ["<!-- values: generated from values.yaml -->", "<!-- end of values -->"];
const [before, rest] = readFileSync(readme, "utf8").split(marks[0]);
put(readme, `${before}${marks[0]}\n\n${table(rows)}\n${marks[1]}${rest.split(marks[1])[1]}`);
put(join(chart, "values.schema.json"), `${JSON.stringify(schema(), null, 2)}\n`);

if (check && stale.length > 0) {
  console.error(`stale: ${stale.join(", ")}. Run \`node scripts/chart.mjs\``);
  process.exitCode = 1;
}

/** Every value that has a comment of its own, in order. */
function* valuesOf(map, path) {
  for (const { key, value } of map.items) {
    const here = [...path, key.value];
    const comment = /(?:^|\n) ?-- ([\s\S]*)$/.exec(key.commentBefore ?? commentOfFirst(map, key) ?? "")?.[1];
    if (comment !== undefined) yield { path: here, text: comment.replaceAll(/\s*\n ?/g, " ").trim(), value };
    else if (isMap(value) && value.items.length > 0) yield* valuesOf(value, here);
    else throw new Error(`values.yaml: ${here.join(".")} has no comment that begins with --`);
  }
}

/** The parser gives the comment before a map's first key to the map. */
function commentOfFirst(map, key) {
  if (map.items[0]?.key !== key) return undefined;
  return map.commentBefore ?? document.commentBefore;
}

function table(values) {
  const line = ({ path, text, value }) =>
    `| \`${path.join(".")}\` | \`${JSON.stringify(value.toJS(document))}\` | ${text.replaceAll("|", "\\|")} |\n`;
  return `| key | default | meaning |\n|---|---|---|\n${values.map(line).join("")}`;
}

function schema() {
  const tree = { type: "object", additionalProperties: false, properties: {} };
  for (const { path, text, value } of rows) {
    let place = tree;
    for (const key of path.slice(0, -1)) {
      place.properties[key] ??= { type: "object", additionalProperties: false, properties: {} };
      place = place.properties[key];
    }
    const refinement = refinements[path.join(".")] ?? {};
    place.properties[path.at(-1)] = { description: text, ...typeOf(value), ...refinement };
  }
  for (const name of Object.keys(refinements))
    if (!rows.some(({ path }) => path.join(".") === name))
      throw new Error(`values.yaml does not have ${name}`);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Values of the chart pillion",
    ...tree,
  };
}

function typeOf(node) {
  if (!isScalar(node)) return { type: isMap(node) ? "object" : "array" };
  const { value } = node;
  if (typeof value === "number") return { type: Number.isInteger(value) ? "integer" : "number" };
  return { type: typeof value };
}

function put(path, text) {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  if (check) return void stale.push(relative(root, path));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function drop(path) {
  if (check) return void stale.push(relative(root, path));
  rmSync(path);
}
