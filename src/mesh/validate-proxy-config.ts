import { quoteExcerpt } from "../go/index.js";
import type { Message } from "./message.js";
import { addressFault, portFault } from "./validate-address.js";
import { connectionSettingsFaults } from "./validate-connection-settings.js";
import { durationFault } from "./validate-duration.js";
import { tracingFaults } from "./validate-tracing.js";

const second = 1_000_000_000n;

/** Every reason why a ProxyConfig cannot be used, in Istio's words and order; none for a good one. What Istio merely warns of is not among them. */
export function validateProxyConfig(config: Message): string[] {
  const errors: string[] = [];
  const check = (prefix: string, fault: string | undefined): void => {
    if (fault !== undefined) errors.push(`${prefix} ${fault}`);
  };
  if (!config.has("configPath")) errors.push("config path must be set");
  if (!config.has("binaryPath")) errors.push("binary path must be set");
  errors.push(...clusterNameFaults(config));
  check("invalid drain duration:", drainFault(config));
  if (!config.has("discoveryAddress")) {
    errors.push("discovery address must be set to the proxy discovery service");
  } else check("invalid discovery address:", addressFault(config.text("discoveryAddress")));
  const tracing = config.message("tracing");
  if (tracing !== undefined) for (const fault of tracingFaults(tracing)) errors.push(fault);
  for (const [name, address] of serviceAddresses(config)) {
    if (address !== "") check(`invalid ${name} address ${quoteExcerpt(address)}:`, addressFault(address));
  }
  check("invalid proxy admin port:", portFault(config.number("proxyAdminPort")));
  check("invalid authentication policy:", policyFault(config));
  check("invalid status port:", portFault(config.number("statusPort")));
  const provider = config.message("privateKeyProvider");
  if (provider !== undefined) check("invalid private key provider configuration:", privateKeyFault(provider));
  const settings = config.message("connectionSettings");
  if (settings !== undefined) errors.push(...connectionSettingsFaults(settings));
  return errors;
}

function clusterNameFaults(config: Message): string[] {
  if (config.has("tracingServiceName")) return [];
  if (!config.has("serviceCluster"))
    return ["oneof service cluster or tracing service name must be specified"];
  return config.text("serviceCluster") === "" ? ["service cluster must be specified"] : [];
}

function drainFault(config: Message): string | undefined {
  const nanoseconds = config.duration("drainDuration");
  const fault = durationFault(nanoseconds);
  if (fault !== undefined) return `invalid duration: ${fault}`;
  const whole = nanoseconds !== undefined && nanoseconds % second === 0n;
  return whole ? undefined : "drain time only supports durations to seconds precision";
}

function serviceAddresses(config: Message): [string, string][] {
  return [
    ["statsd udp", config.text("statsdUdpAddress")],
    ["envoy metrics service", config.text("envoyMetricsServiceAddress")],
    ["envoy metrics service", config.message("envoyMetricsService")?.text("address") ?? ""],
    ["envoy access log service", config.message("envoyAccessLogService")?.text("address") ?? ""],
  ];
}

function policyFault(config: Message): string | undefined {
  const policy = config.enum("controlPlaneAuthPolicy");
  if (policy.name === "NONE" || policy.name === "MUTUAL_TLS") return undefined;
  return `unrecognized control plane authentication policy ${quoteExcerpt(String(policy))}`;
}

function privateKeyFault(config: Message): string | undefined {
  const provider = config.message("cryptomb") ?? config.message("qat");
  if (provider === undefined) return "private key provider configuration is required";
  const delay = provider.duration("pollDelay");
  if (delay === undefined) return "pollDelay is required";
  return delay === 0n ? "pollDelay must be non zero" : undefined;
}
