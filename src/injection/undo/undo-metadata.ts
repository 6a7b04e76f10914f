import { trim } from "../../go/index.js";
import { type JsonObject, objectAt, objectsAt, textAt, withKey } from "../../json/index.js";
import { nameOf } from "../name-of.js";
import { containerNames, names } from "../names.js";

/** Annotations that injection always writes and nobody else does. */
export const alwaysWritten = [names.status, names.overrides, "istio.io/rev"] as const;

const multusKey = "k8s.v1.cni.cncf.io/networks";
const multusNetwork = "default/istio-cni";

/** A label or annotation that injection may have written. */
export interface WrittenEntry {
  /** The value that the built-in configuration gives it; undefined where that has none. */
  readonly usual: string | undefined;
  /** It is there only because a configuration says so, or the user. */
  readonly configured: boolean;
  /** Only for the CNI plugin, which reads annotations. */
  readonly cni: boolean;
}

export interface Written {
  readonly labels: ReadonlyMap<string, WrittenEntry>;
  readonly annotations: ReadonlyMap<string, WrittenEntry>;
}

const written = (usual: string | undefined): WrittenEntry => ({ usual, configured: false, cni: false });
const configured: WrittenEntry = { usual: undefined, configured: true, cni: false };
const forCni = (usual?: string): WrittenEntry => ({ usual, configured: usual === undefined, cni: true });

/**
 * The labels and annotations that injection may have written unless the pod said them itself.
 *
 * @param pod the pod without what injection put in, but with its metadata
 * @param cni whether those that are for the CNI plugin are among them
 * @param ownerName the name of the workload
 */
export function writtenMetadata(pod: JsonObject, cni: boolean, ownerName: string): Written {
  const labels = objectAt(objectAt(pod, "metadata"), "labels") ?? {};
  const first = objectsAt(objectAt(pod, "spec"), "containers")
    .map(nameOf)
    .find((name) => name !== containerNames.proxy);
  const label = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => textAt(labels, key)).find(Boolean);
  const canonical = trim((label("app.kubernetes.io/name", "app") ?? ownerName).slice(0, 63), "-_.");
  const traffic = "traffic.sidecar.istio.io";
  return {
    labels: new Map([
      ["security.istio.io/tlsMode", written("istio")],
      ["networking.istio.io/tunnel", written("http")],
      ["service.istio.io/canonical-name", written(canonical)],
      [
        "service.istio.io/canonical-revision",
        written(label("app.kubernetes.io/version", "version") ?? "latest"),
      ],
      [names.network, configured],
    ]),
    annotations: new Map([
      ["kubectl.kubernetes.io/default-container", written(first)],
      ["kubectl.kubernetes.io/default-logs-container", written(first)],
      [names.rewriteProbers, written(undefined)],
      [names.securePort, configured],
      ...(cni
        ? ([
            [names.interceptionMode, forCni("REDIRECT")],
            [`${traffic}/includeOutboundIPRanges`, forCni("*")],
            [`${traffic}/excludeOutboundIPRanges`, forCni()],
            [`${traffic}/includeInboundPorts`, forCni("*")],
            [`${traffic}/excludeInboundPorts`, forCni("15020")],
            [`${traffic}/includeOutboundPorts`, forCni()],
            [`${traffic}/excludeOutboundPorts`, forCni()],
          ] as const)
        : []),
    ]),
  };
}

/** The annotations with the network of the CNI plugin taken out of multus' list. */
export function undoMultus(annotations: JsonObject): JsonObject {
  const text = textAt(annotations, multusKey);
  if (text === undefined) return annotations;
  if (text === multusNetwork) return withKey(annotations, multusKey, undefined);
  const json = ', {"name": "istio-cni", "namespace": "default"}';
  const at = text.lastIndexOf(json);
  if (text.includes("]") && at >= 0)
    return withKey(annotations, multusKey, text.slice(0, at) + text.slice(at + json.length));
  const item = `, ${multusNetwork}`;
  return text.endsWith(item) ? withKey(annotations, multusKey, text.slice(0, -item.length)) : annotations;
}

/** Where the agent serves the merged metrics; injection writes this path. */
const mergedPath = "/stats/prometheus";

/**
 * The annotations with the application's own Prometheus settings, from the sidecar's variable. What the pod says of
 * scraping stays when injection has not touched it.
 *
 * @param recorded the value of ISTIO_PROMETHEUS_ANNOTATIONS; undefined when the application said nothing
 */
export function undoPrometheus(annotations: JsonObject, recorded: JsonObject | undefined): JsonObject {
  if (
    textAt(annotations, "prometheus.io/path") !== mergedPath ||
    textAt(annotations, "prometheus.io/scrape") !== "true"
  )
    return annotations;
  const targets = objectsAt(recorded, "targets").map(({ port, path }) => `${String(port)}:${String(path)}`);
  const said = (key: string): string | undefined => textAt(recorded, key) || undefined;
  // With targets, port and path are those of the first one and not the application's own words.
  const single = targets.length === 0;
  let result = withKey(annotations, "prometheus.io/scrape", said("scrape"));
  result = withKey(result, "prometheus.io/port", single ? said("port") : undefined);
  result = withKey(result, "prometheus.io/path", single ? said("path") : undefined);
  return single ? result : withKey(result, "prometheus.istio.io/scrape-targets", targets.join(","));
}
