import { describe, expect, it } from "vitest";
import { compileConfig, InjectionError, inject, type SnapshotInput } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";

const name = "example.com/x";
const x = `(index .ObjectMeta.Annotations "${name}")`;
const y = `(index .ObjectMeta.Annotations "example.com/y")`;
/** Ends the quotes it is in, and gives a container what nobody meant. */
const breakout = 'x"\n    securityContext: {privileged: true}\n    workingDir: "y';

type Settings = Partial<SnapshotInput>;

interface Pod {
  readonly annotations?: JsonObject;
  readonly labels?: JsonObject;
  readonly container?: JsonObject;
}

function run(template: string, { annotations = {}, labels = {}, container = {} }: Pod, more: Settings = {}) {
  const snapshot = compileConfig({
    injectConfig: { policy: "enabled", templates: { sidecar: template } },
    values: {},
    ...more,
  });
  const pod = {
    metadata: { name: "p", namespace: "shop", annotations, labels },
    spec: { containers: [{ name: "app", image: "a:1", ...container }] },
  };
  return inject(pod, {}, snapshot);
}

function containerWith(action: string): string {
  return `spec:\n  containers:\n  - name: istio-proxy\n    image: "${action}"\n`;
}

function failure(template: string, pod: Pod, more: Settings = {}): InjectionError {
  try {
    run(template, pod, more);
  } catch (error) {
    if (error instanceof InjectionError) return error;
    throw error;
  }
  throw new Error("it was not rejected");
}

const culprit = `the value of annotation '${name}' would change the structure of what template sidecar makes`;

