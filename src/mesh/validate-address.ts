import { parseAddress, quoteExcerpt } from "../go/index.js";
import { excerpt } from "../text/index.js";

const label = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** What is wrong with a port; undefined for 1 to 65535. */
export function portFault(port: number): string | undefined {
  return port >= 1 && port <= 65535 ? undefined : `port number ${port} must be in the range 1..65535`;
}

/** What is wrong with a fully qualified domain name; one trailing dot is allowed. */
export function domainFault(name: string): string | undefined {
  if (name === "") return "empty domain name not allowed";
  if (name.length > 255) return `domain name ${quoteExcerpt(name)} too long (max 255)`;
  const parts = name.split(".");
  const top = parts.at(-1) ?? "";
  if (parts.length > 1 && /^\d+$/.test(top)) {
    return `domain name ${quoteExcerpt(name)} invalid (top level domain ${quoteExcerpt(top)} cannot be all-numeric)`;
  }
  for (const [i, part] of parts.entries()) {
    if (part === "" && i > 0 && i === parts.length - 1) continue;
    if (part.length > 63 || !label.test(part))
      return `domain name ${quoteExcerpt(name)} invalid (label ${quoteExcerpt(part)} invalid)`;
  }
  return undefined;
}

/** What is wrong with `host:port`, where the host is a name or an IP address (IPv6 in brackets). */
export function addressFault(address: string): string | undefined {
  const split = splitHostPort(address);
  if (typeof split === "string")
    return `unable to split ${quoteExcerpt(address)}: address ${excerpt(address)}: ${split}`;
  const { host, port } = split;
  if (!/^[+-]?\d+$/.test(port)) {
    return `port (${excerpt(port)}) is not a number: strconv.Atoi: parsing ${quoteExcerpt(port)}: invalid syntax`;
  }
  const fault = portFault(Number(port));
  if (fault !== undefined) return fault;
  if (domainFault(host) === undefined || parseAddress(host) !== undefined) return undefined;
  return `${quoteExcerpt(host)} is not a valid hostname or an IP address`;
}

/** As Go's net.SplitHostPort: the parts, or what it says instead. */
function splitHostPort(address: string): { host: string; port: string } | string {
  const colon = address.lastIndexOf(":");
  if (colon < 0) return "missing port in address";
  const port = address.slice(colon + 1);
  if (!address.startsWith("[")) {
    const host = address.slice(0, colon);
    if (host.includes(":")) return "too many colons in address";
    return /[[\]]/.test(address)
      ? `unexpected '${address.includes("[") ? "[" : "]"}' in address`
      : { host, port };
  }
  const close = address.indexOf("]");
  if (close < 0) return "missing ']' in address";
  if (close + 1 === address.length) return "missing port in address";
  if (close + 1 !== colon)
    return address[close + 1] === ":" ? "too many colons in address" : "missing port in address";
  const host = address.slice(1, close);
  return /[[\]]/.test(host + port) ? "unexpected '[' in address" : { host, port };
}
