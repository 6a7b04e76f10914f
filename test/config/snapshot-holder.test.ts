import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyChange,
  changeOf,
  embeddedDefaults,
  ReloadError,
  SnapshotHolder,
  type SnapshotSettings,
  type SourceTexts,
  sameTexts,
} from "../../src/config/index.js";
import { inject, type RenderPath } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { recordingLog, recordingMetrics } from "../../src/telemetry/index.js";

const settings: SnapshotSettings = {
  revision: "default",
  nativeSidecars: "false",
  compliancePolicy: "",
  platform: "",
  environment: {},
};
const good: SourceTexts = {
  injectConfig: embeddedDefaults.injectConfig,
  values: embeddedDefaults.values,
  templates: [...embeddedDefaults.templates],
  objects: [],
};
const text = (content: string, source: string) => ({ text: content, source });
const config = (content: string): Partial<SourceTexts> => ({
  injectConfig: text(content, "/etc/inject/config"),
});
const template = (content: string): Partial<SourceTexts> =>
  config(
    `policy: enabled\ndefaultTemplates: [sidecar]\ntemplates:\n  extra: |\n${content.replace(/^/gm, "    ")}\n`,
  );

function holderOf(texts: SourceTexts = good) {
  const log = recordingLog();
  const metrics = recordingMetrics();
  const holder = new SnapshotHolder(texts, { settings, log, metrics, now: () => 5000 });
  return { holder, log, metrics };
}

