import { describe, expect, it } from "vitest";
import {
  digestTexts,
  embeddedDefaults,
  ReloadError,
  SnapshotHolder,
  type SnapshotSettings,
  type SourceTexts,
} from "../../src/config/index.js";
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

describe("the digest of texts", () => {
  it("tells contents apart, not names", () => {
    const renamed = { ...good, values: { ...good.values, source: "other" } };
    expect(digestTexts(renamed)).toBe(digestTexts(good));
    for (const change of [
      { values: text("a: 1", "x") },
      { mesh: text("", "x") },
      { objects: [text("", "x")] },
      { clusterObjects: [{ replicas: 9007199254740993n }] },
    ])
      expect(digestTexts({ ...good, ...change })).not.toBe(digestTexts(good));
  });
});
