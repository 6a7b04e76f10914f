/** Protocol numbers that iptables prints as names. */
const protocolNames: ReadonlyMap<string, string> = new Map([
  ["0", "all"],
  ["1", "icmp"],
  ["6", "tcp"],
  ["17", "udp"],
  ["58", "ipv6-icmp"],
  ["132", "sctp"],
  ["icmpv6", "ipv6-icmp"],
]);

/** The name iptables prints for a protocol's name or number; `all` for any. */
export function protocolName(text: string): string {
  const lower = text.toLowerCase();
  return protocolNames.get(lower) ?? lower;
}
