import { webcrypto } from "node:crypto";
import { createAuthority, issueLeaf, type KeyPair } from "../../src/certificates/index.js";
import { embeddedDefaults } from "../../src/config/index.js";
import { yamlToJson } from "../../src/goyaml/index.js";
import { compileConfig, inject, type Snapshot } from "../../src/injection/index.js";
import type { JsonObject, JsonValue } from "../../src/json/index.js";
import type { ApiServer } from "./api-server.js";

const home = "istio-system";

/** The objects of a cluster with one healthy installation, as the API server would give them. Tests spoil them. */
export interface Cluster {
  webhooks: JsonObject[];
  services: JsonObject[];
  slices: JsonObject[];
  deployments: JsonObject[];
  nodes: JsonObject[];
  secrets: JsonObject[];
  configMaps: JsonObject[];
  namespaces: JsonObject[];
  pods: JsonObject[];
  /** What the API server answers to a pod in dry run. */
  create: (namespace: string, pod: JsonObject) => readonly [status: number, answer: JsonObject];
}

/** When the configuration was last changed. */
export const changed = "2026-03-01T00:00:00Z";

const config = {
  ...(yamlToJson(embeddedDefaults.injectConfig.text) as JsonObject),
  templates: Object.fromEntries([...embeddedDefaults.templates].map(([name, { text }]) => [name, text])),
};

/** The configuration with other values. */
export function configMap(values: JsonValue = yamlToJson(embeddedDefaults.values.text)): JsonObject {
  return {
    metadata: {
      name: "istio-sidecar-injector-pillion",
      namespace: home,
      creationTimestamp: "2026-01-01T00:00:00Z",
      managedFields: [
        { manager: "helm", time: changed, fieldsV1: { "f:data": {} } },
        // Labels that others put on are no change of the configuration.
        { manager: "kubectl", time: "2026-05-01T00:00:00Z", fieldsV1: { "f:metadata": {} } },
      ],
    },
    data: { config: JSON.stringify(config), values: JSON.stringify(values) },
  };
}

const snapshot: Snapshot = compileConfig({
  injectConfig: config,
  values: embeddedDefaults.values,
  mesh: embeddedDefaults.mesh,
  revision: "pillion",
});

/** A pod of a Deployment `web`, without a sidecar. */
export function bare(namespace: string, name: string, created: string, labels: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      generateName: "web-abc-",
      creationTimestamp: created,
      labels: { app: "web", "pod-template-hash": "abc", ...labels },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-abc", controller: true }],
    },
    spec: { containers: [{ name: "app", image: "pause" }] },
  };
}

/** The same pod as the injector makes it. */
export function injected(pod: JsonObject, by: Snapshot = snapshot): JsonObject {
  const namespace = String((pod.metadata as JsonObject).namespace);
  return inject(pod, { namespace }, by).pod;
}

/** A snapshot of another revision or with other values. */
export function otherSnapshot(revision: string, values?: JsonObject): Snapshot {
  return compileConfig({ injectConfig: config, values: values ?? embeddedDefaults.values, revision });
}

/** A Namespace with labels. */
export function namespace(name: string, labels: JsonObject = {}): JsonObject {
  return { metadata: { name, labels } };
}

/** A pair of authority and leaf. @param days how long both are good */
export async function certificates(
  name: string,
  { days = 365, now = Date.now() } = {},
): Promise<{ readonly authority: KeyPair; readonly leaf: KeyPair }> {
  const world = { crypto: webcrypto as webcrypto.Crypto, now };
  const authority = await createAuthority({ commonName: "tests", days }, world);
  return { authority, leaf: await issueLeaf(authority, { names: [name], days }, world) };
}

/** The Secret of a leaf. */
export function secret(leaf: KeyPair): JsonObject {
  const data = { "tls.crt": base64(leaf.certificatePem), "tls.key": base64(leaf.keyPem) };
  return { metadata: { name: "pillion-tls", namespace: home }, data };
}

/** Text as the API has it. */
export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A webhook configuration as the chart renders it. */
export function webhook(
  name: string,
  { caBundle = "", service = "pillion", revision = "pillion", labels = {} }: WebhookOptions = {},
): JsonObject {
  const entry = (kind: string, namespaceSelector: JsonValue[], objectSelector: JsonValue[]): JsonObject => ({
    name: `${kind}.sidecar-injector.istio.io`,
    clientConfig: { service: { name: service, namespace: home, path: "/inject", port: 443 }, caBundle },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
    failurePolicy: "Fail",
    reinvocationPolicy: "Never",
    namespaceSelector: { matchExpressions: namespaceSelector },
    objectSelector: { matchExpressions: objectSelector },
    matchConditions: [
      {
        name: "not-an-ignored-namespace",
        expression:
          '!(request.namespace in ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"])',
      },
    ],
  });
  const mine = { key: "istio.io/rev", operator: "In", values: [revision] };
  const none = { key: "istio.io/rev", operator: "DoesNotExist" };
  const legacy = { key: "istio-injection", operator: "DoesNotExist" };
  const notFalse = { key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] };
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name, labels: { "istio.io/rev": revision, "helm.sh/chart": "pillion-0.1.0", ...labels } },
    webhooks: [
      entry("rev.namespace", [mine, legacy], [notFalse]),
      entry("rev.object", [none, legacy], [notFalse, mine]),
    ],
  };
}

