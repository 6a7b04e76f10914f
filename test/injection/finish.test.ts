import { describe, expect, it } from "vitest";
import { compileConfig, inject, type SnapshotInput } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";

const proxyTemplate = "spec:\n  containers:\n  - name: istio-proxy\n    image: proxy\n";

interface Setup {
  readonly template?: string;
  readonly mesh?: JsonObject;
  readonly values?: JsonObject;
  readonly config?: JsonObject;
  readonly input?: Partial<SnapshotInput>;
  readonly pathVariables?: Record<string, string>;
}

interface Container {
  readonly name: string;
  readonly env?: { readonly name: string; readonly value?: string }[];
  readonly [field: string]: unknown;
}

interface Shape {
  readonly metadata: {
    readonly annotations: Record<string, string>;
    readonly labels: Record<string, string>;
  };
  readonly spec: { readonly containers: Container[]; readonly initContainers?: Container[] };
}

function run(pod: JsonObject, setup: Setup = {}): Shape {
  const snapshot = compileConfig({
    injectConfig: {
      policy: "enabled",
      templates: { sidecar: setup.template ?? proxyTemplate },
      ...setup.config,
    },
    values: setup.values ?? {},
    ...(setup.mesh === undefined ? {} : { mesh: setup.mesh }),
    ...setup.input,
  });
  const pathVariables = new Map(Object.entries(setup.pathVariables ?? {}));
  return inject(pod, { namespace: "ns", pathVariables }, snapshot).pod as unknown as Shape;
}

const app = (annotations: Record<string, string> = {}, container: JsonObject = {}): JsonObject => ({
  metadata: { annotations },
  spec: { containers: [{ name: "app", ...container }] },
});

function sidecar(pod: Shape): Container {
  const found = pod.spec.containers.find(({ name }) => name === "istio-proxy");
  if (found === undefined) throw new Error("the pod has no sidecar");
  return found;
}

function variable(pod: Shape, name: string): string | undefined {
  return sidecar(pod).env?.find((one) => one.name === name)?.value;
}

