import { describe, expect, it } from "vitest";
import { compileConfig, InjectionError, inject } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";

const proxy = "spec:\n  containers:\n  - name: istio-proxy\n    image: proxy\n";
const init = "spec:\n  initContainers:\n  - name: istio-init\n    image: proxy\n";

/** A mini configuration without mesh config or values, as Istio's own small tables have it. */
function mini(templates: Record<string, string>, more: JsonObject = {}) {
  return compileConfig({
    injectConfig: { policy: "enabled", templates, ...more },
    values: {},
    mesh: { defaultConfig: { statusPort: 15020 } },
  });
}

function names(pod: JsonObject, list: "containers" | "initContainers"): unknown[] {
  const spec = pod.spec as Record<string, { name: string }[]>;
  return (spec[list] ?? []).map(({ name }) => name);
}

const hello = (annotations: Record<string, string>, labels: Record<string, string> = {}): JsonObject => ({
  metadata: { name: "hello", annotations, labels },
  spec: { containers: [{ name: "hello", image: "hello" }] },
});

describe("the choice of templates", () => {
  const snapshot = mini({ sidecar: proxy, init }, { aliases: { both: ["sidecar", "init"] } });

  it.each(["sidecar,init", "both", " sidecar , init "])("applies %j", (text) => {
    const result = inject(hello({ "inject.istio.io/templates": text }), {}, snapshot);
    expect(names(result.pod, "containers")).toEqual(["hello", "istio-proxy"]);
    expect(names(result.pod, "initContainers")).toEqual(["istio-init"]);
    expect(result.templates).toEqual(["sidecar", "init"]);
  });

  it("takes the default templates when the pod names none", () => {
    const other = mini({ sidecar: proxy, init }, { defaultTemplates: ["init"] });
    expect(inject(hello({}), {}, other).templates).toEqual(["init"]);
  });

  it("names the known templates and the nearest when one is unknown", () => {
    expect(() => inject(hello({ "inject.istio.io/templates": "sidecra" }), {}, snapshot)).toThrow(
      'requested template "sidecra" not found; have init, sidecar, both; did you mean "sidecar"?',
    );
  });

  it("takes a trailing comma for the empty name, which is unknown", () => {
    expect(() => inject(hello({ "inject.istio.io/templates": "sidecar," }), {}, snapshot)).toThrow(
      'requested template "" not found',
    );
  });
});

describe("the merge", () => {
  it("obeys a directive in labels", () => {
    const snapshot = mini({
      sidecar:
        "metadata:\n  labels:\n    $patch: replace\n    foo: bar\nspec:\n  containers:\n  - name: injected\n",
    });
    const { pod } = inject(hello({}, { key: "value" }), {}, snapshot);
    expect(pod).toMatchObject({ metadata: { labels: { foo: "bar" } } });
    expect((pod.metadata as JsonObject).labels).toEqual({ foo: "bar" });
    expect(names(pod, "containers")).toEqual(["injected", "hello"]);
  });

  it("refuses output that is no mapping, and says which template made it", () => {
    expect(() => inject(hello({}), {}, mini({ sidecar: "- a\n- b" }))).toThrow(
      /template sidecar: .*invalid JSON document/,
    );
  });

  it("refuses output of the wrong type, and says where", () => {
    const snapshot = mini({ sidecar: "metadata:\n  labels:\n    a: {b: c}\n" });
    expect(() => inject(hello({}), {}, snapshot)).toThrow(InjectionError);
    expect(() => inject(hello({}), {}, snapshot)).toThrow(/labels/);
  });

  it("takes empty output for nothing", () => {
    const { pod } = inject(hello({}), {}, mini({ sidecar: "{{/* nothing */}}" }));
    expect(names(pod, "containers")).toEqual(["hello"]);
  });

  it("drops nulls inside an item that a template appends", () => {
    const { pod } = inject(
      hello({}),
      {},
      mini({ sidecar: "spec:\n  volumes:\n  - name: v\n    emptyDir: null\n" }),
    );
    expect((pod.spec as JsonObject).volumes).toEqual([{ name: "v" }]);
  });
});

describe("a native sidecar by the pod's own word", () => {
  const template = `
spec:
  {{- if ne (index .ObjectMeta.Annotations "sidecar.istio.io/nativeSidecar" | default (printf "%t" .NativeSidecars)) "false" }}
  initContainers:
  {{- else }}
  containers:
  {{- end }}
  - name: istio-proxy
    image: proxy
`;
  const rows: readonly (readonly [boolean, string | undefined, "init" | "regular"])[] = [
    [true, undefined, "init"],
    [true, "false", "regular"],
    [true, "true", "init"],
    [false, "true", "init"],
    [false, undefined, "regular"],
    [false, "false", "regular"],
  ];
  it.each(rows)("with %s from the cluster and %s from the pod it is %s", (cluster, own, place) => {
    const snapshot = compileConfig({
      injectConfig: { policy: "enabled", templates: { sidecar: template } },
      values: {},
      nativeSidecars: cluster ? "true" : "false",
    });
    const pod = {
      metadata: { annotations: own === undefined ? {} : { "sidecar.istio.io/nativeSidecar": own } },
      spec: { containers: [{ name: "app" }, { name: "istio-proxy", image: "auto" }] },
    };
    const result = inject(pod, {}, snapshot);
    expect(names(result.pod, "initContainers")).toEqual(place === "init" ? ["istio-proxy"] : []);
    expect(names(result.pod, "containers")).toEqual(place === "init" ? ["app"] : ["app", "istio-proxy"]);
  });
});
