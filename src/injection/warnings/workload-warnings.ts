import { getOwn, type JsonObject } from "../../kube/index.js";
import type { InjectionWarning } from "../injection-result.js";
import { containerNames } from "../names.js";
import { nameOf, objectAt, objectsAt, textAt } from "../undo/tree.js";

/** What in a pod will not work with a sidecar. Only for pods that are injected. */
export function workloadWarnings(
  pod: JsonObject,
  injected: JsonObject,
  ownerKind: string,
): readonly InjectionWarning[] {
  const spec = objectAt(pod, "spec") ?? {};
  const result = objectAt(injected, "spec") ?? {};
  const regularProxy = objectsAt(result, "containers").some(
    (container) => nameOf(container) === containerNames.proxy,
  );
  return [
    ...dnsWarnings(spec),
    ...(regularProxy ? jobWarnings(ownerKind) : []),
    ...(regularProxy ? initWarnings(spec, result) : []),
    ...probeWarnings(spec, injected),
  ];
}

function dnsWarnings(spec: JsonObject): readonly InjectionWarning[] {
  const policy = textAt(spec, "dnsPolicy") ?? "";
  if (policy === "" || policy === "ClusterFirst") return [];
  return [
    {
      code: "dns-policy",
      message: `dnsPolicy: with ${policy} the sidecar may not find the control plane; ClusterFirst does`,
    },
  ];
}

function jobWarnings(ownerKind: string): readonly InjectionWarning[] {
  if (ownerKind !== "Job" && ownerKind !== "CronJob") return [];
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
  const cni = objectsAt(result, "initContainers").some(
    (container) => nameOf(container) === containerNames.validation,
  );
  if (!cni) return [];
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
function probeWarnings(spec: JsonObject, injected: JsonObject): readonly InjectionWarning[] {
  const containers = [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")];
  const warnings = containers
    .filter((container) => nameOf(container) !== containerNames.proxy)
    .flatMap((container) =>
      probeFields.flatMap((field) => {
        const port = namedPort(objectAt(container, field));
        if (port === undefined || objectsAt(container, "ports").some((one) => nameOf(one) === port))
          return [];
        const message = `${field}: container ${nameOf(container)} has no port named ${JSON.stringify(port)}`;
        return [{ code: "probe-port", message } as const];
      }),
    );
  return warnings.length > 0 && isInjected(injected) ? warnings : [];
}

function isInjected(injected: JsonObject): boolean {
  const spec = objectAt(injected, "spec") ?? {};
  return [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")].some(
    (container) => nameOf(container) === containerNames.proxy,
  );
}

function namedPort(probe: JsonObject | undefined): string | undefined {
  return textAt(objectAt(probe, "httpGet") ?? objectAt(probe, "tcpSocket"), "port");
}