describe("a text that changes the structure of what a template makes", () => {
  it.each([
    ["gives a key twice", containerWith(`{{ ${x} }}`), 'x"\n    name: "evil'],
    ["went through trim", containerWith(`{{ ${x} | trim }}`), breakout],
    ["went through lower", containerWith(`{{ ${x} | lower }}`), breakout],
    ["went through upper", containerWith(`{{ ${x} | upper }}`), breakout],
    ["went through printf", containerWith(`{{ printf "a-%s" ${x} }}`), breakout],
    ["went through trunc", containerWith(`{{ ${x} | trunc 70 }}`), breakout],
    ["went through replace", containerWith(`{{ ${x} | replace "_" "\\"" }}`), breakout.replaceAll('"', "_")],
    ["was encoded", containerWith(`{{ ${x} | b64dec }}`), Buffer.from(breakout).toString("base64")],
    ["is in a variable", `{{ $v := ${x} }}${containerWith("{{ $v }}")}`, breakout],
    ["is in a dictionary", containerWith(`{{ get (dict "k" ${x}) "k" }}`), breakout],
    [
      "was set in a dictionary",
      `{{ $d := dict }}{{ $_ := set $d "k" ${x} }}${containerWith("{{ $d.k }}")}`,
      breakout,
    ],
    ["stands beside chance", containerWith(`{{ randAlpha 3 }}{{ ${x} }}`), breakout],
    [
      "goes through another template",
      `{{ define "t" }}{{ . }}{{ end }}${containerWith(`{{ template "t" ${x} }}`)}`,
      breakout,
    ],
    ["is an item of JSON", containerWith(`{{ (fromJson ${x}).image }}`), JSON.stringify({ image: breakout })],
    [
      "is a key of JSON",
      containerWith(`{{ range $k, $v := fromJSON ${x} }}{{ $k }}{{ end }}`),
      JSON.stringify({ [breakout]: 1 }),
    ],
    ["ends a comment", `spec:\n  # {{ ${x} }}\n  hostname: a\n`, "a\n  hostNetwork: true"],
    ["begins a comment", `spec:\n  hostname: {{ ${x} }}.example.com\n`, "evil #"],
    ["begins a document", `spec:\n  hostname: {{ ${x} }}\n  hostPID: false\n`, "a\n---\n"],
    ["deletes", `spec:\n  hostname: {{ ${x} }}\n`, "~"],
    ["is an anchor", `spec:\n  hostname: {{ ${x} }}\n`, "&a b"],
    [
      "is a mapping where a word would do",
      `spec:\n  containers:\n  - name: a\n    args: [{{ ${x} }}]\n`,
      '"a", "b"',
    ],
    ["is a directive", `spec:\n  nodeSelector:\n    {{ ${x} }}: replace\n`, "$patch"],
    [
      "leaves the mapping that is asked for",
      `spec:\n  securityContext:\n    {{ ${x} }}\n`,
      "fsGroup: 7\n  hostPID: true",
    ],
    [
      "gives a key of the template again",
      `spec:\n  hostPID: false\n  {{- ${x} | nindent 2 }}\n`,
      "hostIPC: true\nhostPID: true",
    ],
    [
      "hides between two that are asked for",
      `spec:\n  {{ printf "hostname: %s\\n  securityContext: {}" ${x} }}\n`,
      "a: b",
    ],
  ])("is rejected by its name when it %s", (_, template, text) => {
    const error = failure(template, { annotations: { [name]: text } });
    expect(error.message).toContain(culprit);
    expect(error.code).toBe("text-changes-structure");
    expect(error.message).not.toContain(text);
  });

  it.each([
    [
      "an environment value",
      "(index (index .Spec.Containers 0).Env 0).Value",
      "spec.containers[0].env[0].value",
      { env: [{ name: "A", value: breakout }] },
    ],
    [
      "a working directory",
      "(index .Spec.Containers 0).WorkingDir",
      "spec.containers[0].workingDir",
      { workingDir: breakout },
    ],
    [
      "a command",
      "(index (index .Spec.Containers 0).Command 1)",
      "spec.containers[0].command[1]",
      { command: ["sh", breakout] },
    ],
    [
      "a path of a probe",
      "(index .Spec.Containers 0).ReadinessProbe.HTTPGet.Path",
      "spec.containers[0].readinessProbe.httpGet.path",
      { readinessProbe: { httpGet: { port: 80, path: breakout } } },
    ],
  ])("is rejected when it is %s", (_, action, place, container) => {
    expect(failure(containerWith(`{{ ${action} }}`), { container }).message).toContain(
      `the value of ${place} would change the structure of what template sidecar makes (at spec.containers[0].image)`,
    );
  });

  it("is rejected when it is in the settings of the proxy", () => {
    const template = `spec:\n  containers:\n  - name: istio-proxy\n    env:\n    {{- range $k, $v := .ProxyConfig.ProxyMetadata }}\n    - name: {{ $k }}\n      value: "{{ $v }}"\n    {{- end }}\n`;
    const config = JSON.stringify({ proxyMetadata: { A: 'x"\n      valueFrom: {}\n      x: "y' } });
    const error = failure(template, { annotations: { "proxy.istio.io/config": config } });
    expect(error.message).toContain(
      "a value in annotation 'proxy.istio.io/config' would change the structure",
    );
  });

  it("is rejected when it is a name that a template writes", () => {
    const template = `metadata:\n  annotations:\n    {{- range $k, $v := .ObjectMeta.Labels }}\n    {{ $k }}: {{ $v | quote }}\n    {{- end }}\n`;
    const error = failure(template, { labels: { "a: x\n    b": "c" } });
    expect(error.message).toContain("a name in metadata.labels would change the structure");
  });

  it("is rejected although another one helps it", () => {
    const template = `spec:\n  hostname: {{ ${x} }}\n  schedulerName: s\n  subdomain: {{ ${y} }}\n`;
    const error = failure(template, { annotations: { [name]: '"', "example.com/y": '"' } });
    expect(error.message).toContain(culprit);
  });

  it("is told by a warning, or not at all, where the guard is set so, whoever came before", () => {
    const template = containerWith(`{{ ${x} }}`);
    const evil = { annotations: { [name]: 'x"\n    name: "evil' } };
    const inputOf = (textGuard: SnapshotInput["textGuard"]): SnapshotInput => ({
      injectConfig: { policy: "enabled", templates: { sidecar: template } },
      values: {},
      ...(textGuard === undefined ? {} : { textGuard }),
    });
    for (const [mode, warnings] of [
      ["warn", 1],
      ["off", 0],
    ] as const) {
      const snapshot = compileConfig(inputOf(mode));
      for (let time = 0; time < 3; time++) {
        const result = inject(
          { metadata: evil, spec: { containers: [{ name: "a", image: "a" }] } },
          {},
          snapshot,
        );
        expect(result.pod.spec).toMatchObject({ containers: [{ name: "evil" }, { name: "a" }] });
        expect(result.warnings.filter(({ message }) => message.startsWith("the value of"))).toHaveLength(
          warnings,
        );
      }
    }
  });
});

