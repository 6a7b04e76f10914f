import { type Address, formatAddress, isLoopback, prefixContains } from "../../go/index.js";
import type { Effect, Hook, PacketRules, RuleSet, Stage } from "../rule/rule.js";
import { ChainWalk, type WalkContext } from "./chain-walk.js";
import { endpoint, type Flight } from "./flight.js";
import {
  checkPacket,
  type Packet,
  type PodNetwork,
  packetAddress,
  type ReadInterface,
  readInterfaces,
} from "./packet.js";
import type { RulePlace, TableVisit, Trace, TraceStep, Verdict, VerdictKind } from "./trace.js";

/** Where Istio's agent answers DNS. */
const dnsPort = 15053;

/** The address REDIRECT sends locally made packets to. */
const loopbackAddress: Readonly<Record<4 | 6, Address>> = {
  4: { family: 4, value: 0x7f000001n },
  6: { family: 6, value: 1n },
};

const stagesOf: Readonly<Record<Hook, readonly Stage[]>> = {
  PREROUTING: ["raw", "mangle", "nat"],
  INPUT: ["mangle", "filter", "nat"],
  FORWARD: ["mangle", "filter"],
  OUTPUT: ["raw", "mangle", "nat", "filter"],
  POSTROUTING: ["mangle", "nat"],
};

/** What nat did to the first packet of a connection, which conntrack does to all later ones. */
interface Translation {
  readonly hook: Hook;
  readonly destination: Address;
  readonly port: number;
}

interface Decision {
  readonly place: RulePlace;
  readonly effect: Effect;
  readonly stage: Stage;
}

/** One walk of one packet: steps are noted as it goes. */
class Walk {
  readonly steps: TraceStep[] = [];
  translation: Translation | undefined;
  dropped = false;
  uncertain = false;
  capture: Decision | undefined;
  #last: Decision | undefined;
  #dropRule: Decision | undefined;
  #stage: Stage = "raw";
  #natAsked = false;

  constructor(
    readonly flight: Flight,
    private readonly rules: RuleSet,
    private readonly network: PodNetwork,
    private readonly interfaces: readonly ReadInterface[],
    /** Known for a later packet of a connection. */
    private readonly known: Translation | undefined,
  ) {}

  get decision(): Decision | undefined {
    return this.#dropRule ?? this.capture ?? this.#last;
  }

  note(text: string): void {
    this.steps.push({ kind: "note", text });
  }

  isLocal(address: Address): boolean {
    if (isLoopback(address)) return true;
    return this.interfaces.some(({ prefixes }) =>
      prefixes.some(
        (prefix) => prefix.address.family === address.family && prefix.address.value === address.value,
      ),
    );
  }

  /** The interface a packet leaves on: lo if its destination is here, or its mark says so. */
  route(): string {
    if (this.isLocal(this.flight.destination) || this.#markedLocal()) return "lo";
    const direct = this.interfaces.find(({ name, prefixes }) =>
      name !== "lo" ? prefixes.some((prefix) => prefixContains(prefix, this.flight.destination)) : false,
    );
    return direct?.name ?? this.network.defaultInterface;
  }

  isForPod(): boolean {
    return (
      this.flight.tproxyPort !== undefined || this.isLocal(this.flight.destination) || this.#markedLocal()
    );
  }

  #markedLocal(): boolean {
    return this.network.localMark !== undefined && this.flight.mark === this.network.localMark;
  }

  /** Asks every table of a hook. False if the packet was dropped. */
  hook(hook: Hook): boolean {
    this.flight.hook = hook;
    const entering = hook === "PREROUTING" || hook === "INPUT";
    const name = entering ? this.flight.inInterface : this.flight.outInterface;
    const tables: TableVisit[] = [];
    for (const stage of stagesOf[hook]) {
      const visits = stage === "nat" ? this.#nat(hook) : this.#tables(hook, stage);
      tables.push(...visits);
      if (this.dropped) break;
      if (hook === "OUTPUT" && (stage === "mangle" || stage === "nat"))
        this.flight.outInterface = this.route();
    }
    this.steps.push({ kind: "hook", hook, interface: name, tables });
    if (hook === "OUTPUT" && !this.dropped && name !== this.flight.outInterface)
      this.note(`the kernel routes the packet anew: it now goes out on ${this.flight.outInterface}`);
    return !this.dropped;
  }

