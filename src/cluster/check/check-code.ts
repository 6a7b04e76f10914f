/** How a line of the check came out. `skipped`: it could not be looked at, and the line says why. */
export type CheckStatus = "ok" | "warning" | "error" | "skipped";

/** The subjects of the check, in the order in which they are told. */
export const checkNames = [
  "webhook",
  "service",
  "cold-start",
  "configuration",
  "bundle",
  "certificate",
  "rivals",
  "namespaces",
  "call",
  "order",
  "pods",
  "sidecars",
] as const;

/** One subject of the check. */
export type CheckName = (typeof checkNames)[number];

interface Meaning {
  readonly check: CheckName;
  readonly status: "warning" | "error";
  /** For people: the line itself names the objects. */
  readonly meaning: string;
}

function error(check: CheckName, meaning: string): Meaning {
  return { check, status: "error", meaning };
}

function warning(check: CheckName, meaning: string): Meaning {
  return { check, status: "warning", meaning };
}

/** Everything that can be wrong. The codes are a contract: scripts may rely on them. */
export const faultCodes = {
  "webhook-missing": error("webhook", "no webhook configuration brings pods to the injector"),
  "webhook-deactivated": error("webhook", "every entry of the revision was switched off"),
  "rules-miss-pods": error("webhook", "an entry's rules do not cover the creation of pods"),
  "failures-ignored": warning("webhook", "pods start without a sidecar while no injector answers"),
  "service-missing": error("service", "the Service that the API server is to call is not there"),
  "service-port-missing": error("service", "the Service has no such port"),
  "no-ready-endpoints": error("service", "no pod of the injector is ready"),
  "own-pods-injected": error("cold-start", "the injector's own pods wait for the injector"),
  "system-namespace-injected": error(
    "cold-start",
    "pods of Kubernetes itself wait for the injector, which may need them to start",
  ),
  "no-node-fits": error("cold-start", "the injector's pods select Nodes that do not exist"),
  "single-replica": warning("cold-start", "one pod of the injector: while it is away no pod can be created"),
  "replicas-missing": warning("cold-start", "fewer pods of the injector are ready than are wanted"),
  "configuration-missing": error("configuration", "a ConfigMap of the injector, or its key, is not there"),
  "configuration-invalid": error(
    "configuration",
    "the injector cannot use its configuration, and would not start again with it",
  ),
  "policy-invalid": error(
    "configuration",
    "the policy is neither enabled nor disabled, so nothing is injected",
  ),
  "bundle-empty": error(
    "bundle",
    "an entry has no caBundle, so the API server trusts public authorities only",
  ),
  "bundle-invalid": error("bundle", "an entry's caBundle is no PEM certificate"),
  "bundle-mismatch": error(
    "bundle",
    "the serving certificate is not signed by any authority of the caBundle",
  ),
  "authority-expired": error("bundle", "every authority of the caBundle has ended"),
  "authority-expiring": warning("bundle", "the last authority of the caBundle ends soon"),
  "certificate-missing": error(
    "certificate",
    "the Secret of the serving certificate, or its key, is not there",
  ),
  "certificate-invalid": error("certificate", "the serving certificate cannot be parsed"),
  "certificate-expired": error("certificate", "the serving certificate has ended"),
  "certificate-not-yet-valid": error("certificate", "the serving certificate is not valid yet"),
  "certificate-expiring": warning("certificate", "the serving certificate ends soon and was not renewed"),
  "certificate-name": error("certificate", "the serving certificate is not for the name that is called"),
  "two-injectors": error("rivals", "two injectors own the same pods"),
  "handover-unfinished": warning("rivals", "a handover of the default has begun and not ended"),
  "revision-unknown": warning("namespaces", "a namespace chooses a revision that no injector has"),
  "labels-conflict": warning(
    "namespaces",
    "a namespace carries istio-injection and istio.io/rev; the first one alone counts",
  ),
  "webhook-timeout": error(
    "call",
    "the API server reaches nobody: often a firewall between control plane and Nodes",
  ),
  "connection-refused": error("call", "nobody listens where the API server calls"),
  "no-route": error("call", "the API server has no way to the injector"),
  "name-unknown": error("call", "the API server cannot resolve the injector's name"),
  "certificate-untrusted": error("call", "the API server does not trust the injector's certificate"),
  "call-failed": error("call", "the call of the injector failed in another way"),
  "injection-refused": error("call", "the injector answers, but refuses the pod"),
  "not-injected": error("call", "the injector was to inject the pod, but it came back without a sidecar"),
  "injected-by-other": error("call", "the pod was injected, but by another revision"),
  "pod-refused": warning("call", "another part of the API server refuses the pod"),
  "later-webhook": warning("order", "another webhook changes pods after the injector has seen them"),
  "sidecar-missing": error("pods", "pods that should have a sidecar run without one"),
  "sidecar-of-other-revision": warning("sidecars", "sidecars were injected by another revision"),
  "sidecar-outdated": warning("sidecars", "sidecars were injected by an older configuration"),
} as const satisfies Readonly<Record<string, Meaning>>;

/** Something wrong. */
export type FaultCode = keyof typeof faultCodes;

/** Codes of lines that tell of nothing wrong: one that is fine, and ones that could not be looked at. */
export const otherCodes = {
  ok: "nothing is wrong with it",
  forbidden: "you lack the right that the remedy names",
  unreadable: "the API server could not be asked, or said something else",
  "not-known": "what it takes to know it is not there; the line says what",
} as const;

/** The code of one line. */
export type CheckCode = FaultCode | keyof typeof otherCodes;
