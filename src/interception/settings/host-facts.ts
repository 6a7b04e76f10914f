import { formatAddress, isLoopback, parseAddress } from "../../go/index.js";
import { InterceptionError } from "../interception-error.js";

/** What istio-iptables finds out about the machine it runs on. */
export interface HostFacts {
  /** Whether IPv6 rules are wanted. */
  readonly ipv6: boolean;
  /** Name servers of resolv.conf, used only when DNS is captured by server. */
  readonly dnsServersV4: readonly string[];
  readonly dnsServersV6: readonly string[];
}

function isLinkLocal(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  return address.family === 4 ? address.value >> 16n === 0xa9fen : address.value >> 118n === 0x3fan;
}

/**
 * Decides whether IPv6 is on from the addresses of all interfaces, in the kernel's order (IPv4 before IPv6): the first
 * that is neither loopback nor link-local decides, with dual stack any IPv6 address does.
 * @throws InterceptionError `host-unknown` if no usable address is there.
 */
export function hostAddress(
  addresses: readonly string[],
  dualStack: boolean,
): { ipv6: boolean; address: string } {
  const usable = addresses.filter((text) => {
    const address = parseAddress(text);
    return address !== undefined && !isLoopback(address) && !isLinkLocal(text);
  });
  const [address] = usable;
  if (address === undefined)
    throw new InterceptionError(
      "host-unknown",
      "no interface has an address besides loopback and link-local ones; rules can only be planned once the pod has its address",
    );
  const isIPv6 = (text: string) => text.includes(":");
  return { address, ipv6: dualStack ? usable.some(isIPv6) : isIPv6(address) };
}

/** The `nameserver` lines of a resolv.conf, split by family; what is no address is skipped, IPv6 is made canonical. */
export function nameServers(resolvConf: string): Pick<HostFacts, "dnsServersV4" | "dnsServersV6"> {
  const dnsServersV4: string[] = [];
  const dnsServersV6: string[] = [];
  for (const line of resolvConf.split("\n")) {
    const [word, value] = line.trim().split(/\s+/);
    const address = word === "nameserver" && value !== undefined ? parseAddress(value) : undefined;
    if (address === undefined) continue;
    (address.family === 4 ? dnsServersV4 : dnsServersV6).push(formatAddress(address));
  }
  return { dnsServersV4, dnsServersV6 };
}
