import { formatAddress, formatPrefix, prefixContains } from "../../go/index.js";
import type { Match, NumberRange } from "../rule/rule.js";
import type { Flight } from "./flight.js";

/** Whether a condition holds; `because` says for people why not, or what is not known. */
export type MatchResult =
  | { readonly holds: true }
  | { readonly holds: false; readonly because: string; readonly uncertain: boolean };

const holds: MatchResult = { holds: true };

function fails(because: string, uncertain = false): MatchResult {
  return { holds: false, because, uncertain };
}

function within(ranges: readonly NumberRange[], value: number | undefined): boolean {
  return value !== undefined && ranges.some(({ low, high }) => value >= low && value <= high);
}

function interfaceMatches(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  return /[+*]$/.test(pattern) ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function decide(positive: boolean, negated: boolean, because: string): MatchResult {
  return positive !== negated ? holds : fails(because);
}

function portsOf(kind: string, flight: Flight): readonly (number | undefined)[] {
  if (kind === "source-port") return [flight.sourcePort];
  return kind === "destination-port" ? [flight.destinationPort] : [flight.sourcePort, flight.destinationPort];
}

/** A socket's owner is known only where the packet leaves a process. */
function evaluateOwner(match: Extract<Match, { kind: "uid" | "gid" }>, flight: Flight): MatchResult {
  const id = match.kind === "uid" ? flight.uid : flight.gid;
  const leaving = flight.hook === "OUTPUT" || flight.hook === "POSTROUTING";
  if (!leaving || id === undefined)
    return match.negated && !match.strict ? holds : fails("the packet has no socket here");
  return decide(within([match.ids], id), match.negated, `${match.kind} is ${id}`);
}

function hex(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}

function masked(value: number, mask: number): number {
  return (value & mask) >>> 0;
}

/** Decides one condition for a packet. `isLocal` tells whether an address is the pod's own. */
export function evaluateMatch(
  match: Match,
  flight: Flight,
  isLocal: (side: "source" | "destination") => boolean,
): MatchResult {
  switch (match.kind) {
    case "family":
      return decide(match.family === flight.family, match.negated, `the packet is IPv${flight.family}`);
    case "source":
    case "destination": {
      const address = flight[match.kind];
      const because = `${match.kind} ${formatAddress(address)} is ${match.negated ? "" : "not "}in ${formatPrefix(match.prefix)}`;
      return decide(prefixContains(match.prefix, address), match.negated, because);
    }
    case "in-interface":
    case "out-interface": {
      const name = match.kind === "in-interface" ? flight.inInterface : flight.outInterface;
      const way = match.kind === "in-interface" ? "comes in on" : "goes out on";
      return decide(
        interfaceMatches(match.name, name),
        match.negated,
        `the packet ${way} ${name ?? "no interface"}`,
      );
    }
    case "protocol":
      return decide(match.protocol === flight.protocol, match.negated, `the protocol is ${flight.protocol}`);
    case "source-port":
    case "destination-port":
    case "any-port":
      return evaluatePort(match, flight);
    case "uid":
    case "gid":
      return evaluateOwner(match, flight);
    case "mark":
    case "connmark": {
      const value = match.kind === "mark" ? flight.mark : flight.connmark;
      const because = `the ${match.kind === "mark" ? "packet" : "connection"}'s mark is ${hex(value)}`;
      return decide(masked(value, match.mask) === match.value, match.negated, because);
    }
    case "state":
      return decide(match.states.includes(flight.state), match.negated, `the connection is ${flight.state}`);
    case "cgroup":
      return decide(
        flight.cgroup === match.id,
        match.negated,
        `the net_cls class is ${flight.cgroup ?? "unset"}`,
      );
    case "local-address":
      return decide(isLocal(match.side), match.negated, `the ${match.side} is not an address of the pod`);
    case "unknown":
      return fails(`not understood: ${match.text}`, true);
  }
}

function evaluatePort(
  match: Extract<Match, { kind: "source-port" | "destination-port" | "any-port" }>,
  flight: Flight,
): MatchResult {
  const ports = portsOf(match.kind, flight);
  // Ports are read of TCP and UDP only; a rule about ports meets nothing else.
  if (flight.protocol === "icmp") return fails("the packet has no ports");
  const positive = ports.some((port) => within(match.ports, port));
  const side = match.kind === "source-port" ? "source port" : "port";
  return decide(positive, match.negated, `the ${side} is ${ports.map((port) => port ?? "any").join(" or ")}`);
}
