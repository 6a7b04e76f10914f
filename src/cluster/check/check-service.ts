import { type JsonObject, objectsAt, valueAt } from "../../json/index.js";
import type { ServiceAddress } from "../webhook-configuration.js";
import { command, type Finding, fault, fine, notKnown, unread } from "./finding.js";
import type { Reading } from "./reading.js";

/** The Service of an injector and its EndpointSlices. */
export interface ServiceReadings {
  readonly service: Reading<JsonObject>;
  readonly slices: Reading<readonly JsonObject[]>;
}

/** Is there a Service with ready pods behind it? */
export function checkService(
  address: ServiceAddress | undefined,
  readings: ServiceReadings | undefined,
): readonly Finding[] {
  if (address === undefined || readings === undefined)
    return [
      notKnown("service", {
        object: "clientConfig.url",
        message: "The injector is outside the cluster; there is no Service.",
      }),
    ];
  const object = `Service ${address.namespace}/${address.name}`;
  const { service, slices } = readings;
  if (service.kind === "absent")
    return [
      fault("service-missing", {
        object,
        message: "The Service that the webhook configuration names is not there.",
        remedy: `Upgrade the chart, which makes it, or correct clientConfig.service of the webhook configuration.`,
      }),
    ];
  const ported = service.kind === "read" ? checkPort(object, address, service.value) : [];
  if (ported.length > 0) return ported;
  if (slices.kind !== "read") return [unread("service", object, slices)];
  const endpoints = checkEndpoints(object, address, slices.value);
  // What the endpoints say counts even where the Service itself may not be read.
  return service.kind === "read" || endpoints.status !== "ok"
    ? [endpoints]
    : [unread("service", object, service)];
}

function checkPort(object: string, { port = 443 }: ServiceAddress, service: JsonObject): readonly Finding[] {
  const ports = objectsAt(service, "spec", "ports").map((one) => valueAt(one, "port"));
  if (ports.includes(port)) return [];
  return [
    fault("service-port-missing", {
      object,
      message: `The webhook configuration calls port ${port}; the Service has ${ports.join(", ") || "none"}.`,
      remedy: `Give the Service port ${port}, or correct clientConfig.service.port.`,
    }),
  ];
}

function checkEndpoints(
  object: string,
  { namespace, name }: ServiceAddress,
  slices: readonly JsonObject[],
): Finding {
  const endpoints = slices.flatMap((slice) => objectsAt(slice, "endpoints"));
  // No condition counts as ready, as in kube-proxy.
  const ready = endpoints.filter((one) => valueAt(one, "conditions", "ready") !== false);
  if (ready.length > 0)
    return fine("service", {
      object,
      message: `${ready.length} of ${endpoints.length} endpoints are ready.`,
    });
  return fault("no-ready-endpoints", {
    object,
    message:
      endpoints.length === 0
        ? "No pod stands behind the Service, so no pod of an injected namespace can be created."
        : `None of ${endpoints.length} endpoints is ready, so no pod of an injected namespace can be created.`,
    remedy: `See why: ${command(`kubectl -n ${namespace} get pods`)} and ${command(`kubectl -n ${namespace} describe service ${name}`)}.`,
  });
}