describe("a holder of snapshots", () => {
  it("takes a sound change as the next generation, and tells who listens", () => {
    const { holder } = holderOf();
    const before = holder.live;
    const heard: number[] = [];
    holder.onChange((live) => heard.push(live.generation));
    expect(holder.offer({ ...good, ...config("policy: disabled\n") })).toBe(true);
    expect(holder.live.snapshot.policy).toBe("disabled");
    expect([before.generation, before.snapshot.policy, holder.live.generation]).toEqual([1, "enabled", 2]);
    expect(heard).toEqual([2]);
  });

  it("does nothing for texts that are what they were", () => {
    const { holder } = holderOf();
    const before = holder.live;
    expect(holder.offer({ ...good, values: { ...good.values, source: "elsewhere" } })).toBe(true);
    expect(holder.live).toBe(before);
  });

  const rows: readonly [string, Partial<SourceTexts>, string, RegExp][] = [
    [
      "YAML that cannot be read",
      config("policy: enabled\ntemplates: [\n"),
      "parse",
      /^\/etc\/inject\/config:\d+:\d+: /,
    ],
    [
      "a field of the wrong type",
      config("policy: enabled\ndefaultTemplates: sidecar\n"),
      "parse",
      /config: defaultTemplates/,
    ],
    ["a template that cannot be parsed", template("spec: {{ if }}"), "templates", /config.*templates\.extra/],
    ["a template with an unknown function", template("a: {{ nosuch 1 }}"), "templates", /nosuch/],
    ["a template that cannot run", template('a: {{ fail "never" }}'), "samples", /templates\.extra: .*never/],
    ["a template whose output is no pod", template("spec: [1]"), "samples", /templates\.extra: /],
    [
      "values of the wrong type",
      { values: text("global: 7\n", "/etc/inject/values") },
      "values",
      /^\/etc\/inject\/values/,
    ],
    [
      "a mesh config that is not sound",
      { mesh: text("defaultConfig:\n  drainDuration: -1s\n", "/etc/mesh") },
      "mesh",
      /^\/etc\/mesh/,
    ],
    [
      "objects that are no YAML",
      { objects: [text("kind: Node\n---\na: [\n", "/etc/objects")] },
      "objects",
      /^\/etc\/objects:\d/,
    ],
    [
      "an object without a name",
      { objects: [text("apiVersion: v1\nkind: Namespace\nmetadata: {}\n", "/etc/objects")] },
      "objects",
      /metadata\.name/,
    ],
  ];
  it.each(rows)("keeps the last good configuration when offered %s", (_what, change, stage, message) => {
    const { holder, log, metrics } = holderOf();
    const before = holder.live;
    expect(holder.offer({ ...good, ...change })).toBe(false);
    expect(holder.live).toBe(before);
    expect(holder.failure).toMatchObject({ stage, message: expect.stringMatching(message), at: 5000 });
    expect(metrics.value("pillion_config_reload_failures_total", { stage })).toBe(1);
    expect(metrics.value("pillion_config_last_reload_successful")).toBe(0);
    expect(log.records.at(-1)).toMatchObject({
      level: "error",
      fields: { stage, error: expect.stringMatching(message) },
    });
    expect(holder.offer(good)).toBe(true);
    expect(holder.failure).toBeUndefined();
    expect(metrics.value("pillion_config_last_reload_successful")).toBe(1);
  });

  it.each(rows)("does not begin with %s, and says the same", (_what, change, stage, message) => {
    expect(() => holderOf({ ...good, ...change })).toThrow(
      expect.objectContaining({ name: "ReloadError", stage, message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, Partial<SourceTexts>, string | RegExp]>([
    [
      "YAML",
      config("policy: enabled\ntemplates: [\n"),
      "/etc/inject/config:3:1: did not find expected node content",
    ],
    [
      "a template: the line of the file, not of the template",
      config(
        "policy: enabled\ntemplates:\n  one: |\n    metadata: {}\n  two: |\n    a: b\n    x: {{ nosuch }}\n",
      ),
      '/etc/inject/config:7:10: templates.two: template: two:2: function "nosuch" not defined',
    ],
    [
      "a template that is not written as a block",
      config('policy: enabled\ntemplates: {one: "x: {{ nosuch }}"}\n'),
      /^\/etc\/inject\/config: templates\.one: template: one:1: /,
    ],
    [
      "a field",
      config("defaultTemplates: sidecar\n"),
      '/etc/inject/config: defaultTemplates: must be a list of strings, not "sidecar"',
    ],
    [
      "an object's YAML: the line of the file, not of the document",
      { objects: [text("kind: Node\n---\na: [\n", "/etc/objects")] },
      "/etc/objects:4:1: did not find expected node content",
    ],
    [
      "the mesh config",
      { mesh: text("defaultConfig:\n  drainDuration: -1s\n", "/etc/mesh") },
      /^\/etc\/mesh: invalid drain duration/,
    ],
  ])("names the place once, and in the file: %s", (_what, change, message) => {
    const { holder } = holderOf();
    holder.offer({ ...good, ...change });
    if (typeof message === "string") expect(holder.failure?.message).toBe(message);
    else expect(holder.failure?.message).toMatch(message);
  });

  it("takes a template that is made for some pods only, as long as it is not a default one", () => {
    const picky =
      '{{ if not (index .ObjectMeta.Labels "version") }}{{ fail "no version" }}{{ end }}\nmetadata: {labels: {v: v}}';
    const source = template(picky);
    expect(holderOf().holder.offer({ ...good, ...source })).toBe(true);
    const asDefault = {
      ...source,
      injectConfig: text(source.injectConfig?.text.replace("[sidecar]", "[extra]") ?? "", "c"),
    };
    const { holder } = holderOf();
    expect(holder.offer({ ...good, ...asDefault })).toBe(false);
    expect(holder.failure).toMatchObject({
      stage: "samples",
      message: expect.stringContaining("no version"),
    });
  });

  it("notes what could not even be read", () => {
    const { holder, metrics } = holderOf();
    holder.refuse(new ReloadError("read", "cannot read the configuration: ENOENT"));
    expect(holder.failure?.stage).toBe("read");
    expect(metrics.value("pillion_config_reload_failures_total", { stage: "read" })).toBe(1);
  });
});

describe("texts", () => {
  it("are told apart by their contents, not by their names", () => {
    const renamed = { ...good, values: { ...good.values, source: "other" } };
    expect(sameTexts(renamed, good)).toBe(true);
    const [[name, content] = ["", text("", "")], ...others] = good.templates;
    for (const change of [
      { values: text("a: 1", "x") },
      { mesh: text("", "x") },
      { templates: others },
      { templates: [[`${name}2`, content] as const, ...others] },
      { templates: [[name, text(`${content.text} `, "x")] as const, ...others] },
      { objects: [text("", "x")] },
      { clusterObjects: [] },
      { clusterObjects: [{ replicas: 9007199254740993n }] },
    ])
      expect([change, sameTexts({ ...good, ...change }, good)]).toEqual([change, false]);
    const long = { clusterObjects: [{ replicas: 9007199254740993n }] };
    expect(sameTexts({ ...good, ...long }, { ...good, clusterObjects: [{ replicas: 1n }] })).toBe(false);
    expect(sameTexts({ ...good, ...long }, { ...good, ...structuredClone(long) })).toBe(true);
  });
});

describe("a change of the cluster's objects", () => {
  const namespaced = (kind: string, name: string, spec: JsonObject, namespace = "shop") => ({
    apiVersion: "networking.istio.io/v1beta1",
    kind,
    metadata: { name, namespace },
    spec,
  });
  const proxyConfig = (name: string, spec: JsonObject, namespace?: string) =>
    namespaced("ProxyConfig", name, spec, namespace);
  const node = (name: string, kubeletVersion: string) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: { nodeInfo: { kubeletVersion } },
  });
  const pod = { metadata: { name: "a" }, spec: { containers: [{ name: "a", image: "a" }] } };
  const injected = ({ live }: SnapshotHolder, namespace: string) => {
    const paths: RenderPath[] = [];
    const { pod: result } = inject(pod, { namespace, onRender: (path) => paths.push(path) }, live.snapshot);
    return { paths, text: JSON.stringify(result) };
  };

  it("compiles no template again, and keeps what pods have shown of them", () => {
    const { holder } = holderOf({ ...good, clusterObjects: [] });
    const before = holder.live.snapshot;
    expect(injected(holder, "other").paths).toEqual(["recorded"]);
    for (let turn = 0; turn < 100; turn++) {
      const clusterObjects = [proxyConfig("all", { concurrency: turn + 1 }), node("n", `v1.20.${turn}`)];
      expect(holder.offer({ ...good, clusterObjects })).toBe(true);
      const { snapshot, generation } = holder.live;
      expect([generation, snapshot.templates]).toEqual([turn + 2, before.templates]);
      for (const [name, template] of snapshot.templates) expect(template).toBe(before.templates.get(name));
      expect(injected(holder, "other").paths).toEqual(["fast"]);
      expect(injected(holder, "shop").text).toContain(`"concurrency\\":${turn + 1}`);
    }
    expect(before.cluster.proxyConfigs).toEqual([]);
  });

  it("keeps what pods have shown with settings that it does not touch, however often others change", () => {
    const kept = proxyConfig("all", { concurrency: 7 });
    const changing = (turn: number) => ({
      ...good,
      clusterObjects: [
        proxyConfig("all", { environmentVariables: { TURN: String(turn) } }, "busy"),
        turn % 2 === 0 ? kept : structuredClone(kept),
      ],
    });
    const { holder } = holderOf(changing(0));
    injected(holder, "shop");
    for (let turn = 1; turn < 50; turn++) {
      expect(holder.offer(changing(turn))).toBe(true);
      expect(injected(holder, "busy").text).toContain(`"TURN","value":"${turn}"`);
      expect(injected(holder, "shop").paths).toEqual(["fast"]);
    }
  });

  it("gives new settings recordings of their own when those of old ones are out of use", () => {
    const { holder } = holderOf({ ...good, clusterObjects: [] });
    for (let turn = 0; turn < 30; turn++) {
      holder.offer({ ...good, clusterObjects: [proxyConfig("all", { concurrency: turn + 1 })] });
      injected(holder, "shop");
      for (let pods = 0; pods < 100; pods++) injected(holder, "other");
      expect(injected(holder, "shop").paths).toEqual(["fast"]);
    }
    for (let turn = 0; turn < 600; turn++) injected(holder, "shop");
    expect(injected(holder, "other").paths).not.toEqual(["slow"]);
    expect(injected(holder, "other").paths).toEqual(["fast"]);
  });

  it("is not tried on sample pods, so that one tenant spoils nobody's configuration but the tenant's own", () => {
    const spoils = template(
      '{{ if eq (index .ProxyConfig.ProxyMetadata "A") "spoilt" }}{{ fail "spoilt" }}{{ end }}\nmetadata: {}',
    );
    const asDefault = text(spoils.injectConfig?.text.replace("[sidecar]", "[extra]") ?? "", "config");
    const faulty = [proxyConfig("all", { environmentVariables: { A: "spoilt" } }, "default")];
    const texts = { ...good, injectConfig: asDefault, clusterObjects: faulty };
    const { holder } = holderOf(texts);
    expect(() => injected(holder, "default")).toThrow("spoilt");
    expect(injected(holder, "shop").text).toContain('"a"');
    expect(holder.offer({ ...texts, clusterObjects: [...faulty, node("n", "v1.20.0")] })).toBe(true);
    // What the operator gave is the operator's fault, and refused.
    const own = { ...texts, clusterObjects: [], objects: [text(JSON.stringify(faulty[0]), "/etc/objects")] };
    expect(holder.offer(own)).toBe(false);
    expect(holder.failure).toMatchObject({ stage: "samples" });
  });

  it("that makes sidecars native is tried, since it reaches every pod", () => {
    const picky = template('{{ if .NativeSidecars }}{{ fail "not native" }}{{ end }}\nmetadata: {}');
    const injectConfig = text(picky.injectConfig?.text.replace("[sidecar]", "[extra]") ?? "", "config");
    const texts = { ...good, injectConfig, clusterObjects: [node("n", "v1.20.0")] };
    const holder = new SnapshotHolder(texts, {
      settings: { ...settings, nativeSidecars: "auto" },
      log: recordingLog(),
      metrics: recordingMetrics(),
      now: () => 5000,
    });
    expect(holder.offer({ ...texts, clusterObjects: [node("n", "v1.33.0")] })).toBe(false);
    expect(holder.failure).toMatchObject({
      stage: "samples",
      message: expect.stringContaining("not native"),
    });
    expect(holder.offer({ ...texts, clusterObjects: [node("n", "v1.21.0")] })).toBe(true);
  });
});

describe("what changed in texts", () => {
  const object = fc.integer({ min: 0, max: 12 }).map((id) => objects[id] ?? null);
  const objects = Array.from({ length: 13 }, (_, id) => ({ kind: "Node", metadata: { name: `n${id}` } }));
  const list = fc.option(fc.array(object, { maxLength: 12 }), { nil: undefined });
  const textsOf = fc.record({ clusterObjects: list, values: fc.constantFrom("a: 1", "a: 2") }).map(
    ({ clusterObjects, values }): SourceTexts => ({
      ...good,
      values: text(values, "values"),
      ...(clusterObjects === undefined ? {} : { clusterObjects }),
    }),
  );

  it("makes the new texts of the old ones, after a message too, and of objects brings the new alone", () => {
    fc.assert(
      fc.property(fc.array(textsOf, { minLength: 2, maxLength: 6 }), ([first = good, ...others]) => {
        let [sent, received] = [first, structuredClone(first)];
        for (const texts of others) {
          const change = changeOf(sent, texts);
          const known = new Set(sent.clusterObjects);
          const added = (change.clusterObjects ?? []).flatMap((one) => ("added" in one ? one.added : []));
          expect(added).toEqual((texts.clusterObjects ?? []).filter((one) => !known.has(one)));
          expect("texts" in change).toBe(texts.values.text !== sent.values.text);
          const kept = new Set(received.clusterObjects);
          received = applyChange(received, structuredClone(change));
          expect(received).toEqual(texts);
          const same = (received.clusterObjects ?? []).filter((one) => kept.has(one));
          expect(same.length).toBe((texts.clusterObjects ?? []).length - added.length);
          sent = texts;
        }
      }),
    );
  });
});
