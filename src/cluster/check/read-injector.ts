import { loadSnapshot, ReloadError, type SnapshotSettings } from "../../config/index.js";
import { type JsonObject, objectsAt, textOrEmpty, textsAt, valueAt } from "../../json/index.js";
import type { ApiClient } from "../api-client.js";
import { clusterTexts } from "../cluster-texts.js";
import { listPages } from "../list-pages.js";
import { proxyConfigResource } from "../resource.js";
import type { CertificateReading } from "./check-certificate.js";
import type { ConfigurationReading } from "./check-configuration.js";
import type { ServiceReadings } from "./check-service.js";
import { type DeploymentFacts, isSelected, readDeployment } from "./deployment.js";
import type { Installation } from "./installation.js";
import { type Reading, reading, readValue } from "./reading.js";

/** What the check reads of one injector beside its webhook configurations. */
export interface InjectorReadings {
  /** This and the next: undefined for an injector outside the cluster. */
  readonly service: ServiceReadings | undefined;
  readonly deployment: Reading<DeploymentFacts | undefined> | undefined;
  /** Undefined where the Deployment selects no Nodes. */
  readonly nodeFits: Reading<boolean> | undefined;
  readonly certificate: CertificateReading | undefined;
  readonly configuration: ConfigurationReading;
}

/** Reads all of it. What may not be read is a part of the answer. @param namespace of the ConfigMaps of an injector outside */
export async function readInjector(
  client: ApiClient,
  installation: Installation,
  namespace: string,
  signal: AbortSignal,
): Promise<InjectorReadings> {
  const service = await readService(client, installation, signal);
  const deployment = await readDeployments(client, installation, service, signal);
  const facts = readValue(deployment);
  const home = facts?.namespace ?? installation.service?.namespace ?? namespace;
  return {
    service,
    deployment,
    nodeFits: facts === undefined ? undefined : await readNodeFits(client, facts, signal),
    certificate: await readCertificate(client, installation, deployment, signal),
    configuration: await readConfiguration(client, installation, facts, home, signal),
  };
}

async function readService(
  client: ApiClient,
  { service }: Installation,
  signal: AbortSignal,
): Promise<ServiceReadings | undefined> {
  if (service === undefined) return undefined;
  const { name, namespace } = service;
  return {
    service: await reading(`get Service ${namespace}/${name}`, () =>
      client.get(`/api/v1/namespaces/${namespace}/services/${name}`, {}, signal),
    ),
    slices: await reading(`list EndpointSlices in namespace ${namespace}`, async () => {
      const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
      return (await listPages(client, path, { labelSelector: `kubernetes.io/service-name=${name}` }, signal))
        .items;
    }),
  };
}

/** The Deployment with the pods that the Service selects. */
async function readDeployments(
  client: ApiClient,
  { service: address }: Installation,
  readings: ServiceReadings | undefined,
  signal: AbortSignal,
): Promise<Reading<DeploymentFacts | undefined> | undefined> {
  if (address === undefined || readings === undefined) return undefined;
  if (readings.service.kind === "absent") return { kind: "read", value: undefined };
  if (readings.service.kind !== "read") return readings.service;
  const selector = textsAt(readings.service.value, "spec", "selector");
  return reading(`list Deployments in namespace ${address.namespace}`, async () => {
    const path = `/apis/apps/v1/namespaces/${address.namespace}/deployments`;
    const { items } = await listPages(client, path, {}, signal);
    return items.map(readDeployment).find((one) => isSelected(one, selector));
  });
}

/** The Secret that the Deployment serves from. */
async function readCertificate(
  client: ApiClient,
  { own }: Installation,
  deployment: InjectorReadings["deployment"],
  signal: AbortSignal,
): Promise<CertificateReading | undefined> {
  if (deployment?.kind === "forbidden" || deployment?.kind === "failed")
    return { title: `of ${own.service ?? ""}`, secret: deployment, own: false };
  const facts = readValue(deployment);
  if (facts?.secret === undefined) return undefined;
  const { namespace, secret } = facts;
  const title = `${namespace}/${secret}`;
  return {
    title,
    own: facts.flag("ca-secret") !== undefined,
    secret: await reading(`get Secret ${title}`, () =>
      client.get(`/api/v1/namespaces/${namespace}/secrets/${secret}`, {}, signal),
    ),
  };
}

