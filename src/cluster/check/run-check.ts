import { type JsonObject, valueAt } from "../../json/index.js";
import type { ApiClient } from "../api-client.js";
import { listPages } from "../list-pages.js";
import { readWebhookConfigurations, webhookConfigurationsPath } from "../webhook-configuration.js";
import { type NamespaceFacts, namespaceFacts } from "./callers.js";
import { checkBundles } from "./check-bundle.js";
import { checkCall } from "./check-call.js";
import { checkCertificate } from "./check-certificate.js";
import { checkColdStart } from "./check-cold-start.js";
import { checkConfiguration } from "./check-configuration.js";
import { checkNamespaceLabels, checkNamespaces } from "./check-namespaces.js";
import { checkOrder } from "./check-order.js";
import { checkPods } from "./check-pods.js";
import { checkRivals } from "./check-rivals.js";
import { checkService } from "./check-service.js";
import { checkSidecars } from "./check-sidecars.js";
import { checkWebhook, noInstallation } from "./check-webhook.js";
import { countingClient } from "./counting-client.js";
import type { Finding } from "./finding.js";
import { findInstallations, type Installation } from "./installation.js";
import { eachMetadata } from "./metadata-pages.js";
import type { PodTally } from "./pod-tally.js";
import { probeTargets } from "./probe-pod.js";
import { type InjectorReadings, readInjector } from "./read-injector.js";
import { readPods, readSidecars } from "./read-pods.js";
import { type Reading, reading } from "./reading.js";
import { tryPod } from "./try-pod.js";

/** What is checked. */
export interface CheckOptions {
  /** Absent: every revision that Pillion's chart has installed. */
  readonly revision?: string;
  /** Look at the pods of this namespace alone, which needs rights there alone. */
  readonly namespace?: string;
  /** The namespace of the ConfigMaps of an injector outside the cluster. */
  readonly injectorNamespace: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What was found. */
export interface CheckReport {
  /** The revisions that were looked at. */
  readonly revisions: readonly string[];
  /** The lines, revision by revision in the order of `checkNames`; then those about no revision alone. */
  readonly findings: readonly Finding[];
  /** How many requests it took. */
  readonly requests: number;
}

/**
 * Goes through an installation line by line. It changes nothing; the one pod that it creates is a dry run. A missing right
 * costs the lines that need it. @throws ClusterError when the webhook configurations cannot be read: there is nothing to
 * go by then
 */
export async function runCheck(
  apiClient: ApiClient,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<CheckReport> {
  const { client, count } = countingClient(apiClient);
  const { revisions, findings } = await checkAll(client, options, signal);
  return { revisions, findings, requests: count() };
}

type Lines = Pick<CheckReport, "revisions" | "findings">;

async function checkAll(client: ApiClient, options: CheckOptions, signal: AbortSignal): Promise<Lines> {
  const { items: listed } = await listPages(client, webhookConfigurationsPath, {}, signal);
  const injectors = readWebhookConfigurations(listed);
  const installations = findInstallations(injectors, options.revision);
  if (installations.length === 0)
    return { revisions: [], findings: [noInstallation(injectors, options.revision)] };
  const namespaces = await readNamespaces(client, options.namespace, signal);
  const read: InjectorReadings[] = [];
  for (const one of installations)
    read.push(await readInjector(client, one, options.injectorNamespace, signal));
  const world: World = { client, options, signal, namespaces, listed };
  const tallies = await countPods(world, installations, read);
  const findings: Finding[] = [];
  for (const [index, installation] of installations.entries()) {
    const readings = read[index];
    if (readings === undefined) continue;
    const lines = await checkOne(world, installation, readings, tallyOf(tallies, index));
    findings.push(...lines.map((line) => ({ revision: installation.revision, ...line })));
  }
  findings.push(...checkNamespaceLabels(injectors, namespaces));
  return { revisions: installations.map(({ revision }) => revision), findings };
}

interface World {
  readonly client: ApiClient;
  readonly options: CheckOptions;
  readonly signal: AbortSignal;
  readonly namespaces: Reading<readonly NamespaceFacts[]>;
  /** Every MutatingWebhookConfiguration. */
  readonly listed: readonly JsonObject[];
}

async function checkOne(
  { client, options, signal, namespaces, listed }: World,
  installation: Installation,
  readings: InjectorReadings,
  tally: Reading<PodTally>,
): Promise<readonly Finding[]> {
  const { revision } = installation;
  const { service, deployment, nodeFits, certificate, configuration } = readings;
  const targets = namespaces.kind === "read" ? probeTargets(installation, namespaces.value) : [];
  return [
    ...checkWebhook(installation),
    ...checkService(installation.service, service),
    ...checkColdStart(installation, {
      deployment,
      nodeFits,
      namespaces,
      allNamespaces: options.namespace === undefined,
    }),
    ...checkConfiguration(configuration),
    ...checkBundles(installation, certificate, options.now),
    ...checkCertificate(installation, certificate, options.now),
    ...checkRivals(installation, readWebhookConfigurations(listed)),
    ...checkNamespaces(installation, namespaces),
    ...checkCall(installation, await tryPod(client, targets, signal)),
    ...checkOrder(installation, listed, namespaces),
    ...checkPods(revision, tally),
    ...checkSidecars(revision, await readSidecars(client, configuration, tally, signal)),
  ];
}

/** All namespaces, or the one that is asked for: by its name, which takes fewer rights. */
function readNamespaces(
  client: ApiClient,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Reading<readonly NamespaceFacts[]>> {
  if (namespace !== undefined)
    return reading(`get namespace ${namespace}`, async () => [
      namespaceFacts(await client.get(`/api/v1/namespaces/${namespace}`, {}, signal)),
    ]);
  return reading("list namespaces", async () => {
    const found: NamespaceFacts[] = [];
    await eachMetadata(client, "/api/v1/namespaces", {}, signal, (one) => {
      // One that is being deleted takes no pods, and those in it are on their way out.
      if (valueAt(one, "metadata", "deletionTimestamp") === undefined) found.push(namespaceFacts(one));
    });
    return found;
  });
}

async function countPods(
  { client, options, signal, namespaces }: World,
  installations: readonly Installation[],
  read: readonly InjectorReadings[],
): Promise<Reading<readonly PodTally[]>> {
  if (namespaces.kind !== "read") return namespaces;
  const injectors = installations.flatMap((installation, index) => {
    const readings = read[index];
    return readings === undefined ? [] : [{ installation, configuration: readings.configuration }];
  });
  return readPods(client, injectors, namespaces.value, options.namespace, signal);
}

function tallyOf(tallies: Reading<readonly PodTally[]>, index: number): Reading<PodTally> {
  if (tallies.kind !== "read") return tallies;
  const value = tallies.value[index];
  if (value === undefined) throw new Error("an injector was not counted");
  return { kind: "read", value };
}
