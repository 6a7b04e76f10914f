import { quoteExcerpt } from "../go/index.js";
import { Message } from "./message.js";
import { addressFault } from "./validate-address.js";

/** What the tracers of a proxy may say instead of an address: the agent puts the node's address there. */
const hostIp = "$(HOST_IP)";

/** Every reason why the tracing of a ProxyConfig cannot be used. */
export function tracingFaults(tracing: Message): string[] {
  const errors: string[] = [];
  const lightstep = tracing.message("lightstep");
  if (lightstep !== undefined) {
    const prefixed = lightstepFaults(lightstep).map((fault) => `invalid lightstep config: ${fault}`);
    errors.push(...prefixed);
  }
  for (const name of ["zipkin", "datadog"]) {
    const address = tracing.message(name)?.text("address");
    const fault = address === undefined ? undefined : addressFault(address.replace(hostIp, "127.0.0.1"));
    if (fault !== undefined) errors.push(`invalid ${name} config: invalid ${name} address: ${fault}`);
  }
  const tls = tracing.message("tlsSettings");
  if (tls !== undefined)
    errors.push(...tlsFaults(tls).map((fault) => `invalid tracing TLS config: ${fault}`));
  for (const [name, tag] of tracing.map("customTags")) {
    const fault = tag instanceof Message ? customTagFault(name, tag) : undefined;
    if (fault !== undefined) errors.push(`invalid tracing custom tags: ${fault}`);
  }
  return errors;
}

function lightstepFaults(config: Message): string[] {
  const errors: string[] = [];
  const address = config.text("address");
  if (address === "") errors.push("address is required");
  else {
    const fault = addressFault(address);
    if (fault !== undefined) errors.push(`invalid lightstep address: ${fault}`);
  }
  if (!config.has("accessToken")) errors.push("access token is required");
  return errors;
}

function tlsFaults(tls: Message): string[] {
  if (tls.enum("mode").name !== "MUTUAL" || tls.has("credentialName")) return [];
  const errors: string[] = [];
  if (!tls.has("clientCertificate")) errors.push("client certificate required for mutual tls");
  if (!tls.has("privateKey")) errors.push("private key required for mutual tls");
  return errors;
}

function customTagFault(name: string, tag: Message): string | undefined {
  if (tag.message("literal")?.text("value") === "")
    return `literal tag value for ${quoteExcerpt(name)} cannot be empty`;
  if (tag.message("environment")?.text("name") === "")
    return `environment tag ${quoteExcerpt(name)} cannot have an empty name`;
  if (tag.message("header")?.text("name") === "")
    return `header tag ${quoteExcerpt(name)} cannot have an empty name`;
  return undefined;
}