describe("merging prometheus metrics", () => {
  const merged = {
    "prometheus.io/path": "/stats/prometheus",
    "prometheus.io/port": "15020",
    "prometheus.io/scrape": "true",
  };

  it("points the scraper at the agent, even where the pod said nothing", () => {
    const pod = run(app());
    expect(pod.metadata.annotations).toMatchObject(merged);
    expect(variable(pod, "ISTIO_PROMETHEUS_ANNOTATIONS")).toBeUndefined();
  });

  const switches: readonly (readonly [boolean | undefined, string | undefined, boolean])[] = [
    [undefined, undefined, true],
    [true, undefined, true],
    [false, undefined, false],
    [true, "false", false],
    [false, "true", true],
  ];
  it.each(switches)("with %s in the mesh config and %s in the annotation it is %s", (mesh, said, want) => {
    const annotations = said === undefined ? {} : { "prometheus.istio.io/merge-metrics": said };
    const pod = run(app(annotations), mesh === undefined ? {} : { mesh: { enablePrometheusMerge: mesh } });
    expect("prometheus.io/port" in pod.metadata.annotations).toBe(want);
  });

  const collected: readonly (readonly [string, Record<string, string>, string | undefined])[] = [
    [
      "targets only",
      { "prometheus.istio.io/scrape-targets": "8080:/a,9090" },
      '{"scrape":"","path":"/a","port":"8080","targets":[{"port":"8080","path":"/a"},{"port":"9090","path":"/metrics"}]}',
    ],
    [
      "targets over the single port",
      {
        "prometheus.istio.io/scrape-targets": "8080",
        "prometheus.io/port": "1234",
        "prometheus.io/scrape": "true",
      },
      '{"scrape":"true","path":"/metrics","port":"8080","targets":[{"port":"8080","path":"/metrics"}]}',
    ],
    [
      "the single port",
      { "prometheus.io/port": "1234", "prometheus.io/path": "/m" },
      '{"scrape":"","path":"/m","port":"1234"}',
    ],
    [
      "white space and empty entries",
      { "prometheus.istio.io/scrape-targets": " 8080 : /a , ,9090: " },
      '{"scrape":"","path":"/a","port":"8080","targets":[{"port":"8080","path":"/a"},{"port":"9090","path":"/metrics"}]}',
    ],
    [
      "an entry without a port, which voids all",
      { "prometheus.istio.io/scrape-targets": "8080,:/a" },
      undefined,
    ],
    [
      "another spelling",
      { "prometheus.io.port": "1234", prometheus_io_path: "/m" },
      '{"scrape":"","path":"/m","port":"1234"}',
    ],
    [
      "text that HTML would read",
      { "prometheus.io/path": "/<&>" },
      '{"scrape":"","path":"/\\u003c\\u0026\\u003e","port":""}',
    ],
  ];
  it.each(collected)("hands the agent %s", (_, annotations, want) => {
    const pod = run(app(annotations));
    expect(variable(pod, "ISTIO_PROMETHEUS_ANNOTATIONS")).toBe(want);
    expect(pod.metadata.annotations).toMatchObject(merged);
    expect(
      Object.keys(pod.metadata.annotations).filter((key) =>
        /scrape.targets|prometheus(_io_|\.io\.)/.test(key),
      ),
    ).toEqual([]);
  });

  it("leaves a pod alone that does not want to be scraped, and one that is merged already", () => {
    const off = { "prometheus.io/scrape": "false", "prometheus.io/port": "1" };
    expect(run(app(off)).metadata.annotations).toMatchObject(off);
    const done = { "prometheus.io/port": "15020", "prometheus.io/path": "/x" };
    expect(run(app(done)).metadata.annotations).toMatchObject(done);
  });

  const refused: readonly (readonly [Record<string, string>, string])[] = [
    [
      { "prometheus.istio.io/scrape-targets": "15000" },
      "invalid prometheus scrape targets: target port 15000 is reserved for Istio (Envoy admin) and cannot be scraped",
    ],
    [
      { "prometheus.istio.io/scrape-targets": "15020" },
      "invalid prometheus scrape targets: target port 15020 conflicts with agent port",
    ],
    [
      { "prometheus.istio.io/scrape-targets": "x" },
      'invalid prometheus scrape targets: invalid target port "x"',
    ],
    [
      { "prometheus.istio.io/scrape-targets": "70000" },
      'invalid prometheus scrape targets: invalid target port "70000"',
    ],
    [
      { "prometheus.io/port": "015000" },
      "invalid prometheus scrape configuration: port 015000 is reserved for Istio (Envoy admin) and cannot be scraped",
    ],
    [{ "prometheus.io/port": "+15090" }, "invalid prometheus scrape configuration: port +15090 is reserved"],
    [{ "prometheus.io/port": "http" }, 'invalid prometheus scrape configuration: invalid port "http"'],
    [{ "prometheus.io/port": "0" }, 'invalid prometheus scrape configuration: invalid port "0"'],
  ];
  it.each(refused)("refuses %j", (annotations, message) => {
    expect(() => run(app(annotations))).toThrow(message);
  });
});

describe("the secure metrics port", () => {
  const withPort = (value: string | undefined) =>
    `${proxyTemplate}    env:\n    - name: ENVOY_SECURE_MERGED_METRICS_PORT\n      ${value === undefined ? "valueFrom: {}" : `value: "${value}"`}\n`;
  const rows: readonly (readonly [string, string | undefined, Record<string, string>, string | undefined])[] =
    [
      ["is announced", "15092", {}, "15092"],
      [
        "is announced without merging too",
        "15092",
        { "prometheus.istio.io/merge-metrics": "false" },
        "15092",
      ],
      ["is the user's own if there is one", "15092", { "prometheus.istio.io/secure-port": "1" }, "1"],
      ["is not announced when it is 0", "0", {}, undefined],
      ["is not announced when it has no literal value", undefined, {}, undefined],
    ];
  it.each(rows)("%s", (_, value, annotations, want) => {
    const pod = run(app(annotations), { template: withPort(value) });
    expect(pod.metadata.annotations["prometheus.istio.io/secure-port"]).toBe(want);
  });
});

