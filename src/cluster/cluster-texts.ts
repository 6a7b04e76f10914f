import { embeddedDefaults, ReloadError, type SourceTexts } from "../config/index.js";
import type { ConfigText } from "../injection/index.js";
import { getOwn, isObject, type JsonObject } from "../json/index.js";
import { parseProxyConfigResource } from "../mesh/index.js";
import type { Log } from "../telemetry/index.js";

/** What was read of the cluster. Absent: it is not watched. */
export interface ClusterReading {
  /** What messages call the ConfigMap of the inject config. */
  readonly injectTitle: string;
  readonly injectConfigMap: JsonObject | undefined;
  readonly meshTitle?: string;
  readonly meshConfigMap?: JsonObject | undefined;
  readonly objects: readonly JsonObject[];
}

/** Where what is odd is told. */
export type Warnings = Pick<Log, "warn">;

/**
 * Makes the texts of a configuration from what was read. @throws ReloadError `read` when the ConfigMap or one of its
 * keys is missing
 */
export function clusterTexts(reading: ClusterReading, log: Warnings, lastMesh?: ConfigText): SourceTexts {
  const { injectTitle, injectConfigMap } = reading;
  if (injectConfigMap === undefined)
    throw new ReloadError(
      "read",
      `there is no ${injectTitle}. Install the chart's, or name the one that Istio's chart installed`,
    );
  return {
    injectConfig: required(injectConfigMap, "config", injectTitle),
    values: required(injectConfigMap, "values", injectTitle),
    mesh: meshText(reading, log, lastMesh),
    // An inject config from the cluster brings its own templates, as Istio's does.
    templates: [],
    objects: [],
    clusterObjects: reading.objects.filter((object) => isReadable(object, log)),
  };
}

function required(configMap: JsonObject, key: string, title: string): ConfigText {
  const found = textOf(configMap, key, title);
  if (found === undefined) throw new ReloadError("read", `${title} lacks the key ${key}`);
  return found;
}

function textOf(configMap: JsonObject, key: string, title: string): ConfigText | undefined {
  const data = getOwn(configMap, "data");
  const text = isObject(data) ? getOwn(data, key) : undefined;
  return typeof text === "string" ? { text, source: `${title}, ${key}` } : undefined;
}

/** The mesh config may be missing: the last one that was there stays, else Istio's built-in one is used. */
function meshText(
  { meshTitle, meshConfigMap }: ClusterReading,
  log: Warnings,
  last?: ConfigText,
): ConfigText {
  if (meshTitle === undefined) return embeddedDefaults.mesh;
  const found = meshConfigMap === undefined ? undefined : textOf(meshConfigMap, "mesh", meshTitle);
  if (found !== undefined) return found;
  const used = last ?? embeddedDefaults.mesh;
  log.warn("there is no mesh config in the cluster", { missing: `${meshTitle}, mesh`, used: used.source });
  return used;
}

/** What is wrong with a ProxyConfig; empty when nothing is. Objects that were read are not changed, so each is read once. */
const faults = new WeakMap<JsonObject, string>();

/** One tenant's broken ProxyConfig must not hold up everybody's configuration: it is left out, and named. */
function isReadable(object: JsonObject, log: Warnings): boolean {
  if (getOwn(object, "kind") !== "ProxyConfig") return true;
  const error = faults.get(object) ?? faultOf(object);
  faults.set(object, error);
  if (error === "") return true;
  const metadata = getOwn(object, "metadata");
  const { namespace = "", name = "" } = isObject(metadata) ? metadata : {};
  log.warn("ProxyConfig is left out", { resource: `${String(namespace)}/${String(name)}`, error });
  return false;
}

function faultOf(proxyConfig: JsonObject): string {
  try {
    parseProxyConfigResource(proxyConfig);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
