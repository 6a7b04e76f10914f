import { type Address, type Prefix, parseAddress, parsePrefix } from "../../go/index.js";
import { InterceptionError } from "../interception-error.js";

/** A packet to be traced, the first of its connection unless `state` says otherwise. */
export interface Packet {
  /** `outbound`: a process in the pod sends it. `inbound`: it arrives on an interface. */
  readonly direction: "outbound" | "inbound";
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Address of the sender; for an outbound packet the one the socket is bound to, absent if it is not. */
  readonly source?: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** Ids of the socket's owner; absent for a packet without a socket, such as a reset the kernel sends. */
  readonly uid?: number;
  readonly gid?: number;
  /** Mark the socket sets (SO_MARK). */
  readonly mark?: number;
  /** net_cls class of the process. */
  readonly cgroup?: number;
  /** Interface an inbound packet arrives on; the default one if absent. */
  readonly interface?: string;
  /** ESTABLISHED is a later packet of the connection, in the direction of the first. */
  readonly state?: "NEW" | "ESTABLISHED" | "RELATED" | "INVALID";
}

/** One interface with its addresses, `10.244.1.10/24`. */
export interface Interface {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** The pod's network, as far as it decides over a packet's way. */
export interface PodNetwork {
  readonly interfaces: readonly Interface[];
  /** Interface of the default route. */
  readonly defaultInterface: string;
  /** Mark whose packets are delivered locally (policy routing of TPROXY mode); absent if there is no such rule. */
  readonly localMark?: number;
  /** Whether the proxy's inbound listener is transparent. Default true. */
  readonly transparentListener?: boolean;
}

/** A pod with one interface, both families, and Istio's policy routing. */
export const examplePodNetwork: PodNetwork = {
  interfaces: [
    { name: "lo", addresses: ["127.0.0.1/8", "::1/128", "::6/128"] },
    { name: "eth0", addresses: ["10.244.1.10/24", "fd00:244:1::10/64"] },
  ],
  defaultInterface: "eth0",
};

/** Reads an address a packet names. @throws InterceptionError `packet-invalid`. */
export function packetAddress(name: string, text: string): Address {
  const address = parseAddress(text);
  if (address === undefined)
    throw new InterceptionError("packet-invalid", `${name} ${JSON.stringify(text)} is not an IP address`);
  return address;
}

/** An interface with its addresses read. */
export interface ReadInterface {
  readonly name: string;
  readonly prefixes: readonly Prefix[];
}

/** Reads a network's addresses. @throws InterceptionError `packet-invalid`. */
export function readInterfaces(network: PodNetwork): readonly ReadInterface[] {
  return network.interfaces.map(({ name, addresses }) => ({
    name,
    prefixes: addresses.map((text) => {
      const prefix = parsePrefix(text);
      if (prefix === undefined)
        throw new InterceptionError(
          "packet-invalid",
          `${name}: ${JSON.stringify(text)} is not an address with a prefix length`,
        );
      return prefix;
    }),
  }));
}

/** Refuses ports, ids and marks no machine could have. @throws InterceptionError `packet-invalid`. */
export function checkPacket(packet: Packet): void {
  const check = (name: string, value: number | undefined, most: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= most))
      throw new InterceptionError("packet-invalid", `${name} ${value} is not a number from 0 to ${most}`);
  };
  check("destination port", packet.destinationPort, 65535);
  check("source port", packet.sourcePort, 65535);
  check("uid", packet.uid, 4294967295);
  check("gid", packet.gid, 4294967295);
  check("mark", packet.mark, 4294967295);
  const destination = packetAddress("destination", packet.destination);
  if (packet.source !== undefined && packetAddress("source", packet.source).family !== destination.family)
    throw new InterceptionError("packet-invalid", "source and destination are of different families");
}
