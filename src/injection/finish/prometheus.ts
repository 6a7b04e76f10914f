import { goJson, parseGoBool } from "../../go/index.js";
import { excerpt } from "../../text/index.js";
import { InjectionError } from "../injection-error.js";
import { containerNames, names } from "../names.js";
import type { Texts, WorkingPod } from "../working-pod.js";
import { appendEnv } from "./append-env.js";

/** A place where metrics are scraped. */
export interface ScrapeTarget {
  readonly port: string;
  readonly path: string;
}

/** What a pod's annotations say about scraping it. */
export interface ScrapeSettings {
  readonly scrape: string;
  readonly path: string;
  readonly port: string;
  readonly targets: readonly ScrapeTarget[];
}

/** Ports that Istio's data plane serves itself; scraping them through the agent would go in circles or break. */
export const reservedPorts: ReadonlyMap<string, string> = new Map([
  ["15000", "Envoy admin"],
  ["15001", "outbound traffic capture"],
  ["15004", "pilot debug"],
  ["15006", "inbound traffic capture"],
  ["15008", "HBONE tunnel"],
  ["15020", "pilot-agent status / merged Prometheus"],
  ["15021", "Envoy health"],
  ["15053", "DNS proxy"],
  ["15090", "Envoy Prometheus (already merged)"],
]);

const scrapeKey = "prometheus_io_scrape";
const portKey = "prometheus_io_port";
const pathKey = "prometheus_io_path";
const targetsKey = "prometheus_istio_io_scrape_targets";
const securePortKey = "prometheus_istio_io_secure_port";
const consumedKeys: readonly string[] = [scrapeKey, portKey, pathKey, targetsKey];

const none: readonly string[] = [];

/** Prometheus reads an annotation's key with everything but letters, digits and `_` as `_`; so do we. */
function isSpelling(name: string, key: string): boolean {
  return (
    name.length === key.length && name.startsWith("prometheus") && name.replace(/[^A-Za-z0-9_]/g, "_") === key
  );
}

/** The values of all spellings of a key. Where several are set, they come in the order of their spelling. */
function spellings(annotations: Texts, key: string): readonly string[] {
  let found: string[] | undefined;
  for (const name of annotations.names()) {
    if (!isSpelling(name, key)) continue;
    found ??= [];
    found.push(name);
  }
  return found === undefined ? none : found.sort().map((name) => annotations.get(name) ?? "");
}

/** Whether the pod's metrics are merged with the proxy's: an annotation, else the mesh config, else yes. */
export function prometheusMergeEnabled(annotations: Texts, meshSetting: boolean | undefined): boolean {
  const said = annotations.get(names.mergeMetrics);
  const wanted = said === undefined ? undefined : parseGoBool(said);
  return wanted ?? meshSetting ?? true;
}

function scrapeWanted(annotations: Texts): boolean {
  for (const value of spellings(annotations, scrapeKey)) {
    const wanted = parseGoBool(value);
    if (wanted !== undefined) return wanted;
  }
  return true;
}

/** Reads `port[:path]` items; undefined when one names no port, which makes the whole annotation void. */
export function parseScrapeTargets(text: string): ScrapeTarget[] | undefined {
  const targets: ScrapeTarget[] = [];
  for (const item of text.split(",")) {
    const entry = item.trim();
    if (entry === "") continue;
    const colon = entry.indexOf(":");
    const port = (colon < 0 ? entry : entry.slice(0, colon)).trim();
    const path = colon < 0 ? "" : entry.slice(colon + 1).trim();
    if (port === "") return undefined;
    targets.push({ port, path: path === "" ? "/metrics" : path });
  }
  return targets;
}

/** Collects what the annotations say. With targets, the first of them stands for the single port and path. */
export function collectScrapeSettings(annotations: Texts): ScrapeSettings {
  const targetText = spellings(annotations, targetsKey)[0];
  const targets = targetText === undefined ? [] : (parseScrapeTargets(targetText) ?? []);
  const first = targets[0];
  return {
    scrape: spellings(annotations, scrapeKey)[0] ?? "",
    path: first?.path ?? spellings(annotations, pathKey)[0] ?? "",
    port: first?.port ?? spellings(annotations, portKey)[0] ?? "",
    targets,
  };
}