describe("a text that could change structure", () => {
  it.each([
    [
      "a branch asks for it",
      `metadata:\n  annotations:\n    team: '{{ ${x} }}'\n    {{- if hasPrefix "core: " ${x} }}\n    core: "true"\n    {{- end }}\n`,
      "core: payments",
      { metadata: { annotations: { core: "true" } } },
    ],
    [
      "something is looked up by it",
      `spec:\n  securityContext: {{ get (dict "a: b" "{fsGroup: 7}") ${x} }}\n`,
      "a: b",
      { spec: { securityContext: { fsGroup: 7 } } },
    ],
    [
      "it is JSON that the template reads",
      `spec:\n  volumes:\n  {{- range fromJson ${x} }}\n  - name: {{ .name }}\n    emptyDir: {}\n  {{- end }}\n`,
      '[{"name":"a"},{"name":"b"}]',
      { spec: { volumes: [{ name: "a" }, { name: "b" }] } },
    ],
    [
      "its items are written as YAML",
      `spec:\n  volumes:\n  {{- range $k, $v := fromJSON ${x} }}\n  - name: "{{ $k }}"\n    {{ toYaml $v | indent 4 }}\n  {{- end }}\n`,
      '{"a":{"hostPath":{"path":"x\\n: y"}}}',
      { spec: { volumes: [{ name: "a", hostPath: { path: "x\n: y" } }] } },
    ],
    [
      "the template asks for a mapping",
      `spec:\n  securityContext: {{ ${x} }}\n`,
      '{"fsGroup": 7}',
      { spec: { securityContext: { fsGroup: 7 } } },
    ],
    [
      "the template asks for entries",
      `spec:\n  hostPID: false\n  {{- ${x} | nindent 2 }}\n`,
      "securityContext:\n  fsGroup: 7\nhostIPC: true",
      { spec: { hostIPC: true, hostPID: false, securityContext: { fsGroup: 7 } } },
    ],
    [
      "the template asks for items",
      `spec:\n  volumes:\n  {{- ${x} | nindent 2 }}\n`,
      "- name: a\n  emptyDir: {}\n- name: b\n  emptyDir: {}",
      { spec: { volumes: [{ name: "a" }, { name: "b" }] } },
    ],
    [
      "the template asks for a mapping and quotes it beside",
      `metadata:\n  annotations:\n    copy: '{{ ${x} }}'\nspec:\n  securityContext: {{ ${x} }}\n`,
      '{"fsGroup": 7}',
      { metadata: { annotations: { copy: '{"fsGroup": 7}' } }, spec: { securityContext: { fsGroup: 7 } } },
    ],
    ["quotes hold it", `spec:\n  hostname: "{{ ${x} }}"\n`, "a: b #\n c", { spec: { hostname: "a: b # c" } }],
    [
      "a function quotes it",
      `spec:\n  hostname: {{ ${x} | quote }}\n`,
      breakout,
      { spec: { hostname: breakout } },
    ],
    ["it is a comment", `spec:\n  # {{ ${x} }}\n  hostname: a\n`, "b: [", { spec: { hostname: "a" } }],
    ["only itself is cut", `spec:\n  hostname: {{ ${x} }}\n`, "a # b", { spec: { hostname: "a" } }],
    [
      "it is a quantity",
      `spec:\n  containers:\n  - name: a\n    resources:\n      limits:\n        cpu: "{{ ${x} }}"\n`,
      "-1",
      { spec: { containers: [{ resources: { limits: { cpu: "-1" } } }, {}] } },
    ],
  ])("stays where %s", (_, template, text, expected) => {
    expect(run(template, { annotations: { [name]: text } }).pod).toMatchObject(expected);
  });

  it("is named where it leaves what is no pod, though it changes no structure", () => {
    const named = `this is the value of annotation '${name}'`;
    for (const [template, text] of [
      [containerWith(`{{ ${x} }}`), "a\u0001b"],
      [`spec:\n  hostname: {{ ${x} }}\n`, "on"],
      [
        `spec:\n  containers:\n  - name: a\n    resources:\n      limits:\n        cpu: "{{ ${x} }}"\n`,
        "much",
      ],
    ] as const) {
      const error = failure(template, { annotations: { [name]: text } });
      expect(error.code).toBe("template-output-invalid");
      expect(error.message).toContain(named);
    }
  });

  it("is not blamed for what the operator's own texts do", () => {
    const template = `spec:\n  hostname: {{ .Values.word }}{{ ${x} }}\n`;
    const error = failure(template, { annotations: { [name]: "a" } }, { values: { word: "a: b " } });
    expect(error.message).not.toContain("annotation");
  });

  it("costs no proof where skeletons show that it is inside a scalar", () => {
    const snapshot = compileConfig({
      injectConfig: { policy: "enabled", templates: { sidecar: `spec:\n  hostname: "{{ ${x} }}"\n` } },
      values: {},
    });
    const paths: string[] = [];
    for (const text of ["a", "it's: {} #", "- [b"])
      inject(
        { metadata: { annotations: { [name]: text } }, spec: { containers: [{ name: "a", image: "a" }] } },
        { onRender: (path) => paths.push(path) },
        snapshot,
      );
    expect(paths).toEqual(["recorded", "fast", "fast"]);
  });

  it("is asked for by name where nothing but its name is wrong", () => {
    const template = `spec:\n  hostname: "{{ index .ObjectMeta.Labels "a b" }}"\n`;
    expect(run(template, { labels: { "a b": "c: d" } }).pod).toMatchObject({ spec: { hostname: "c: d" } });
  });
});
