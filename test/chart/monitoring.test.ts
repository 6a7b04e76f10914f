import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { createMetrics } from "../../src/server/index.js";
import { reviewFixture } from "../support/admission-review.js";
import {
  type ExposedMetric,
  exposedMetrics,
  isCounterName,
  metricOfSeries,
} from "../support/exposed-metrics.js";
import { foreignMetrics } from "../support/foreign-metrics.js";
import { root } from "../support/peer.js";
import { type QueryNames, queryNames } from "../support/promql.js";
import { toolMissing } from "../support/tool-missing.js";
import { startWebhookUnderTest } from "../support/webhook-under-test.js";

const chart = join(root, "charts", "pillion");
const noHelm = toolMissing("helm");

/** Labels that the scrape gives to every series. `le` is on the buckets of histograms. */
const targetLabels = ["namespace", "pod", "container", "job", "instance", "le"];

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}

const dashboard: {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
} = JSON.parse(readFileSync(join(chart, "files", "dashboard.json"), "utf8"));

function helm(...settings: readonly string[]) {
  const flags = ["--namespace", "istio-system", ...settings.flatMap((setting) => ["--set", setting])];
  return spawnSync("helm", ["template", "pillion", chart, ...flags], { encoding: "utf8" });
}

function rendered(...settings: readonly string[]): readonly Record<string, unknown>[] {
  const { stdout, stderr, status } = helm(...settings);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

function rulesOf(...settings: readonly string[]): readonly Rule[] {
  const flags = ["--namespace", "istio-system", ...settings.flatMap((setting) => ["--set", setting])];
  const only = ["--show-only", "templates/prometheusrule.yaml", "--set", "prometheusRule.enabled=true"];
  const text = execFileSync("helm", ["template", "pillion", chart, ...flags, ...only], { encoding: "utf8" });
  return parse(text).spec.groups.flatMap((group: { rules: Rule[] }) => group.rules);
}

/** The running webhook's own page, after one injection. */
let metrics: ReadonlyMap<string, ExposedMetric>;
beforeAll(async () => {
  const webhook = await startWebhookUnderTest();
  await webhook.post("/inject", reviewFixture("shaped-v1-create"));
  metrics = exposedMetrics((await webhook.monitor("/metrics")).text);
  await webhook.end();
});

/** What a query names that is not there, in words. */
async function faultsOf({ selectors, grouping }: QueryNames): Promise<string[]> {
  const faults: string[] = [];
  const labels = new Set(targetLabels);
  for (const { metric, matchers } of selectors) {
    const known = metricOfSeries(metric, metrics) ?? metricOfSeries(metric, foreignMetrics);
    if (known === undefined) faults.push(`no metric ${metric}`);
    for (const label of known?.labels ?? []) labels.add(label);
    for (const { label, operator, value } of matchers) {
      if (targetLabels.includes(label)) continue;
      if (!known?.labels.includes(label)) faults.push(`no label ${label} of ${metric}`);
      else if (isCounterName(metric))
        for (const each of operator.includes("~") ? value.split("|") : [value])
          if (!(await isKnownValue(metric, label, each))) faults.push(`no ${label} ${each} of ${metric}`);
    }
  }
  return [...faults, ...grouping.filter((label) => !labels.has(label)).map((label) => `no label ${label}`)];
}

/** A value outside the closed table is counted as another. */
async function isKnownValue(name: string, label: string, value: string): Promise<boolean> {
  const own = createMetrics();
  if (isCounterName(name)) own.increment(name, { [label]: value });
  return (await own.text()).includes(`${label}="${value}"`);
}

describe("the reader of queries", () => {
  it("finds metrics, matchers and grouping labels", () => {
    const query = `sum by (result, pod) (rate(a_total{x="1,2}",y!~"b|c"}[5m])) / on (z) group_left count(b) > 0.5 and c offset 5m`;
    expect(queryNames(query)).toEqual({
      selectors: [
        {
          metric: "a_total",
          matchers: [
            { label: "x", operator: "=", value: "1,2}" },
            { label: "y", operator: "!~", value: "b|c" },
          ],
        },
        { metric: "b", matchers: [] },
        { metric: "c", matchers: [] },
      ],
      grouping: ["result", "pod", "z"],
    });
  });

  it("lets faults be found: metrics, labels and values that are not there", async () => {
    const query = `sum by (nothing) (pillion_injections_total{result="eaten",colour="red"}) + pillion_injections`;
    expect(await faultsOf(queryNames(query))).toEqual([
      "no result eaten of pillion_injections_total",
      "no label colour of pillion_injections_total",
      "no metric pillion_injections",
      "no label nothing",
    ]);
  });
});

describe("the dashboard", () => {
  const panels = dashboard.panels.filter(({ type }) => type !== "row");
  const targets = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr] as const),
  );

  it.each(targets)("names in %s only what the webhook and others expose: %s", async (_title, expr) => {
    const query = queryNames(expr.replaceAll("$__rate_interval", "5m"));
    expect(query.selectors).not.toEqual([]);
    expect(await faultsOf(query)).toEqual([]);
  });

  it("uses every variable, and none that it does not have", () => {
    const names = dashboard.templating.list.map(({ name }) => name).sort();
    const used = JSON.stringify(dashboard).matchAll(/\$\{?(?!__)(\w+)/g);
    expect([...new Set([...used].map(([, name]) => name))].sort()).toEqual(names);
  });

  it("shows every metric of Pillion's own but those that are only for reading", () => {
    const shown = new Set(
      [...targets.map(([, expr]) => expr), JSON.stringify(dashboard.templating)].flatMap((text) =>
        [...metrics.keys()].filter((name) => new RegExp(`\\b${name}(_bucket)?\\b`).test(text)),
      ),
    );
    const unseen = [...metrics.keys()].filter(
      (name) => /^(pillion|sidecar|webhook)_/.test(name) && !shown.has(name),
    );
    expect(unseen).toEqual([
      "sidecar_injection_time_seconds",
      "pillion_config_last_reload_success_timestamp_seconds",
      "pillion_certificate_last_reload_successful",
    ]);
  });

  it("has panels with ids, titles, descriptions and queries of their own, side by side", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    const cells = new Set<string>();
    for (const { title, type, description, targets = [], gridPos } of dashboard.panels) {
      if (type !== "row") expect(description, title).toMatch(/\S/);
      if (type !== "row") expect(targets, title).not.toEqual([]);
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x},${y}`), `${title} covers another panel`).toBe(false);
          cells.add(`${x},${y}`);
        }
    }
  });
});

describe("docs/monitoring.md", () => {
  const manual = readFileSync(join(root, "docs", "monitoring.md"), "utf8");
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const code = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text);

  it("describes every metric that the webhook exposes, with its type and labels, and no other", () => {
    const rows = [...manual.matchAll(/^\| `\w+` \| (counter|gauge|histogram) \|.*$/gm)].map(([line]) =>
      cells(line),
    );
    const described = rows.map(([name = "", type, labels = "", meaning]) => {
      expect(meaning, name).toMatch(/\S/);
      return [code(name)[0], type, code(labels)];
    });
    const exposed = [...metrics].map(([name, { type, labels }]) => {
      const inManual = described.find(([known]) => known === name)?.[2] ?? [];
      // Which series Node's own metrics have on a page depends on what Node is doing.
      const isNodes = /^(process|nodejs)_/.test(name) && labels.every((label) => inManual.includes(label));
      return [name, type, isNodes ? inManual : labels];
    });
    expect(described.sort()).toEqual(exposed.sort());
  });

  it.skipIf(noHelm !== undefined)(
    "says of every alert what to do, under the anchor that the alert names",
    () => {
      const anchors = [...manual.matchAll(/^### (Pillion\w+)$/gm)].map(([, title = ""]) =>
        title.toLowerCase(),
      );
      const pointers = new Set(rulesOf().map(({ annotations }) => annotations.runbook_url));
      expect([...pointers].map((pointer) => pointer?.replace("docs/monitoring.md#", "")).sort()).toEqual(
        anchors.sort(),
      );
    },
  );
});

describe.skipIf(noHelm !== undefined)("the chart's alerts", () => {
  it("name only what the webhook and others expose", async () => {
    for (const { alert, expr } of rulesOf()) expect(await faultsOf(queryNames(expr)), alert).toEqual([]);
  });

  it("are two severities, each with a summary, a description and a pointer", () => {
    for (const { alert, labels, annotations } of rulesOf()) {
      expect(["warning", "critical"], alert).toContain(labels.severity);
      expect(Object.keys(annotations).sort(), alert).toEqual(["description", "runbook_url", "summary"]);
    }
  });

  it("can be left out by the names that the schema has, and by no other", () => {
    const names = [...new Set(rulesOf().map(({ alert }) => alert))];
    const schema = JSON.parse(readFileSync(join(chart, "values.schema.json"), "utf8"));
    expect(schema.properties.prometheusRule.properties.disabled.items.enum.toSorted()).toEqual(
      names.toSorted(),
    );
    const [first = "", ...others] = names;
    expect(rulesOf(`prometheusRule.disabled={${others.join(",")}}`).map(({ alert }) => alert)).toEqual([
      first,
    ]);
    expect(helm("prometheusRule.disabled={PillionSleeps}").stderr).toContain("disabled");
  });

  it("need matchers where the injector is elsewhere", () => {
    const elsewhere = ["webhook.injectionURL=https://injector.example.com", "prometheusRule.enabled=true"];
    expect(helm(...elsewhere).stderr).toContain("prometheusRule.selector: say which series");
    expect(helm(...elsewhere, 'prometheusRule.selector=job="far"').status).toBe(0);
  });
});

describe.skipIf(noHelm !== undefined)("the chart's monitoring", () => {
  const kinds = ["PodMonitor", "ServiceMonitor", "PrometheusRule"];

  it("is off unless it is asked for", () => {
    const objects = rendered();
    expect(objects.filter(({ kind }) => kinds.includes(String(kind)))).toEqual([]);
    expect(JSON.stringify(objects)).not.toContain("grafana");
  });

  it.each([
    ["podMonitor", "PodMonitor", "podMetricsEndpoints", "Deployment"],
    ["serviceMonitor", "ServiceMonitor", "endpoints", "Service"],
  ])(
    "%s scrapes a port that is there, under the job that alerts look for",
    (values, kind, endpoints, owner) => {
      const objects = rendered(`${values}.enabled=true`, `${values}.interval=15s`, "nameOverride=injector");
      const of = (wanted: string) => objects.find((object) => object.kind === wanted);
      const spec = JSON.parse(JSON.stringify(of(kind)?.spec ?? {}));
      const [endpoint] = spec[endpoints];
      expect(endpoint).toMatchObject({ path: "/metrics", interval: "15s" });
      const ports = JSON.stringify(of(owner)).matchAll(/"name":"([\w-]+)","(?:containerPort|port)":15014/g);
      expect([...ports].map(([, name]) => name)).toEqual([endpoint.port]);
      const pods = JSON.parse(JSON.stringify(of("Deployment")?.spec)).template.metadata.labels;
      expect(pods).toMatchObject(spec.selector.matchLabels);
      const job = endpoint.relabelings.find((rule: { targetLabel: string }) => rule.targetLabel === "job");
      const [rule] = rulesOf("nameOverride=injector");
      expect(rule?.expr).toContain(`namespace="istio-system",job="${job.replacement}"`);
    },
  );

  it("is by one monitor, not by both", () => {
    expect(helm("podMonitor.enabled=true", "serviceMonitor.enabled=true").stderr).toContain("choose one");
  });

  it("hands the dashboard to Grafana's sidecar as it is", () => {
    const object = rendered("dashboard.enabled=true").find(
      ({ metadata }) => JSON.parse(JSON.stringify(metadata)).labels?.grafana_dashboard === "1",
    );
    const data = JSON.parse(JSON.stringify(object?.data));
    expect(JSON.parse(data["pillion.json"])).toEqual(dashboard);
  });
});
