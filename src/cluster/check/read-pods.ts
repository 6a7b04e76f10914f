import type { DecisionRules } from "../../injection/index.js";
import { textOrEmpty } from "../../json/index.js";
import type { ApiClient } from "../api-client.js";
import type { NamespaceFacts } from "./callers.js";
import type { ConfigurationReading } from "./check-configuration.js";
import type { SidecarReadings, SidecarSample } from "./check-sidecars.js";
import { compareSidecar } from "./compare-sidecar.js";
import type { Installation } from "./installation.js";
import { eachMetadata } from "./metadata-pages.js";
import { PodCounter, type PodGroup, type PodTally } from "./pod-tally.js";
import { type Reading, reading } from "./reading.js";

// The injector leaves pods on the host's network alone, and pods that have ended have no use for a sidecar.
const fieldSelector = "spec.hostNetwork=false,status.phase!=Succeeded,status.phase!=Failed";

/** What istiod's injector does where nobody says otherwise. */
const usualRules: DecisionRules = { policy: "enabled", neverInjectSelector: [], alwaysInjectSelector: [] };

/** An injector and its configuration. */
export interface CountedInjector {
  readonly installation: Installation;
  readonly configuration: ConfigurationReading;
}

/** Reads the metadata of all pods once, a page at a time, and counts them for each injector. */
export async function readPods(
  client: ApiClient,
  injectors: readonly CountedInjector[],
  namespaces: readonly NamespaceFacts[],
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Reading<readonly PodTally[]>> {
  const counters = injectors.map(
    ({ installation, configuration }) =>
      new PodCounter(installation, configuration.kind === "read" ? configuration.snapshot : usualRules),
  );
  const known = new Map(namespaces.map((one) => [one.name, one]));
  const path = namespace === undefined ? "/api/v1/pods" : `/api/v1/namespaces/${namespace}/pods`;
  const where = namespace === undefined ? "all namespaces" : `namespace ${namespace}`;
  return reading(`list pods in ${where}`, async () => {
    await eachMetadata(client, path, { fieldSelector }, signal, (pod) => {
      const home = known.get(textOrEmpty(pod, "metadata", "namespace"));
      // A namespace that was made after the namespaces were read.
      if (home !== undefined) for (const counter of counters) counter.add(pod, home);
    });
    return counters.map(({ tally }) => tally);
  });
}

/**
 * How many pods are read whole. A pod that was made after the last change of the configuration need not be, and pods of
 * one workload that were injected alike are told by one.
 */
const mostSamples = 50;

/** Reads the pods that may be injected by an older configuration, the oldest first, and compares. */
export async function readSidecars(
  client: ApiClient,
  configuration: ConfigurationReading,
  tally: Reading<PodTally>,
  signal: AbortSignal,
): Promise<SidecarReadings> {
  if (tally.kind !== "read" || configuration.kind !== "read") return { tally, samples: undefined, left: 0 };
  // A pod of the same second may be older: times in the API are whole seconds.
  const old = tally.value.injected
    .filter(({ createdAt }) => createdAt <= configuration.changedAt)
    .sort((a, b) => a.createdAt - b.createdAt);
  const samples: SidecarSample[] = [];
  for (const group of old.slice(0, mostSamples))
    samples.push({ group, differences: await compare(client, group, configuration, signal) });
  return {
    tally,
    samples: samples.filter(({ differences }) => differences.kind !== "absent"),
    left: Math.max(0, old.length - mostSamples),
  };
}

function compare(
  client: ApiClient,
  { namespace, oldest }: PodGroup,
  { snapshot }: Extract<ConfigurationReading, { kind: "read" }>,
  signal: AbortSignal,
): Promise<Reading<readonly string[]>> {
  return reading(`get pods in namespace ${namespace}`, async () =>
    compareSidecar(await client.get(`/api/v1/namespaces/${namespace}/pods/${oldest}`, {}, signal), snapshot),
  );
}