/** What {@link webhook} varies. */
export interface WebhookOptions {
  readonly caBundle?: string;
  readonly service?: string;
  readonly revision?: string;
  readonly labels?: JsonObject;
}

/** A cluster in which nothing is wrong. */
export async function healthyCluster(): Promise<Cluster> {
  const { authority, leaf } = await certificates("pillion.istio-system.svc");
  const selector = { "app.kubernetes.io/name": "pillion" };
  return {
    webhooks: [
      webhook("istio-sidecar-injector-pillion", { caBundle: base64(authority.certificatePem) }),
      webhook("istio-revision-tag-prod", {
        caBundle: base64(authority.certificatePem),
        labels: { "istio.io/tag": "prod" },
      }),
    ],
    services: [
      {
        metadata: { name: "pillion", namespace: home },
        spec: { selector, ports: [{ port: 443 }, { port: 15014 }] },
      },
    ],
    slices: [
      {
        metadata: { name: "pillion-1" },
        endpoints: [{ conditions: { ready: true } }, { conditions: { ready: true } }],
      },
    ],
    deployments: [
      {
        metadata: { name: "pillion", namespace: home },
        spec: {
          replicas: 2,
          template: {
            metadata: { labels: { ...selector, "sidecar.istio.io/inject": "false" } },
            spec: {
              nodeSelector: { "kubernetes.io/os": "linux" },
              containers: [
                {
                  name: "pillion",
                  args: [
                    "webhook",
                    "--namespace=istio-system",
                    "--configmap=istio-sidecar-injector-pillion",
                    "--mesh-configmap=istio-pillion",
                    "--revision=pillion",
                    "--tls-cert-file=/etc/pillion/tls/tls.crt",
                  ],
                  volumeMounts: [{ name: "tls", mountPath: "/etc/pillion/tls" }],
                },
              ],
              volumes: [{ name: "tls", secret: { secretName: "pillion-tls" } }],
            },
          },
        },
        status: { readyReplicas: 2 },
      },
    ],
    nodes: [{ metadata: { name: "n1", labels: { "kubernetes.io/os": "linux" } } }],
    secrets: [secret(leaf)],
    configMaps: [
      configMap(),
      {
        metadata: { name: "istio-pillion", namespace: home, creationTimestamp: "2026-01-01T00:00:00Z" },
        data: { mesh: embeddedDefaults.mesh.text },
      },
    ],
    namespaces: [
      namespace("default"),
      namespace(home),
      namespace("kube-system"),
      namespace("shop", { "istio.io/rev": "pillion" }),
    ],
    pods: [
      injected(bare("shop", "web-abc-1", "2026-02-01T00:00:00Z")),
      injected(bare("shop", "web-abc-2", "2026-04-01T00:00:00Z")),
      bare("default", "other", "2026-02-01T00:00:00Z"),
    ],
    create: (_namespace, pod) => [201, injected(pod)],
  };
}

/** Puts the cluster behind the server's paths. */
export function serveCluster(server: ApiServer, cluster: Cluster): void {
  const core = (kind: string) => `/api/v1/namespaces/${home}/${kind}`;
  server.serve("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", ...cluster.webhooks);
  server.serve(core("services"), ...cluster.services);
  server.serve(`/apis/discovery.k8s.io/v1/namespaces/${home}/endpointslices`, ...cluster.slices);
  server.serve(`/apis/apps/v1/namespaces/${home}/deployments`, ...cluster.deployments);
  server.serve(core("secrets"), ...cluster.secrets);
  server.serve(core("configmaps"), ...cluster.configMaps);
  server.serve("/api/v1/nodes", ...cluster.nodes);
  server.serve("/api/v1/namespaces", ...cluster.namespaces);
  server.serve("/api/v1/pods", ...cluster.pods);
  for (const { metadata } of cluster.namespaces) {
    const { name } = metadata as { name: string };
    const path = `/api/v1/namespaces/${name}/pods`;
    server.serve(path, ...cluster.pods.filter((pod) => (pod.metadata as JsonObject).namespace === name));
    server.posts.set(path, (pod) => cluster.create(name, pod));
  }
}
