import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { yamlToJson } from "../../src/goyaml/index.js";
import { type ConfigText, compileConfig, inject, type SnapshotInput } from "../../src/injection/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";
import { root } from "../support/peer.js";

/** A key of a ConfigMap of the fixtures, as kubectl would print the manifest. */
function read(file: string, key: string): ConfigText {
  const manifest = yamlToJson(readFileSync(join(root, "test", "fixtures", "istio-configmap", file), "utf8"));
  const data = isObject(manifest) ? manifest.data : undefined;
  const text = isObject(data) ? data[key] : undefined;
  if (typeof text !== "string") throw new Error(`${file} has no key ${key}`);
  return { text, source: `${file}: ${key}` };
}

const input: SnapshotInput = {
  injectConfig: read("istio-sidecar-injector.yaml", "config"),
  values: read("istio-sidecar-injector.yaml", "values"),
  mesh: read("istio.yaml", "mesh"),
  environment: { PILLION_FIXTURE: "seen" },
};

const pod = (annotations: Record<string, string> = {}): JsonObject => ({
  metadata: { name: "hello", labels: { app: "hello" }, annotations },
  spec: {
    containers: [
      {
        name: "hello",
        image: "hello:1",
        ports: [
          { name: "http", containerPort: 80 },
          { containerPort: 53, protocol: "UDP" },
        ],
      },
    ],
  },
});

interface Shape {
  readonly metadata: {
    readonly annotations: Record<string, string>;
    readonly labels: Record<string, string>;
  };
  readonly spec: {
    readonly containers: {
      name: string;
      args?: string[];
      image?: string;
      env?: { name: string; value?: string }[];
      volumeMounts?: unknown[];
    }[];
    readonly initContainers?: { name: string; args?: string[]; resources?: unknown }[];
    readonly volumes?: unknown[];
    readonly imagePullSecrets?: unknown[];
  };
}

function run(annotations: Record<string, string> = {}, more: Partial<SnapshotInput> = {}): Shape {
  return inject(pod(annotations), { namespace: "ns" }, compileConfig({ ...input, ...more }))
    .pod as unknown as Shape;
}

