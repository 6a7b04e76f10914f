import { describe, expect, it } from "vitest";
import { ConfigError, compileConfig, inject } from "../../src/injection/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";

interface Subject {
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly containers?: JsonObject[];
  readonly namespace?: string;
  readonly values?: JsonObject;
  readonly mesh?: JsonObject;
  readonly environment?: Record<string, string>;
}

/** What an expression gives as text when a template evaluates it for a pod. */
function evaluate(expression: string, subject: Subject = {}): string {
  const snapshot = compileConfig({
    injectConfig: {
      policy: "enabled",
      templates: {
        sidecar: `metadata:\n  annotations:\n    result: {{ printf "%v" (${expression}) | quote }}\n`,
      },
    },
    values: subject.values ?? {},
    ...(subject.mesh === undefined ? {} : { mesh: subject.mesh }),
    environment: subject.environment ?? {},
  });
  const pod = {
    metadata: { annotations: subject.annotations ?? {}, labels: subject.labels ?? {} },
    spec: { containers: subject.containers ?? [] },
  };
  const { metadata } = inject(pod, { namespace: subject.namespace ?? "" }, snapshot).pod;
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  return isObject(annotations) ? String(annotations.result) : "no annotations";
}

const port = (containerPort: number, protocol?: string): JsonObject => ({
  containerPort,
  ...(protocol === undefined ? {} : { protocol }),
});

describe("functions about ports", () => {
  const rows: readonly (readonly [JsonObject[], string])[] = [
    [[], ""],
    [[port(80, "TCP"), port(8080, "TCP")], "80,8080"],
    [[port(53, "TCP"), port(53, "UDP")], "53"],
    [[port(80), port(53, "UDP"), port(9, "SCTP")], "80"],
    [[port(53, "UDP")], ""],
  ];
  it.each(rows)("includeInboundPorts of %j is %j", (ports, want) => {
    expect(evaluate("includeInboundPorts .Spec.Containers", { containers: [{ name: "a", ports }] })).toBe(
      want,
    );
  });

  it("applicationPorts leaves the proxy's own out", () => {
    const containers = [
      { name: "a", ports: [port(1)] },
      { name: "istio-proxy", ports: [port(2)] },
    ];
    expect(evaluate("applicationPorts .Spec.Containers", { containers })).toBe("1");
  });

  const exclusions: readonly (readonly [string, string, string])[] = [
    ['"15020"', "", "15020"],
    ['" 15020 "', "4, 5,", "4,5,15020"],
    ['"0"', "4,,5", "4,,5"],
    ['""', "4", "4"],
    ["5", "4, 5", "4,5,5"],
    ["5", "4,5", "4,5"],
  ];
  it.each(exclusions)("excludeInboundPort %s of %j is %j", (added, list, want) => {
    expect(evaluate(`excludeInboundPort ${added} "${list}"`)).toBe(want);
  });
});

describe("appendMultusNetwork", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["", "istio-cni"],
    ["macvlan-conf-1", "macvlan-conf-1, istio-cni"],
    ["macvlan-conf-1, macvlan-conf-2", "macvlan-conf-1, macvlan-conf-2, istio-cni"],
    ['[{"name": "macvlan-conf-1"}]', '[{"name": "macvlan-conf-1"}, {"name": "istio-cni"}]'],
    ['[{"name": "a"}, {"name": "b"}]', '[{"name": "a"}, {"name": "b"}, {"name": "istio-cni"}]'],
    ['[\n  {"name": "a"}\n  ]', '[\n  {"name": "a"}\n  , {"name": "istio-cni"}]'],
    ['[{"name": "a"}, {"name": "istio-cni"},]', '[{"name": "a"}, {"name": "istio-cni"},]'],
    ["[]", '[{"name": "istio-cni"}]'],
  ];
  it.each(rows)("of %j is %j, and again the same", (existing, want) => {
    const call = 'appendMultusNetwork (index .ObjectMeta.Annotations "networks") "istio-cni"';
    expect(evaluate(call, { annotations: { networks: existing } })).toBe(want);
    expect(evaluate(call, { annotations: { networks: want } })).toBe(want);
  });

  it("writes a namespace as its own field", () => {
    expect(evaluate('appendMultusNetwork "[{}]" "default/istio-cni"')).toBe(
      '[{}, {"name": "istio-cni", "namespace": "default"}]',
    );
  });
});

