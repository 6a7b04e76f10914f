import { type Address, formatAddress, networkOf, type Prefix } from "../../go/index.js";

/** `network/length` as iptables prints it. */
export function formatNetwork(prefix: Prefix): string {
  return `${formatAddressAsLibc(networkOf(prefix).address)}/${prefix.length}`;
}

/**
 * The text of an address as the C library prints it, and with it iptables: as {@link formatAddress}, but an
 * IPv4-compatible address (`::127.0.0.53`) ends in dotted form.
 */
function formatAddressAsLibc({ family, value }: Address): string {
  const isCompatible = family === 6 && value >> 32n === 0n && value >> 16n !== 0n;
  return isCompatible ? `::${formatAddress({ family: 4, value })}` : formatAddress({ family, value });
}