describe("rewriting probes", () => {
  const rewrite = { sidecarInjectorWebhook: { rewriteAppHTTPProbe: true } };
  const http = {
    httpGet: {
      path: "/ready",
      port: "web",
      scheme: "HTTPS",
      host: "h",
      httpHeaders: [{ name: "a", value: "b" }],
    },
  };

  const switches: readonly (readonly [boolean | undefined, string | undefined, boolean])[] = [
    [true, undefined, true],
    [false, undefined, false],
    [undefined, undefined, false],
    [true, "false", false],
    [false, "true", true],
    [true, "odd", true],
    [false, "odd", false],
    [undefined, "1", true],
  ];
  it.each(switches)("with %s in the values and %s in the annotation it is %s", (value, said, want) => {
    const annotations = said === undefined ? {} : { "sidecar.istio.io/rewriteAppHTTPProbers": said };
    const values = value === undefined ? {} : { sidecarInjectorWebhook: { rewriteAppHTTPProbe: value } };
    const pod = run(app(annotations, { readinessProbe: { tcpSocket: { port: 1 } } }), { values });
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS") !== undefined).toBe(want);
  });

  it("keeps host and headers, resolves the named port, and asks the agent over HTTP", () => {
    const pod = run(
      app(
        {},
        {
          ports: [{ name: "web", containerPort: 8443 }],
          readinessProbe: { ...http, timeoutSeconds: 10, periodSeconds: 3 },
        },
      ),
      { values: rewrite },
    );
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS")).toBe(
      '{"/app-health/app/readyz":{"httpGet":{"path":"/ready","port":8443,"host":"h","scheme":"HTTPS","httpHeaders":[{"name":"a","value":"b"}]},"timeoutSeconds":10}}',
    );
    expect(pod.spec.containers[0]?.readinessProbe).toEqual({
      httpGet: {
        path: "/app-health/app/readyz",
        port: 15020,
        scheme: "HTTP",
        host: "h",
        httpHeaders: [{ name: "a", value: "b" }],
      },
      timeoutSeconds: 10,
      periodSeconds: 3,
    });
  });

  it("writes a gRPC probe down with its service, null when it names none", () => {
    const pod = run(
      app(
        {},
        {
          livenessProbe: { grpc: { port: 1234 } },
          startupProbe: { grpc: { port: 1, service: "s" }, failureThreshold: 2 },
        },
      ),
      { values: rewrite },
    );
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS")).toBe(
      '{"/app-health/app/livez":{"grpc":{"port":1234,"service":null}},"/app-health/app/startupz":{"grpc":{"port":1,"service":"s"}}}',
    );
    expect(pod.spec.containers[0]?.startupProbe).toEqual({
      httpGet: { path: "/app-health/app/startupz", port: 15020 },
      failureThreshold: 2,
    });
  });

  it("plays HTTP and TCP hooks, and leaves exec and sleep alone", () => {
    const exec = { exec: { command: ["x"] } };
    const pod = run(
      app(
        {},
        {
          lifecycle: { preStop: { httpGet: { port: 80, path: "/bye" } }, postStart: exec },
          livenessProbe: exec,
        },
      ),
      { values: rewrite },
    );
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS")).toBe(
      '{"/app-lifecycle/app/prestopz":{"httpGet":{"path":"/bye","port":80}}}',
    );
    expect(pod.spec.containers[0]?.lifecycle).toEqual({
      preStop: { httpGet: { port: 15020, path: "/app-lifecycle/app/prestopz" } },
      postStart: exec,
    });
    expect(pod.spec.containers[0]?.livenessProbe).toEqual(exec);
  });

  it("asks the port of the annotation, and rewrites what it cannot write down", () => {
    const pod = run(
      app({ "status.sidecar.istio.io/port": "123" }, { readinessProbe: { httpGet: { port: "nowhere" } } }),
      { values: rewrite },
    );
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS")).toBeUndefined();
    expect(pod.spec.containers[0]?.readinessProbe).toEqual({
      httpGet: { port: 123, path: "/app-health/app/readyz" },
    });
  });

  const status = { "sidecar.istio.io/status": '{"containers":["istio-proxy"]}' };
  const injectedWith = (env: JsonObject[]): JsonObject => ({
    metadata: { annotations: status },
    spec: {
      containers: [
        { name: "app", livenessProbe: { tcpSocket: { port: 7 } } },
        { name: "istio-proxy", env },
      ],
    },
  });
  it("merges with the table of an earlier injection, whose entries win", () => {
    const old =
      '{"/app-health/z/readyz":{"tcpSocket":{"port":9}},"/app-health/app/livez":{"tcpSocket":{"port":8}}}';
    const pod = run(
      injectedWith([
        { name: "ISTIO_KUBE_APP_PROBERS", value: old },
        { name: "after", value: "" },
      ]),
      { values: rewrite },
    );
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS")).toBe(
      '{"/app-health/app/livez":{"tcpSocket":{"port":8}},"/app-health/z/readyz":{"tcpSocket":{"port":9}}}',
    );
    expect(sidecar(pod).env?.map(({ name }) => name)).toEqual(["ISTIO_KUBE_APP_PROBERS", "after"]);
  });
  it("leaves a table that it cannot read", () => {
    const pod = run(injectedWith([{ name: "ISTIO_KUBE_APP_PROBERS", value: "{" }]), { values: rewrite });
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS")).toBe("{");
  });
  it("appends where an injected pod has no table", () => {
    const pod = run(injectedWith([]), { values: rewrite });
    expect(variable(pod, "ISTIO_KUBE_APP_PROBERS")).toBe(
      '{"/app-health/app/livez":{"tcpSocket":{"port":7}}}',
    );
  });
});