describe("omitNil", () => {
  const rows: readonly (readonly [JsonObject, string])[] = [
    [{ v: {} }, "{}"],
    [{ v: { a: null } }, "null"],
    [{ v: { a: null, b: 1 } }, '{"b":1}'],
    [{ v: { a: { b: null }, c: {} } }, '{"c":{}}'],
    [{ v: [null, 1, { a: null }] }, "[1]"],
    [{ v: [null] }, "null"],
    [{ v: { a: [], b: { c: [] } } }, '{"a":[],"b":{"c":[]}}'],
  ];
  it.each(rows)("of %j is %s", (values, want) => {
    expect(evaluate("toJson (omitNil .Values.v)", { values })).toBe(want);
  });
});

describe("protoToJSON of the effective ProxyConfig", () => {
  const rows: readonly (readonly [string, JsonObject, string])[] = [
    ["built-in default", {}, "{}"],
    [
      "set to the defaults",
      { configPath: "./etc/istio/proxy", statusPort: 15020, drainDuration: "45s", proxyMetadata: {} },
      "{}",
    ],
    [
      "some fields",
      { configPath: "/foo/bar", drainDuration: "7s", proxyMetadata: { foo: "barr" } },
      '{"configPath":"/foo/bar","drainDuration":"7s","proxyMetadata":{"foo":"barr"}}',
    ],
    ["an empty message", { tracing: {} }, '{"tracing":{}}'],
  ];
  it.each(rows)("%s", (_, defaultConfig, want) => {
    expect(evaluate("protoToJSON .ProxyConfig", { mesh: { defaultConfig } })).toBe(want);
  });
});

describe("otelResourceAttributes", () => {
  const mesh = {
    extensionProviders: [
      {
        name: "otel",
        opentelemetry: { service: "a.b", port: 1, serviceAttributeEnrichment: "OTEL_SEMANTIC_CONVENTIONS" },
      },
    ],
  };
  const call =
    "otelResourceAttributes .MeshConfig .ObjectMeta.Annotations .ObjectMeta.Labels .DeploymentMeta.Namespace .Spec.Containers";
  const said = (name: string) => `resource.opentelemetry.io/${name}`;
  const one = (image: string): JsonObject[] => [{ name: "app", image }];
  const rows: readonly (readonly [string, Subject, string])[] = [
    [
      "a tag",
      { containers: one("r:5000/app:v1") },
      "service.version=v1,service.instance.id=ns.$(POD_NAME).app",
    ],
    [
      "a digest",
      { containers: one("app@sha256:ab") },
      "service.version=sha256:ab,service.instance.id=ns.$(POD_NAME).app",
    ],
    [
      "both",
      { containers: one("app:v1@sha256:ab") },
      "service.version=v1@sha256:ab,service.instance.id=ns.$(POD_NAME).app",
    ],
    ["neither", { containers: one("r:5000/app") }, "service.instance.id=ns.$(POD_NAME).app"],
    [
      "two containers",
      { containers: [...one("app:v1"), { name: "other", image: "x:2" }] },
      "service.instance.id=ns.$(POD_NAME).app",
    ],
    [
      "a version label",
      { containers: one("app:v1"), labels: { "app.kubernetes.io/version": "v2" } },
      "service.version=v2,service.instance.id=ns.$(POD_NAME).app",
    ],
    [
      "annotations",
      {
        containers: one("app:v1"),
        annotations: {
          [said("service.version")]: "v3",
          [said("service.instance.id")]: "me",
          [said("service.namespace")]: "n",
        },
      },
      "service.namespace=n,service.version=v3,service.instance.id=me",
    ],
    ["no container", {}, ""],
  ];
  it.each(rows)("with %s", (_, subject, want) => {
    const whole = want.startsWith("service.namespace")
      ? want
      : ["service.namespace=ns", want].filter(Boolean).join(",");
    expect(evaluate(call, { namespace: "ns", mesh, ...subject })).toBe(whole);
  });

  it("is empty when no provider asks for it", () => {
    expect(evaluate(call, { namespace: "ns", containers: one("a:1") })).toBe("");
  });
});