async function readNodeFits(
  client: ApiClient,
  { nodeSelector }: DeploymentFacts,
  signal: AbortSignal,
): Promise<Reading<boolean> | undefined> {
  const labels = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
  if (labels.length === 0) return undefined;
  return reading("list Nodes", async () => {
    const query = { labelSelector: labels.join(","), limit: "1" };
    return objectsAt(await client.get("/api/v1/nodes", query, signal), "items").length > 0;
  });
}

/** Reads the ConfigMaps that the injector reads, and loads them as it does. */
async function readConfiguration(
  client: ApiClient,
  { revision }: Installation,
  facts: DeploymentFacts | undefined,
  home: string,
  signal: AbortSignal,
): Promise<ConfigurationReading> {
  const namespace = facts?.flag("namespace") ?? home;
  const suffix = revision === "default" || revision === "" ? "" : `-${revision}`;
  const read = async (name: string) => {
    const title = `ConfigMap ${namespace}/${name}`;
    const right = `get ${title}`;
    return {
      title,
      reading: await reading(right, () =>
        client.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`, {}, signal),
      ),
    };
  };
  const inject = await read(facts?.flag("configmap") ?? `istio-sidecar-injector${suffix}`);
  const mesh = await read(facts?.flag("mesh-configmap") ?? `istio${suffix}`);
  const title = `${inject.title}, ${mesh.title}`;
  for (const { reading: one } of [inject, mesh])
    if (one.kind === "forbidden" || one.kind === "failed") return { kind: "unread", title, unread: one };
  const objects = await readProxyConfigs(client, signal);
  const configMaps = [readValue(inject.reading), readValue(mesh.reading)];
  try {
    const texts = clusterTexts(
      {
        injectTitle: inject.title,
        injectConfigMap: configMaps[0],
        meshTitle: mesh.title,
        meshConfigMap: configMaps[1],
        objects,
      },
      { warn: () => undefined },
    );
    const snapshot = loadSnapshot(texts, settingsOf(revision, facts));
    const times = configMaps.map((one) => (one === undefined ? 0 : changedAt(one)));
    return { kind: "read", title, snapshot, changedAt: Math.max(...times) };
  } catch (error) {
    if (!(error instanceof ReloadError)) throw error;
    return { kind: error.stage === "read" ? "missing" : "invalid", title, message: error.message };
  }
}

/** They change images. Without the kind, or the right, it works as without any. */
async function readProxyConfigs(client: ApiClient, signal: AbortSignal): Promise<readonly JsonObject[]> {
  const { path, apiVersion, kind } = proxyConfigResource;
  const read = await reading(
    "list ProxyConfigs",
    async () => (await listPages(client, path, {}, signal)).items,
  );
  return (readValue(read) ?? []).map((object) => ({ ...object, apiVersion, kind }));
}

function settingsOf(revision: string, facts: DeploymentFacts | undefined): SnapshotSettings {
  const native = facts?.flag("native-sidecars");
  const guard = facts?.flag("text-guard");
  return {
    revision: facts?.flag("revision") ?? (revision === "" ? "default" : revision),
    nativeSidecars: native === "true" || native === "false" ? native : "auto",
    compliancePolicy: facts?.flag("compliance-policy") ?? "",
    platform: facts?.flag("platform") ?? "",
    textGuard: guard === "warn" || guard === "off" ? guard : "enforce",
    environment: {},
  };
}

/** When its content was last changed: the API server notes it for each writer. */
function changedAt(configMap: JsonObject): number {
  const times = [
    textOrEmpty(configMap, "metadata", "creationTimestamp"),
    ...objectsAt(configMap, "metadata", "managedFields")
      .filter((one) => valueAt(one, "fieldsV1", "f:data") !== undefined)
      .map((one) => textOrEmpty(one, "time")),
  ];
  return Math.max(0, ...times.map((time) => Date.parse(time)).filter((time) => !Number.isNaN(time)));
}