describe("a ConfigMap of the form that Istio's chart installs", () => {
  it("loads whole: every template is parsed, the version check in `template` is not", () => {
    const snapshot = compileConfig(input);
    expect(snapshot.warnings).toEqual([]);
    expect(snapshot.templateNames).toEqual([
      "agentgateway",
      "agentgateway-waypoint",
      "extras",
      "gateway",
      "grpc-agent",
      "grpc-simple",
      "kube-gateway",
      "sidecar",
      "waypoint",
    ]);
  });

  it("injects with its sidecar template, values and mesh config", () => {
    const made = run();
    const [app, proxy] = made.spec.containers;
    expect(app?.name).toBe("hello");
    expect(proxy?.image).toBe("example.com/istio/proxyv2:1.25");
    expect(proxy?.args).toEqual([
      "proxy",
      "sidecar",
      "--drainDuration",
      "23s",
      "--log_output_level=default:info",
    ]);
    expect(proxy?.env).toEqual([
      { name: "CA_ADDR", value: "istiod.istio-system.svc:15012" },
      { name: "PROXY_CONFIG", value: '{"drainDuration":"23s","proxyMetadata":{"FROM_MESH":"1"}}\n' },
      {
        name: "ISTIO_META_POD_PORTS",
        value: '[\n    {"name":"http","containerPort":80}\n    ,{"containerPort":53,"protocol":"UDP"}\n]',
      },
      { name: "ISTIO_META_APP_CONTAINERS", value: "hello" },
      { name: "ISTIO_META_CLUSTER_ID", value: "Kubernetes" },
      { name: "ISTIO_META_ENVIRONMENT", value: "seen" },
      { name: "ISTIO_META_OWNER", value: "kubernetes://apis/v1/namespaces/ns/pods/hello" },
      { name: "TRUST_DOMAIN", value: "cluster.local" },
      { name: "FROM_MESH", value: "1" },
    ]);
    expect(made.spec.initContainers?.[0]?.args).toEqual([
      "istio-iptables",
      "-p",
      "15001",
      "-u",
      "1337",
      "-m",
      "REDIRECT",
      "-b",
      "80",
      "-d",
      "15090,15021,15020",
    ]);
    expect(made.spec.initContainers?.[0]?.resources).toEqual({
      limits: { memory: "1Gi" },
      requests: { cpu: "100m", memory: "128Mi" },
    });
    expect(made.spec.imagePullSecrets).toEqual([{ name: "pull" }]);
    expect(made.metadata.annotations["example.com/injected-by"]).toBe("fixture");
  });

  it("makes the sidecar native where the cluster can", () => {
    const made = run({}, { nativeSidecars: "true" });
    expect(made.spec.initContainers?.map(({ name }) => name)).toEqual(["istio-init", "istio-proxy"]);
    expect(made.spec.containers.map(({ name }) => name)).toEqual(["hello"]);
  });

  it("takes structured annotations into volumes and mounts", () => {
    const made = run({
      "sidecar.istio.io/userVolume": '{"mine":{"emptyDir":{"medium":"Memory"}}}',
      "sidecar.istio.io/userVolumeMount": '{"mine":{"mountPath":"/mine","readOnly":true}}',
    });
    expect(made.spec.volumes).toContainEqual({ name: "mine", emptyDir: { medium: "Memory" } });
    expect(made.spec.containers[1]?.volumeMounts).toContainEqual({
      name: "mine",
      mountPath: "/mine",
      readOnly: true,
    });
  });

  it("runs every statement of the language: an alias of two templates", () => {
    expect(run({ "inject.istio.io/templates": "everything" }).metadata.labels).toMatchObject({
      revision: "none",
      counted: "3",
      ports: "80",
      range: "empty",
    });
  });

  it.each(["gateway", "grpc-simple", "grpc-agent"])("injects with its template %s", (name) => {
    expect(
      run({ "inject.istio.io/templates": name }).metadata.annotations["sidecar.istio.io/status"],
    ).toBeDefined();
  });

  it("skips what its selectors exclude", () => {
    const build = { ...pod(), metadata: { labels: { "openshift.io/build.name": "b" } } };
    expect(inject(build, {}, compileConfig(input)).reason).toBe("never-inject-selector");
  });
});

describe("a bad configuration", () => {
  const refused: readonly (readonly [string, Partial<SnapshotInput>, object])[] = [
    [
      "YAML that cannot be read",
      { injectConfig: { text: "policy: enabled\ntemplates: [", source: "config.yaml" } },
      { code: "syntax", place: { source: "config.yaml", line: 2 } },
    ],
    [
      "a field of the wrong type",
      { injectConfig: { text: "templates: {sidecar: [1]}", source: "config.yaml" } },
      { code: "type", place: { source: "config.yaml", key: "templates.sidecar" } },
    ],
    [
      "a template with an unknown function",
      { injectConfig: { policy: "enabled", templates: { a: "{{ if true }}x{{ end }}\n{{ nosuch }}" } } },
      { code: "template-syntax", place: { key: "templates.a", line: 2 } },
    ],
    [
      "a template that makes keys",
      { templates: new Map([["a", { text: '{{ genCA "a" 1 }}', source: "a.yaml" }]]) },
      { code: "template-refused", place: { source: "a.yaml", line: 1 } },
    ],
    [
      "values of the wrong type",
      { values: { text: "global: {hub: [1]}", source: "values.yaml" } },
      { code: "values-invalid", place: { source: "values.yaml", key: "global.hub" } },
    ],
    [
      "a mesh config that cannot be used",
      { mesh: { text: "defaultConfig: {interceptionMode: SIDEWAYS}", source: "mesh.yaml" } },
      { code: "mesh-invalid", place: { source: "mesh.yaml" } },
    ],
    [
      "a Namespace without a name",
      { objects: [{ apiVersion: "v1", kind: "Namespace" }] },
      { code: "resource-invalid" },
    ],
  ];
  it.each(refused)("is refused as a whole, and says where: %s", (_, change, want) => {
    let error: unknown;
    try {
      compileConfig({ ...input, ...change });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: "ConfigError", ...want });
  });
});