  #tables(hook: Hook, stage: Stage): TableVisit[] {
    this.#stage = stage;
    const visits: TableVisit[] = [];
    for (const table of this.rules.tables) {
      if (table.stage !== stage) continue;
      const chain = [...table.chains.values()].find((candidate) => candidate.hook === hook);
      if (chain === undefined || (chain.rules.length === 0 && chain.policy === "ACCEPT")) continue;
      const visit = new ChainWalk(table, this.flight, this.#context(hook)).hook(chain.name);
      if (visit === undefined) continue;
      visits.push({ table: table.name, stage, chain: visit, note: undefined });
      if (visit.end !== "drop") continue;
      this.dropped = true;
      break;
    }
    return visits;
  }

  #nat(hook: Hook): TableVisit[] {
    const skipped = (note: string): TableVisit[] =>
      this.rules.tables
        .filter((table) => table.stage === "nat")
        .map((table) => ({ table: table.name, stage: "nat" as const, chain: undefined, note }));
    if (hook === "INPUT" || hook === "POSTROUTING") return [];
    if (this.flight.state === "INVALID")
      return skipped("nat is not asked: conntrack knows no connection for it");
    if (this.flight.state !== "NEW") return skipped(this.#followConnection(hook));
    if (this.#natAsked) return skipped("nat is not asked again: this connection went through nat OUTPUT");
    this.#natAsked = true;
    const before = endpoint(this.flight.destination, this.flight.destinationPort);
    const visits = this.#tables(hook, "nat");
    const after = endpoint(this.flight.destination, this.flight.destinationPort);
    if (before !== after)
      this.translation = { hook, destination: this.flight.destination, port: this.flight.destinationPort };
    return visits;
  }

  #followConnection(hook: Hook): string {
    if (this.known?.hook !== hook) return "nat is not asked: only the first packet of a connection is";
    this.flight.destination = this.known.destination;
    this.flight.destinationPort = this.known.port;
    this.translation = this.known;
    return `nat is not asked: conntrack rewrites the destination to ${endpoint(this.known.destination, this.known.port)}, as for the first packet`;
  }

  #context(hook: Hook): WalkContext {
    return {
      isLocal: (side) => this.isLocal(this.flight[side]),
      redirectAddress: () => this.#redirectAddress(hook),
      transparentListener: this.network.transparentListener ?? true,
      decided: (place, effect) => this.#decided(place, effect),
      uncertain: () => {
        this.uncertain = true;
      },
    };
  }

  #redirectAddress(hook: Hook): Address {
    if (hook === "OUTPUT") return loopbackAddress[this.flight.family];
    const incoming = this.interfaces.find(({ name }) => name === this.flight.inInterface);
    const own = incoming?.prefixes.find((prefix) => prefix.address.family === this.flight.family);
    return own?.address ?? loopbackAddress[this.flight.family];
  }

  #decided(place: RulePlace, effect: Effect): void {
    const decision = { place, effect, stage: this.#stage };
    if (effect.kind === "drop" || (effect.kind === "tproxy" && this.flight.tproxyPort === undefined))
      this.#dropRule = decision;
    else if (effect.kind === "redirect" || effect.kind === "dnat" || effect.kind === "tproxy")
      this.capture = decision;
    else this.#last = decision;
  }
}

/** Which of Istio's captures a rule is, told by its chain as long as it has one of Istio's, else by hook and port. */
function captureKind(decision: Decision, hook: Hook): VerdictKind {
  const { effect, place } = decision;
  if (effect.kind === "dnat") return "redirected";
  if (effect.kind === "redirect" && effect.port === dnsPort) return "captured-dns";
  if (effect.kind === "tproxy") return "captured-inbound";
  const chain = place.chain.toUpperCase().replaceAll("-", "_");
  if (chain === "ISTIO_REDIRECT") return "captured-outbound";
  if (chain === "ISTIO_IN_REDIRECT") return "captured-inbound";
  return hook === "OUTPUT" ? "captured-outbound" : "captured-inbound";
}

function verdictOf(walk: Walk, delivered: "pod" | "network"): Verdict {
  const { flight, capture } = walk;
  const common = {
    address: formatAddress(flight.destination),
    port: flight.tproxyPort ?? flight.destinationPort,
    decidedBy: walk.decision?.place,
    source: formatAddress(flight.source),
    zone: flight.zone,
    uncertain: walk.uncertain,
  };
  if (walk.dropped) return { ...common, kind: "dropped", delivered: "none" };
  const kind =
    capture === undefined ? "passed" : captureKind(capture, walk.translation?.hook ?? "PREROUTING");
  return { ...common, kind, delivered };
}