describe("cluster and network", () => {
  it("come from the path, behind everything else, in the order of their names", () => {
    const pod = run(app(), {
      pathVariables: { ISTIO_META_NETWORK: "network1", ISTIO_META_CLUSTER_ID: "cluster1" },
    });
    expect(sidecar(pod).env).toEqual([
      { name: "ISTIO_META_CLUSTER_ID", value: "cluster1" },
      { name: "ISTIO_META_NETWORK", value: "network1" },
    ]);
    expect(pod.metadata.labels["topology.istio.io/network"]).toBe("network1");
  });

  const values = { global: { network: "from-values", multiCluster: { clusterName: "" } } };
  it.each([
    ["from-label", "from-label"],
    ["", undefined],
  ])("a network label %j hides that of the values", (label, want) => {
    const pod = {
      metadata: { labels: { "topology.istio.io/network": label } },
      spec: { containers: [{ name: "app" }] },
    };
    expect(variable(run(pod, { values }), "ISTIO_META_NETWORK")).toBe(want);
  });
});

describe("the order of containers", () => {
  const all =
    "spec:\n  initContainers:\n  - {name: enable-core-dump}\n  - {name: istio-validation}\n  - {name: istio-init}\n  - {name: PLACE}\n  containers:\n  - {name: OTHER}\n";
  const native = all.replace("PLACE", "istio-proxy").replace("OTHER", "x");
  const regular = all.replace("PLACE", "early").replace("OTHER", "istio-proxy");
  const pod: JsonObject = { spec: { containers: [{ name: "app" }], initContainers: [{ name: "mine" }] } };
  const list = (containers: Container[] | undefined) => containers?.map(({ name }) => name);

  it("puts rules and proxy before everything when the sidecar is native", () => {
    expect(list(run(pod, { template: native }).spec.initContainers)).toEqual([
      "istio-init",
      "istio-validation",
      "istio-proxy",
      "enable-core-dump",
      "mine",
    ]);
  });

  it("puts validation first and rules last when it is not", () => {
    const made = run(pod, { template: regular }).spec;
    expect(list(made.initContainers)).toEqual([
      "istio-validation",
      "early",
      "mine",
      "istio-init",
      "enable-core-dump",
    ]);
    expect(list(made.containers)).toEqual(["app", "istio-proxy"]);
  });

  it.each([
    [{ global: { proxy: { holdApplicationUntilProxyStarts: true } } }, {}],
    [{}, { "proxy.istio.io/config": "holdApplicationUntilProxyStarts: true" }],
    [
      { global: { proxy: { holdApplicationUntilProxyStarts: true } } },
      { "proxy.istio.io/config": "holdApplicationUntilProxyStarts: false" },
    ],
  ])("puts the proxy first when the application waits for it: %j %j", (values, annotations) => {
    const made = run({ ...pod, metadata: { annotations } }, { template: regular, values });
    expect(list(made.spec.containers)).toEqual(["istio-proxy", "app"]);
  });
});