describe("other functions of the injector", () => {
  const meta = { annotations: { set: "value", empty: "" } };
  const rows: readonly (readonly [string, string])[] = [
    ['annotation .ObjectMeta "set" "d"', "value"],
    ['annotation .ObjectMeta "empty" "d"', ""],
    ['annotation .ObjectMeta "absent" "d"', "d"],
    ['annotation .ObjectMeta "absent" 15020', "15020"],
    ['annotation .ObjectMeta "absent" .Values.absent', "<nil>"],
    ['annotation .ObjectMeta "absent" .ProxyConfig.InterceptionMode', "REDIRECT"],
    ['isset .ObjectMeta.Annotations "empty"', "true"],
    ['isset .ObjectMeta.Annotations "absent"', "false"],
    ['isset .ObjectMeta.Annotations "__proto__"', "false"],
    ['valueOrDefault .Values.absent "d"', "d"],
    ['valueOrDefault "" "d"', "d"],
    ['valueOrDefault 0 "d"', "0"],
    ['valueOrDefault false "d"', "false"],
    ["formatDuration .ProxyConfig.DrainDuration", "45s"],
    ['contains "/" "a/b"', "true"],
    ['contains "a/b" "/"', "false"],
    ['toLower "ABC"', "abc"],
    ['directory "/a/b.pem"', "/a/"],
    ['directory "b.pem"', ""],
    ['indent 2 "a\\n\\nb"', "a\n  \n  b"],
    ["toYaml .Values.tree", "a: 1\nb:\n- x\n"],
    ['toJSON (strdict "a" "<" "b")', '{"a":"\\u003c","b":""}'],
    ['toJSON (omit (strdict "a" "1" "b" "2") "a")', '{"b":"2"}'],
    ['toJsonMap (strdict "a" "1") (strdict "a" "2")', '{"a":"2"}'],
    ["toJsonMap", "null"],
    ['len (mergeMaps (strdict "a" "1") (strdict "b" "2"))', "2"],
    ['index (fromJSON "{\\"a\\": [1]}") "a"', "[1]"],
    ['fromJSON "{"', "{}"],
    ["structToJSON .Values.absent", "{}"],
    ['kubevirtInterfaces "a,b"', "a,b"],
    ['excludeInterfaces "a,b"', "a,b"],
    ['env "ALLOWED" "d"', "yes"],
    ['env "PATH" "d"', "d"],
    ['expandenv "$ALLOWED-$PATH"', "yes-"],
  ];
  it.each(rows)("%s is %j", (expression, want) => {
    const subject = { ...meta, values: { tree: { b: ["x"], a: 1 } }, environment: { ALLOWED: "yes" } };
    expect(evaluate(expression, subject)).toBe(want);
  });

  it("structToJSON writes a port in the order of Go's struct", () => {
    const containers = [{ name: "a", ports: [{ containerPort: 80, name: "http", hostPort: 8080 }] }];
    expect(evaluate("structToJSON (index (index .Spec.Containers 0).Ports 0)", { containers })).toBe(
      '{"name":"http","hostPort":8080,"containerPort":80}',
    );
  });

  it("ranging over what fromJSON could not read fails the injection", () => {
    expect(() => evaluate('fromJSON "{" | len | printf "%d" | toJSON')).toThrow(/wrong type|expected/);
  });

  it.each(["genPrivateKey", "genCA", "genSignedCert", "getHostByName"])(
    "refuses %s at load, and says why",
    (name) => {
      expect(() => evaluate(`${name} "x"`)).toThrow(ConfigError);
      expect(() => evaluate(`${name} "x"`)).toThrow(/keys|certificates|host name|name service/i);
    },
  );
});
