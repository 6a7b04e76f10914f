import type { FaultCode } from "./check-code.js";
import { command } from "./finding.js";
import type { Installation } from "./installation.js";

/** Why a call of the injector failed, and what helps. */
export interface CallFailure {
  readonly code: FaultCode;
  readonly remedy: string;
}

interface Symptom extends Pick<CallFailure, "code"> {
  /** The words of Go's network and TLS libraries, which the API server passes on: one of them. */
  readonly words: RegExp;
  /** What must stand before them. */
  readonly after?: string;
  readonly remedy: (place: Place) => string;
}

interface Place {
  /** Whom the API server calls, such as `pillion.istio-system.svc`. */
  readonly address: string;
  readonly namespace: string;
}

const certificate = (place: Place) =>
  `See the lines on bundle and certificate above. The bundle must hold the authority that signed what ${place.address} serves.`;

/** In this order: a message may hold the words of several. */
const symptoms: readonly Symptom[] = [
  {
    code: "certificate-untrusted",
    after: "x509: ",
    words: /expired|not yet valid/,
    remedy: () =>
      "Renew the certificate (certificates.mode=helm: delete the Secret and upgrade the chart), or set the clock right that is off.",
  },
  {
    code: "certificate-untrusted",
    after: "x509: ",
    words: /is valid for|not valid for any names|doesn't contain any IP SANs|cannot validate certificate for/,
    remedy: ({ address }) => `Issue a certificate for ${address}.`,
  },
  { code: "certificate-untrusted", words: /x509:|tls: failed to verify certificate/, remedy: certificate },
  {
    code: "call-failed",
    words: /services? "[^"]*" not found/,
    remedy: () => "Upgrade the chart, which makes the Service.",
  },
  {
    code: "call-failed",
    words: /no endpoints available for service/,
    remedy: ({ namespace }) => `See why no pod is ready: ${command(`kubectl -n ${namespace} get pods`)}.`,
  },
  {
    code: "connection-refused",
    words: /connection refused/,
    remedy: ({ namespace }) =>
      `The injector listens on 15017. Compare the Service's targetPort and the pods: ${command(`kubectl -n ${namespace} get endpointslices,pods -o wide`)}.`,
  },
  {
    code: "no-route",
    words: /no route to host|network is unreachable/,
    remedy: () =>
      "The API server has no way to the pods: a NetworkPolicy, a firewall, or a control plane outside the pod network. Allow TCP 15017 from the control plane to the Nodes, or give the pods hostNetwork.",
  },
  {
    code: "name-unknown",
    words: /no such host|server misbehaving/,
    remedy: ({ address }) =>
      `Correct the host of clientConfig.url, or make the name ${address} known to the control plane.`,
  },
  {
    code: "webhook-timeout",
    words:
      /context deadline exceeded|Client\.Timeout exceeded|i\/o timeout|request canceled|timeout awaiting/,
    remedy: () =>
      "In a private cluster (GKE, or EKS and AKS with security groups) the firewall between control plane and Nodes lets only some ports pass: allow TCP 15017 from the control plane's range to the Nodes. Otherwise look for a NetworkPolicy that closes 15017, or at the injector's load.",
  },
];

/** Reads what the API server says of a webhook that it could not call. */
export function callFailure(message: string, installation: Installation): CallFailure {
  const place = placeOf(installation);
  const found = symptoms.find((symptom) => holds(symptom, message));
  if (found !== undefined) return { code: found.code, remedy: found.remedy(place) };
  return {
    code: "call-failed",
    remedy: `See the injector's log: ${command(`kubectl -n ${place.namespace} logs deployment/${installation.service?.name ?? "NAME"}`)}.`,
  };
}

function holds({ words, after = "" }: Symptom, message: string): boolean {
  const start = message.indexOf(after);
  return start >= 0 && words.test(message.slice(start + after.length));
}

function placeOf({ own, service }: Installation): Place {
  if (service !== undefined)
    return { address: `${service.name}.${service.namespace}.svc`, namespace: service.namespace };
  return { address: own.url ?? "", namespace: "NAMESPACE" };
}
