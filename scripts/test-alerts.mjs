// Tests the chart's alerts with promtool: renders them with helm as the chart installs them, once for the values of each
// folder of test/alerts, and runs the tests of that folder on them. Every alert must be shown to fire and not to fire (ADR 0417).
//
//   node scripts/test-alerts.mjs [FOLDER]...        the default is every folder of test/alerts
//
// The queries of the dashboard are not run here, but promtool reads them too.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";

const root = dirname(import.meta.dirname);
const chart = join(root, "charts", "pillion");
const home = join(root, "test", "alerts");

const helm = found("helm") ?? builtHelm();
const lacks = [];
if (found("promtool") === undefined) lacks.push("promtool (Debian package prometheus)");
if (helm === undefined) lacks.push("helm (put it on the PATH, or build it: node scripts/e2e-tools.mjs)");
if (lacks.length > 0) {
  console.error(
    `The alerts cannot be tested here. They lack:\n${lacks.map((each) => `  - ${each}\n`).join("")}`,
  );
  process.exit(1);
}

let passed = 0;
let failed = 0;
const work = mkdtempSync(join(tmpdir(), "pillion-alerts-"));
try {
  const folders = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(home).sort();
  const shown = folders.map(testFolder);
  // A part of the folders need not show everything.
  if (process.argv.length === 2) noteCoverage(shown);
  readDashboard();
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** Runs the tests of a folder. Tells which alerts there are with its values, and what its tests expect of which. */
function testFolder(folder) {
  const spec = rendered(join(home, folder, "values.yaml"));
  writeFileSync(join(work, "rules.yaml"), stringify(spec));
  note(`${folder}: promtool accepts the rules`, promtool("check", "rules", "--lint-fatal", "rules.yaml"));
  const files = readdirSync(join(home, folder)).filter((name) => name !== "values.yaml");
  const tests = files.flatMap((name) => testsOf(folder, name));
  // One at a time, so that a failure has a name.
  for (const { title, text } of tests) {
    writeFileSync(join(work, "test.yaml"), text);
    note(title, promtool("test", "rules", "test.yaml"));
  }
  const names = new Set(spec.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
  return { names, expectations: tests.flatMap((test) => test.expectations) };
}

/** The rules as helm renders them with a file of values. */
function rendered(values) {
  const flags = ["--namespace", "istio-system", "--values", values, "--set", "prometheusRule.enabled=true"];
  const only = ["--show-only", "templates/prometheusrule.yaml"];
  const text = execFileSync(helm, ["template", "pillion", chart, ...flags, ...only], { encoding: "utf8" });
  return parse(text).spec;
}

function testsOf(folder, name) {
  const text = readFileSync(join(home, folder, name), "utf8");
  // 0x10 is sixteen to promtool, and not ten zeros.
  if (/values:.*(?<!\+)\b0x\d/.test(text))
    throw new Error(`${folder}/${name}: write 0+0x10 for ten zeros more`);
  const { tests, ...rest } = parse(text, { merge: true });
  return tests.map((test) => ({
    title: `${folder}/${name}: ${test.name}`,
    text: stringify({ ...rest, tests: [test] }, { aliasDuplicateObjects: false }),
    expectations: test.alert_rule_test ?? [],
  }));
}

/** What promtool does not notice: an alert that nobody tests, and a test of an alert that does not exist. */
function noteCoverage(shown) {
  const names = new Set(shown.flatMap((each) => [...each.names]));
  const expectations = shown.flatMap((each) => each.expectations);
  for (const alertname of new Set([...names, ...expectations.map((each) => each.alertname)])) {
    const fires = ({ exp_alerts: expected }) => expected.length > 0;
    const own = expectations.filter((each) => each.alertname === alertname);
    const ok = names.has(alertname) && own.some(fires) && !own.every(fires);
    note(`${alertname} exists, and is shown to fire and not to fire`, { ok, output: "" });
  }
}

/** The dashboard's queries as recording rules, with what Grafana puts in for its variables. */
function readDashboard() {
  const dashboard = JSON.parse(readFileSync(join(chart, "files", "dashboard.json"), "utf8"));
  const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, expr })),
  );
  const rules = queries.map(({ expr }, index) => ({
    record: `query:${index}`,
    expr: expr.replaceAll("$__rate_interval", "5m").replaceAll("$__range", "1h"),
  }));
  writeFileSync(join(work, "queries.yaml"), stringify({ groups: [{ name: "dashboard", rules }] }));
  note(
    `promtool accepts the dashboard's ${rules.length} queries`,
    promtool("check", "rules", "queries.yaml"),
  );
}

function promtool(...args) {
  const { status, stdout, stderr } = spawnSync("promtool", args, { cwd: work, encoding: "utf8" });
  return { ok: status === 0, output: stdout + stderr };
}

function note(what, { ok, output }) {
  if (ok) passed++;
  else failed++;
  console.log(ok ? `ok: ${what}` : `FAILED: ${what}\n${output}`);
}

function found(program) {
  const { error } = spawnSync(program, ["--help"], { stdio: "ignore" });
  return error === undefined ? program : undefined;
}

/** The newest helm that scripts/e2e-tools.mjs has built. */
function builtHelm() {
  const cache =
    process.env.PILLION_E2E_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pillion-e2e");
  const version = readFileSync(join(root, "test", "e2e", "tools", "helm-version"), "utf8").trim();
  const folders = existsSync(cache) ? readdirSync(cache).sort() : [];
  return folders
    .filter((folder) => folder.startsWith(`helm-${version}-`))
    .map((folder) => join(cache, folder, "helm"))
    .findLast((path) => existsSync(path));
}
