import fc from "fast-check";
import type { CaptureSettings, HostFacts, Packet } from "../../src/interception/index.js";

const port = fc.constantFrom("22", "53", "80", "443", "8080", "9091", "15008", "15020", "15021", "15090");
const cidr = fc.constantFrom(
  "10.96.0.0/16",
  "10.96.0.53/32",
  "10.244.1.0/24",
  "203.0.113.0/24",
  "192.168.0.1/32",
  "127.0.0.0/8",
  "fd00:96::/32",
  "2001:db8::/32",
);
const name = fc.constantFrom("eth0", "eth1", "veth7");

function listOf(element: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string> {
  return fc.uniqueArray(element, { maxLength }).map((elements) => elements.join(","));
}

/** Settings that iptables takes, over a small world of ports, networks and interfaces. */
export const arbitrarySettings: fc.Arbitrary<CaptureSettings> = fc.record({
  outboundPort: fc.constant("15001"),
  inboundPort: fc.constant("15006"),
  tunnelPort: fc.constantFrom("15008", "15008", "9091"),
  proxyUids: fc.constantFrom("1337", "1337", "1337,1000", "1000"),
  proxyGids: fc.constantFrom("1337", "1337", "1337,2000", "0"),
  interceptionMode: fc.constantFrom("REDIRECT", "REDIRECT", "TPROXY"),
  tproxyMark: fc.constant("1337"),
  tproxyRouteTable: fc.constant("133"),
  inboundPorts: fc.oneof(fc.constantFrom("*", "*", ""), listOf(port)),
  inboundPortsExclude: listOf(port),
  excludeInterfaces: fc.oneof({ weight: 3, arbitrary: fc.constant("") }, listOf(name, 2)),
  outboundRanges: fc.oneof(fc.constantFrom("*", "*", ""), listOf(cidr)),
  outboundRangesExclude: listOf(cidr, 2),
  outboundPorts: fc.oneof(fc.constant(""), listOf(port, 2)),
  outboundPortsExclude: listOf(port, 2),
  rerouteInterfaces: fc.oneof({ weight: 4, arbitrary: fc.constant("") }, listOf(name, 2)),
  redirectDns: fc.boolean(),
  captureAllDns: fc.boolean(),
  dropInvalid: fc.boolean(),
  dualStack: fc.boolean(),
  ownerGroups: fc.constantFrom("*", "*", "*", "", "1000", "2000,1000"),
  ownerGroupsExclude: fc.constantFrom("", "", "1000"),
  loopbackCidr: fc.constantFrom("127.0.0.1/32", "127.0.0.1/32", "127.0.0.1/8"),
});

/** A host, with or without IPv6 and name servers. */
export const arbitraryHost: fc.Arbitrary<HostFacts> = fc.record({
  ipv6: fc.boolean(),
  dnsServersV4: fc.constantFrom([], ["10.96.0.53"]),
  dnsServersV6: fc.constantFrom([], ["fd00:96::53"]),
});

const owner = fc.constantFrom([0, 0], [0, 1337], [1000, 1000], [1337, 1337], [1337, 0], [1000, 2000]);
const remotes4 = ["10.96.0.20", "10.96.0.53", "203.0.113.9", "192.168.0.1"];
const remotes6 = ["fd00:96::20", "fd00:96::53", "2001:db8::9"];
const own4 = ["10.244.1.10", "127.0.0.1", "127.0.0.2"];
const own6 = ["fd00:244:1::10", "::1"];
const ports = fc.constantFrom(22, 53, 80, 443, 8080, 9091, 15001, 15006, 15008, 15020, 15021, 15090);

const outbound: fc.Arbitrary<Packet> = fc
  .record({
    protocol: fc.constantFrom("tcp" as const, "tcp" as const, "udp" as const),
    destination: fc.constantFrom(...remotes4, ...remotes6, ...own4, ...own6),
    destinationPort: ports,
    owner,
  })
  .map(({ owner: [uid = 0, gid = 0], ...rest }) => ({ direction: "outbound", uid, gid, ...rest }));

const inbound: fc.Arbitrary<Packet> = fc
  .record({
    protocol: fc.constantFrom("tcp" as const, "tcp" as const, "udp" as const),
    ipv6: fc.boolean(),
    destinationPort: ports,
  })
  .map(({ protocol, ipv6, destinationPort }) => ({
    direction: "inbound",
    protocol,
    destinationPort,
    source: ipv6 ? "fd00:244:1::1" : "10.244.1.1",
    destination: ipv6 ? "fd00:244:1::10" : "10.244.1.10",
  }));

/** A packet of a process in the example pod, or from outside. */
export const arbitraryPacket: fc.Arbitrary<Packet> = fc.oneof({ weight: 3, arbitrary: outbound }, inbound);