function walkOutbound(walk: Walk): "pod" | "network" {
  const { flight } = walk;
  flight.outInterface = walk.route();
  walk.note(
    `a process${flight.uid === undefined ? "" : ` of uid ${flight.uid}`}${flight.gid === undefined ? "" : `, gid ${flight.gid}`} sends ${flight.protocol} from ${endpoint(flight.source, flight.sourcePort)} to ${endpoint(flight.destination, flight.destinationPort)}; the route leads to ${flight.outInterface}`,
  );
  if (!walk.hook("OUTPUT") || !walk.hook("POSTROUTING")) return "network";
  if (flight.outInterface !== "lo") {
    walk.note(`the packet leaves the pod on ${flight.outInterface}`);
    return "network";
  }
  walk.note("the packet goes out on lo and comes back in");
  flight.inInterface = "lo";
  flight.outInterface = undefined;
  return arrive(walk);
}

function arrive(walk: Walk): "pod" | "network" {
  const { flight } = walk;
  if (!walk.hook("PREROUTING")) return "pod";
  if (walk.isForPod()) {
    if (!walk.hook("INPUT")) return "pod";
    walk.note(`the packet is delivered in the pod, to port ${flight.tproxyPort ?? flight.destinationPort}`);
    return "pod";
  }
  flight.outInterface = walk.route();
  walk.note("the destination is not in the pod; the packet is forwarded");
  if (walk.hook("FORWARD")) walk.hook("POSTROUTING");
  return "network";
}

function defaultSource(walk: Walk, network: PodNetwork, interfaces: readonly ReadInterface[]): Address {
  const { destination, family } = walk.flight;
  if (isLoopback(destination)) return loopbackAddress[family];
  if (walk.isLocal(destination)) return destination;
  const out = interfaces.find(({ name }) => name === walk.route());
  const own = (out ?? interfaces.find(({ name }) => name === network.defaultInterface))?.prefixes.find(
    (prefix) => prefix.address.family === family,
  );
  return own?.address ?? loopbackAddress[family];
}

function takeOff(packet: Packet, network: PodNetwork, state: string): Flight {
  const destination = packetAddress("destination", packet.destination);
  return {
    family: destination.family,
    protocol: packet.protocol,
    source: packet.source === undefined ? destination : packetAddress("source", packet.source),
    sourcePort: packet.sourcePort,
    destination,
    destinationPort: packet.destinationPort,
    uid: packet.uid,
    gid: packet.gid,
    cgroup: packet.cgroup,
    mark: packet.direction === "outbound" ? (packet.mark ?? 0) : 0,
    connmark: 0,
    zone: undefined,
    state,
    hook: packet.direction === "outbound" ? "OUTPUT" : "PREROUTING",
    inInterface: packet.direction === "inbound" ? (packet.interface ?? network.defaultInterface) : undefined,
    outInterface: undefined,
    tproxyPort: undefined,
  };
}

function run(
  packet: Packet,
  rules: PacketRules,
  network: PodNetwork,
  interfaces: readonly ReadInterface[],
  state: string,
  first?: Walk,
): { walk: Walk; trace: Trace } {
  const flight = takeOff(packet, network, state);
  if (first !== undefined) flight.connmark = first.flight.connmark;
  const set = flight.family === 4 ? rules.ipv4 : rules.ipv6;
  const walk = new Walk(flight, set, network, interfaces, first?.translation);
  if (packet.source === undefined) flight.source = defaultSource(walk, network, interfaces);
  if (packet.direction === "inbound")
    walk.note(
      `${flight.protocol} from ${endpoint(flight.source, flight.sourcePort)} to ${endpoint(flight.destination, flight.destinationPort)} arrives on ${flight.inInterface}`,
    );
  const delivered = packet.direction === "outbound" ? walkOutbound(walk) : arrive(walk);
  return { walk, trace: { steps: walk.steps, verdict: verdictOf(walk, delivered) } };
}

/** A later packet ends where the first did: the socket that took the connection has it. */
function laterVerdict(first: Trace, later: Trace): Verdict {
  if (later.verdict.kind === "dropped" || first.verdict.kind === "dropped") return later.verdict;
  return { ...first.verdict, uncertain: first.verdict.uncertain || later.verdict.uncertain };
}

/**
 * Follows a packet through hooks, tables, chains and rules, as a Linux kernel would lead it.
 * @throws InterceptionError `packet-invalid` for a packet or network that cannot exist.
 */
export function tracePacket(packet: Packet, rules: PacketRules, network: PodNetwork): Trace {
  checkPacket(packet);
  const interfaces = readInterfaces(network);
  const state = packet.state ?? "NEW";
  if (state !== "ESTABLISHED" && state !== "RELATED")
    return run(packet, rules, network, interfaces, state).trace;
  const first = run(packet, rules, network, interfaces, "NEW");
  const later = run(packet, rules, network, interfaces, state, first.walk).trace;
  return { steps: later.steps, verdict: laterVerdict(first.trace, later) };
}
