import { getOwn, isObject, type JsonObject, objectAt, objectsAt, textAt } from "../../json/index.js";
import type { InjectionWarning } from "../injection-result.js";
import { nameOf } from "../name-of.js";
import { containerNames } from "../names.js";
import { joinWarnings, noWarnings } from "./join-warnings.js";

/** What in a pod will not work with a sidecar. Only for pods that are injected. */
export function workloadWarnings(
  pod: JsonObject,
  injected: JsonObject,
  ownerKind: string,
): readonly InjectionWarning[] {
  const spec = objectAt(pod, "spec") ?? {};
  const result = objectAt(injected, "spec") ?? {};
  const regularProxy = hasNamed(result, "containers", containerNames.proxy);
  return joinWarnings(
    dnsWarnings(spec),
    regularProxy ? jobWarnings(ownerKind) : noWarnings,
    regularProxy ? initWarnings(spec, result) : noWarnings,
    probeWarnings(spec, result),
  );
}

/** Whether a list of objects under a key has one of this name. */
function hasNamed(tree: JsonObject, key: string, name: string): boolean {
  const list = getOwn(tree, key);
  if (!Array.isArray(list)) return false;
  for (const item of list) if (isObject(item) && nameOf(item) === name) return true;
  return false;
}

function dnsWarnings(spec: JsonObject): readonly InjectionWarning[] {
  const policy = textAt(spec, "dnsPolicy") ?? "";
  if (policy === "" || policy === "ClusterFirst") return noWarnings;
  return [
    {
      code: "dns-policy",
      message: `dnsPolicy: with ${policy} the sidecar may not find the control plane; ClusterFirst does`,
    },
  ];
}

function jobWarnings(ownerKind: string): readonly InjectionWarning[] {
  if (ownerKind !== "Job" && ownerKind !== "CronJob") return noWarnings;
  return [
    {
      code: "job-not-native",
      message: `${containerNames.proxy}: keeps the ${ownerKind} from ending; a native sidecar (sidecar.istio.io/nativeSidecar) would not`,
    },
  ];
}

/**
 * With the CNI plugin the rules are there before the first init container runs, and a proxy that is a regular container
 * starts after the last. Without the plugin the rules come last, so the pod's own init containers still reach the network.
 */
function initWarnings(spec: JsonObject, result: JsonObject): readonly InjectionWarning[] {
  if (!hasNamed(result, "initContainers", containerNames.validation)) return noWarnings;
  const own = objectsAt(spec, "initContainers").filter(
    (container) => !injectedNames.has(nameOf(container)) && !reachesNetwork(container, spec),
  );
  return own.map((container) => ({
    code: "init-captured",
    message: `initContainers[${nameOf(container)}]: is captured before the proxy runs, so it has no network`,
  }));
}

const injectedNames = new Set<string>(Object.values(containerNames));

/** What runs as the proxy's user is not captured. */
function reachesNetwork(container: JsonObject, spec: JsonObject): boolean {
  const user = (tree: JsonObject): unknown => getOwn(objectAt(tree, "securityContext") ?? {}, "runAsUser");
  return (user(container) ?? user(spec)) === 1337;
}

const probeFields = ["readinessProbe", "livenessProbe", "startupProbe"] as const;

/** A probe that names a port which its container does not have is rewritten, and then nothing stands behind it. */
function probeWarnings(spec: JsonObject, result: JsonObject): readonly InjectionWarning[] {
  const warnings: InjectionWarning[] = [];
  for (const list of ["initContainers", "containers"]) {
    for (const container of objectsAt(spec, list)) {
      const name = nameOf(container);
      if (name === containerNames.proxy) continue;
      for (const field of probeFields) {
        const port = namedPort(objectAt(container, field));
        if (port === undefined || hasNamed(container, "ports", port)) continue;
        const message = `${field}: container ${name} has no port named ${JSON.stringify(port)}`;
        warnings.push({ code: "probe-port", message });
      }
    }
  }
  return warnings.length > 0 && hasProxy(result) ? warnings : noWarnings;
}

function hasProxy(spec: JsonObject): boolean {
  const { proxy } = containerNames;
  return hasNamed(spec, "containers", proxy) || hasNamed(spec, "initContainers", proxy);
}

function namedPort(probe: JsonObject | undefined): string | undefined {
  return textAt(objectAt(probe, "httpGet") ?? objectAt(probe, "tcpSocket"), "port");
}
