import { formatGoDuration, quoteExcerpt } from "../go/index.js";
import type { Message } from "./message.js";
import { domainFault, portFault } from "./validate-address.js";
import { durationFault } from "./validate-duration.js";
import { extensionProviderFaults } from "./validate-extension-providers.js";
import { validateProxyConfig } from "./validate-proxy-config.js";

const millisecond = 1_000_000n;
const hour = 3_600_000n * millisecond;

/** Every reason why a mesh config cannot be used, as far as it bears on injection; none for a good one. */
export function validateMeshConfig(mesh: Message): string[] {
  const errors: string[] = [];
  const check = (prefix: string, fault: string | undefined): void => {
    if (fault !== undefined) errors.push(`${prefix} ${fault}`);
  };
  check("invalid proxy listen port:", portFault(mesh.number("proxyListenPort")));
  check("invalid connect timeout:", connectTimeoutFault(mesh.duration("connectTimeout")));
  check(
    "invalid protocol detection timeout:",
    detectionTimeoutFault(mesh.duration("protocolDetectionTimeout")),
  );
  const config = mesh.message("defaultConfig");
  errors.push(...(config === undefined ? ["missing default config"] : validateProxyConfig(config)));
  errors.push(...localityFaults(mesh.message("localityLbSetting")));
  errors.push(...serviceSettingsFaults(mesh));
  errors.push(...trustDomainFaults(mesh));
  errors.push(...extensionProviderFaults(mesh));
  return errors;
}

function connectTimeoutFault(nanoseconds: bigint | undefined): string | undefined {
  const fault = durationFault(nanoseconds);
  if (fault !== undefined || nanoseconds === undefined) return fault;
  if (nanoseconds <= hour) return undefined;
  return `time ${formatGoDuration(nanoseconds)} must be >1ms and <1h0m0s`;
}

/** Zero turns detection's time limit off. */
function detectionTimeoutFault(nanoseconds: bigint | undefined): string | undefined {
  return nanoseconds === undefined || nanoseconds === 0n ? undefined : durationFault(nanoseconds);
}

function localityFaults(setting: Message | undefined): string[] {
  if (setting === undefined) return [];
  const distributes = setting.messages("distribute");
  if (distributes.length > 0 && setting.list("failover").length > 0) {
    return ["can not simultaneously specify 'distribute' and 'failover'"];
  }
  return distributes.flatMap((distribute) => {
    let total = 0;
    for (const weight of distribute.map("to").values()) total += typeof weight === "number" ? weight : 0;
    return total === 100 ? [] : [`total locality weight ${total} != 100`];
  });
}

function serviceSettingsFaults(mesh: Message): string[] {
  return mesh.messages("serviceSettings").flatMap((settings, i) =>
    settings.strings("hosts").flatMap((host) => {
      const fault = host === "*" ? undefined : domainFault(host.replace(/^\*\./, ""));
      return fault === undefined ? [] : [`serviceSettings[${i}], host \`${host}\`: ${fault}`];
    }),
  );
}

function trustDomainFaults(mesh: Message): string[] {
  const errors: string[] = [];
  const own = trustDomainFault(mesh.text("trustDomain"));
  if (own !== undefined) errors.push(`trustDomain: ${own}`);
  for (const [i, alias] of mesh.strings("trustDomainAliases").entries()) {
    const fault = trustDomainFault(alias);
    if (fault !== undefined) errors.push(`trustDomainAliases[${i}], domain \`${alias}\` : ${fault}`);
  }
  return errors;
}

/** SPIFFE allows underscores in a trust domain, and so do we. */
function trustDomainFault(domain: string): string | undefined {
  if (domain === "") return "empty domain name not allowed";
  return domainFault(domain.replaceAll("_", "x")) === undefined
    ? undefined
    : `trust domain name ${quoteExcerpt(domain)} invalid`;
}
