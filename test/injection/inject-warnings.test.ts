import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, inject, type SnapshotInput } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;

function codes(pod: JsonObject, more: Partial<SnapshotInput> = {}): string[] {
  const snapshot = compileConfig({ injectConfig, values, mesh, templates, ...more });
  return inject(pod, { namespace: "ns" }, snapshot).warnings.map(({ code }) => code);
}

const pod = (annotations: Record<string, string>, container: JsonObject = {}): JsonObject => ({
  metadata: { annotations, labels: { app: "a" } },
  spec: { containers: [{ name: "app", ...container }] },
});

describe("the warnings of an injection", () => {
  it("are none for an ordinary pod", () => {
    expect(codes(pod({}))).toEqual([]);
  });

  it("name settings that trap the pod, as the planner of its rules sees them", () => {
    expect(codes(pod({}, { securityContext: { runAsUser: 1337 } }))).toContain("application-is-proxy");
  });

  it("are said of a skipped pod too", () => {
    const skipped = {
      ...pod({ "sidecar.istio.io/injct": "x" }),
      spec: { hostNetwork: true, containers: [] },
    };
    expect(codes(skipped)).toContain("name-unknown");
  });

  it("hold what a template could not do", () => {
    const one = new Map([["sidecar", { text: '{{ $x := fromJSON "{" }}', source: "sidecar.yaml" }]]);
    expect(codes(pod({}), { templates: one })).toContain("template");
  });

  it("hold what a template could not do once, also where it is executed again to judge a text", () => {
    const text =
      '{{ $x := fromJSON "{" }}metadata: {annotations: {a: "{{ index .ObjectMeta.Annotations `a` }}"}}';
    const one = new Map([["sidecar", { text, source: "sidecar.yaml" }]]);
    for (const skeletons of [true, false]) {
      const found = codes(pod({ a: "]" }), { templates: one, skeletons });
      expect(found.filter((code) => code === "template")).toEqual(["template"]);
    }
  });

  it("know the annotations that the operator's own templates read", () => {
    const name = "sidecar.istio.io/mine";
    const text = `{{ $x := index .ObjectMeta.Annotations "${name}" }}`;
    expect(codes(pod({ [name]: "x" }))).toContain("name-unknown");
    expect(
      codes(pod({ [name]: "x" }), {
        templates: new Map([...templates, ["other", { text, source: "other.yaml" }]]),
      }),
    ).toEqual([]);
  });
});
