import type { Message } from "./message.js";
import { domainFault, portFault } from "./validate-address.js";

/** Kinds of provider that name a service and a port, and cannot do without. */
const kindsWithService = new Set([
  "envoyExtAuthzHttp",
  "envoyExtAuthzGrpc",
  "zipkin",
  "lightstep",
  "datadog",
  "opencensus",
  "skywalking",
  "opentelemetry",
  "envoyHttpAls",
  "envoyTcpAls",
  "envoyOtelAls",
]);

/**
 * Every reason why the extension providers of a mesh config cannot be used.
 * A provider of no known kind is none of them: a newer Istio may know it, and injection does not need it.
 */
export function extensionProviderFaults(mesh: Message): string[] {
  const errors: string[] = [];
  const names = new Set<string>();
  for (const provider of mesh.messages("extensionProviders")) {
    const name = provider.text("name");
    const faults = name === "" ? ["empty extension provider name"] : [];
    if (names.has(name)) faults.push(`duplicate extension provider name ${name}`);
    names.add(name);
    for (const fault of [...faults, ...serviceFaults(provider)]) {
      errors.push(`invalid extension provider ${name}: ${fault}`);
    }
  }
  return errors;
}

function serviceFaults(provider: Message): string[] {
  const kind = [...provider.entries()]
    .map(([field]) => field.jsonName)
    .find((name) => kindsWithService.has(name));
  const config = kind === undefined ? undefined : provider.message(kind);
  if (config === undefined) return [];
  const faults = [serviceFault(config.text("service")), portFault(config.number("port"))];
  return faults.filter((fault) => fault !== undefined);
}

/** A service is a host name, or a namespace and one: `istio-system/otel.example.com`. */
function serviceFault(service: string): string | undefined {
  if (service === "") return "service must not be empty";
  const parts = service.split("/");
  const host = parts.length === 1 ? service : parts.slice(1).join("/");
  const fault = (parts.length > 1 ? domainFault(parts[0] ?? "") : undefined) ?? domainFault(host);
  return fault === undefined ? undefined : `invalid service fmt ${service}: ${fault}`;
}
