import { describe, expect, it } from "vitest";
import { compileConfig, InjectionError, inject } from "../../src/injection/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";

/** A template as Istio writes them: values go into YAML as they come. */
const template = `
metadata:
  annotations:
    quoted: "{{ index .ObjectMeta.Annotations "sidecar.istio.io/logLevel" }}"
    plain: {{ annotation .ObjectMeta "sidecar.istio.io/agentLogLevel" "info" }}
    label: "{{ index .ObjectMeta.Labels "app" }}"
    image: "{{ (index .Spec.Containers 0).Image }}"
spec:
  volumes:
  {{- range $name, $volume := fromJSON (annotation .ObjectMeta "sidecar.istio.io/userVolume" "{}") }}
  - name: "{{ $name }}"
    {{ toYaml $volume | indent 4 }}
  {{- end }}
  {{- with index .ObjectMeta.Annotations "example.com/extra" }}
  securityContext: {{ . }}
  {{- end }}
`;
const snapshot = compileConfig({
  injectConfig: { policy: "enabled", templates: { sidecar: template } },
  values: {},
});

interface Words {
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly image?: string;
}

function run({ annotations = {}, labels = {}, image = "a:1" }: Words): JsonObject {
  return inject(
    { metadata: { annotations, labels }, spec: { containers: [{ name: "a", image }] } },
    {},
    snapshot,
  ).pod;
}

function annotationsOf(pod: JsonObject): JsonObject {
  const { metadata } = pod;
  return isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {};
}

describe("a text that a template writes into YAML as it comes", () => {
  const refused: readonly (readonly [string, Words, string])[] = [
    [
      "ends the quotes",
      { annotations: { "sidecar.istio.io/logLevel": 'a"\n    evil: "b' } },
      "annotation 'sidecar.istio.io/logLevel'",
    ],
    [
      "breaks the line",
      { annotations: { "sidecar.istio.io/agentLogLevel": "a\n    evil: b" } },
      "annotation 'sidecar.istio.io/agentLogLevel'",
    ],
    [
      "is a mapping",
      { annotations: { "sidecar.istio.io/agentLogLevel": "{evil: b}" } },
      "annotation 'sidecar.istio.io/agentLogLevel'",
    ],
    [
      "is a mapping in JSON",
      { annotations: { "sidecar.istio.io/agentLogLevel": '{"evil":"b"}' } },
      "annotation 'sidecar.istio.io/agentLogLevel'",
    ],
    [
      "leaves YAML that cannot be read",
      { annotations: { "sidecar.istio.io/logLevel": 'a"' } },
      "annotation 'sidecar.istio.io/logLevel'",
    ],
    ["is a label", { labels: { app: 'a"\n    evil: "b' } }, "label 'app'"],
    ["is an image", { image: 'a"\n    evil: "b' }, "spec.containers[0].image"],
  ];
  it.each(refused)("is refused by name when it %s", (_, words, place) => {
    expect(() => run(words)).toThrow(InjectionError);
    expect(() => run(words)).toThrow(
      `the value of ${place} would change the structure of what template sidecar makes`,
    );
  });

  it("names the guilty text among others that do no harm", () => {
    const annotations = {
      "sidecar.istio.io/logLevel": "a'b",
      "sidecar.istio.io/agentLogLevel": "x\n    evil: y",
    };
    expect(() => run({ annotations })).toThrow(
      "the value of annotation 'sidecar.istio.io/agentLogLevel' would",
    );
  });

  it.each(["a'b", "default:info,misc:error", "a # b", "{x}", "tab\there"])(
    "stays a value when it is %j in quotes",
    (text) => {
      const pod = run({ annotations: { "sidecar.istio.io/logLevel": text } });
      expect(annotationsOf(pod).quoted).toBe(text);
    },
  );

  it("may be structured where Istio means it to be, and where an operator's own template does", () => {
    const pod = run({
      annotations: {
        "sidecar.istio.io/userVolume": '{"v":{"emptyDir":{"medium":"Memory"}}}',
        "example.com/extra": '{"fsGroup":7}',
      },
    });
    expect(pod.spec).toMatchObject({
      volumes: [{ name: "v", emptyDir: { medium: "Memory" } }],
      securityContext: { fsGroup: 7 },
    });
  });
});