describe("what the pod then says of itself", () => {
  it("lists what the templates made, in their order, and null for nothing", () => {
    const pod = run(app(), {
      input: { revision: "" },
      template: `${proxyTemplate}  volumes:\n  - name: b\n  - name: a\n`,
    });
    expect(pod.metadata.annotations["sidecar.istio.io/status"]).toBe(
      '{"initContainers":null,"containers":["istio-proxy"],"volumes":["b","a"],"imagePullSecrets":null,"revision":"default"}',
    );
  });

  it("carries the configured annotations, over everything", () => {
    const pod = run(app({ mine: "old" }), {
      config: { injectedAnnotations: { mine: "new", "sidecar.istio.io/status": "x" } },
    });
    expect(pod.metadata.annotations).toMatchObject({ mine: "new", "sidecar.istio.io/status": "x" });
  });
});

describe("whether the cluster runs native sidecars", () => {
  const template = "metadata:\n  labels:\n    native: {{ .NativeSidecars | quote }}\n";
  const node = (name: string, kubeletVersion: string): JsonObject => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: { nodeInfo: kubeletVersion === "" ? {} : { kubeletVersion } },
  });
  const rows: readonly (readonly [
    "auto" | "true" | "false",
    readonly string[],
    string | undefined,
    string,
  ])[] = [
    ["false", ["v1.33.0", "v1.34.0"], undefined, "false"],
    ["auto", ["v1.33.0", "v1.34.0"], undefined, "true"],
    ["auto", ["v1.28.0", "v1.29.0"], undefined, "false"],
    ["auto", ["v1.33.0", "v1.29.0"], undefined, "false"],
    ["auto", ["v1.33.0", ""], undefined, "false"],
    ["auto", ["1.33.0-eks.1", "v1.40"], undefined, "true"],
    ["true", ["v1.33.0", "v1.29.0"], undefined, "true"],
    ["auto", [], undefined, "false"],
    ["auto", ["v1.33.0", "v1.29.0"], "node-0", "true"],
    ["auto", ["v1.33.0", "v1.29.0"], "node-1", "false"],
    ["auto", ["v1.33.0"], "unknown", "true"],
  ];
  it.each(rows)("%s with nodes %j for a pod on %s is %s", (nativeSidecars, versions, nodeName, want) => {
    const objects = versions.map((version, index) => node(`node-${index}`, version));
    const pod = { spec: { containers: [{ name: "app" }], ...(nodeName === undefined ? {} : { nodeName }) } };
    expect(run(pod, { template, input: { nativeSidecars, objects } }).metadata.labels.native).toBe(want);
  });
});

describe("the proxy's user on OpenShift", () => {
  const template =
    "metadata:\n  labels:\n    user: {{ .ProxyUID | quote }}\n    group: {{ .ProxyGID | quote }}\n";
  const rows: readonly (readonly [string, Record<string, string>, string, string])[] = [
    [
      "openshift",
      {
        "openshift.io/sa.scc.uid-range": "1000620000/10000",
        "openshift.io/sa.scc.supplemental-groups": "1000620000/10000",
      },
      "1000629999",
      "1000629999",
    ],
    ["openshift", { "openshift.io/sa.scc.uid-range": "1000-1999" }, "1999", "1999"],
    [
      "openshift",
      { "openshift.io/sa.scc.uid-range": "1000/10", "openshift.io/sa.scc.supplemental-groups": "50-60,70/5" },
      "1009",
      "60",
    ],
    ["openshift", { "openshift.io/sa.scc.uid-range": "nonsense" }, "1337", "1337"],
    ["openshift", {}, "1337", "1337"],
    ["", { "openshift.io/sa.scc.uid-range": "1000/10" }, "1337", "1337"],
  ];
  it.each(rows)("on %j with %j is %s and %s", (platform, annotations, user, group) => {
    const objects = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "ns", annotations } }];
    expect(run(app(), { template, input: { platform, objects } }).metadata.labels).toMatchObject({
      user,
      group,
    });
  });
});