/** Why a port cannot be scraped through the agent, undefined when it can. `what` is `target port` or `port`. */
function portFault(port: string, agentPort: string, what: string): string | undefined {
  const canonical = /^\+?[0-9]+$/.test(port) ? String(BigInt(port.replace("+", ""))) : "";
  if (canonical === "" || canonical === "0" || canonical.length > 5 || Number(canonical) > 65535)
    return `invalid ${what} ${JSON.stringify(excerpt(port))}`;
  if (canonical === agentPort) return `${what} ${excerpt(port)} conflicts with agent port`;
  const reserved = reservedPorts.get(canonical);
  return reserved === undefined
    ? undefined
    : `${what} ${excerpt(port)} is reserved for Istio (${reserved}) and cannot be scraped`;
}

function checkPorts(settings: ScrapeSettings, agentPort: string): void {
  for (const target of settings.targets) {
    const fault = portFault(target.port, agentPort, "target port");
    if (fault !== undefined)
      throw new InjectionError(
        "prometheus-invalid",
        `invalid prometheus scrape targets: ${fault} (annotation prometheus.istio.io/scrape-targets)`,
      );
  }
  if (settings.targets.length > 0 || settings.port === "") return;
  const fault = portFault(settings.port, agentPort, "port");
  if (fault !== undefined)
    throw new InjectionError(
      "prometheus-invalid",
      `invalid prometheus scrape configuration: ${fault} (annotation prometheus.io/port)`,
    );
}

/** Go's JSON of the settings: the fixed three always, targets only when there are some. */
function settingsJson(settings: ScrapeSettings): string {
  const { scrape, path, port, targets } = settings;
  const fixed = `"scrape":${goJson(scrape)},"path":${goJson(path)},"port":${goJson(port)}`;
  if (targets.length === 0) return `{${fixed}}`;
  const list = targets.map((target) => `{"port":${goJson(target.port)},"path":${goJson(target.path)}}`);
  return `{${fixed},"targets":[${list.join(",")}]}`;
}

/** What merging depends on beside the pod. */
export interface PrometheusSettings {
  /** The agent's port as text, from the mesh config. */
  readonly agentPort: string;
  readonly meshMerge: boolean | undefined;
}

/** Points the scraper at the agent, which serves the application's metrics with the proxy's: 8.2. */
export function mergePrometheus(pod: WorkingPod, { agentPort, meshMerge }: PrometheusSettings): void {
  const { annotations } = pod;
  if (!scrapeWanted(annotations) || !prometheusMergeEnabled(annotations, meshMerge)) return;
  if (spellings(annotations, portKey)[0] === agentPort) return;
  const settings = collectScrapeSettings(annotations);
  checkPorts(settings, agentPort);
  const collected =
    settings.scrape !== "" || settings.path !== "" || settings.port !== "" || settings.targets.length > 0;
  const sidecar = pod.find(containerNames.proxy);
  if (sidecar !== undefined && collected) {
    const value = settingsJson(settings);
    pod.replace(sidecar, appendEnv(sidecar, [{ name: "ISTIO_PROMETHEUS_ANNOTATIONS", value }]));
  }
  dropConsumed(annotations);
  annotations.set("prometheus.io/port", agentPort);
  annotations.set("prometheus.io/path", "/stats/prometheus");
  annotations.set("prometheus.io/scrape", "true");
}

/** Tells the scraper where the sidecar serves its metrics over TLS, unless the pod says so itself: 8.3. */
export function announceSecurePort(pod: WorkingPod): void {
  const port = pod
    .find(containerNames.proxy)
    ?.env?.find((variable) => variable.name === "ENVOY_SECURE_MERGED_METRICS_PORT")?.value;
  if (port === undefined || port === "" || port === "0") return;
  if (spellings(pod.annotations, securePortKey).length === 0) pod.annotations.set(names.securePort, port);
}

/** Takes the prometheus annotations back out if they are the ones injection wrote. */
export function dropMergedAnnotations(annotations: Texts, agentPort: string): void {
  if (spellings(annotations, portKey)[0] === agentPort) dropConsumed(annotations);
}

function dropConsumed(annotations: Texts): void {
  for (const name of annotations.names()) {
    if (consumedKeys.some((key) => isSpelling(name, key))) annotations.delete(name);
  }
}
