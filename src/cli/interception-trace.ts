import type { Command } from "commander";
import {
  examplePodNetwork,
  type Interface,
  type Origins,
  type Packet,
  type PacketRules,
  type PodNetwork,
  plan,
  planNft,
  rulesOfNftListing,
  rulesOfNftPlan,
  rulesOfPlan,
  rulesOfSaves,
  tracePacket,
  traceRecord,
  traceSvg,
  traceTree,
} from "../interception/index.js";
import { namespaceRunner, readPodNetwork, readSavedRules } from "../netfilter/index.js";
import { CliError } from "./cli-error.js";
import {
  addSourceOptions,
  type RuleSource,
  readSources,
  type SourceFlags,
  sourceHelp,
} from "./interception-source.js";
import type { CliIo } from "./io.js";
import { readText, writeText } from "./read-text.js";

interface TraceFlags extends SourceFlags {
  readonly rules?: string;
  readonly netns?: string;
  readonly inbound?: boolean;
  readonly protocol: string;
  readonly from?: string;
  readonly to: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mark?: string;
  readonly cgroup?: string;
  readonly interface?: string;
  readonly state: string;
  readonly address?: readonly string[];
  readonly localMark?: string;
  readonly transparentListener: boolean;
  readonly format: string;
  readonly all?: boolean;
  readonly svg?: string;
}

/** Rules to trace through, and the network they stand in. */
interface Scene {
  readonly rules: PacketRules;
  readonly network: PodNetwork;
  readonly origins: Origins;
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^(\d{1,10}|0x[0-9a-fA-F]{1,8})$/.test(text)) return Number(text);
  throw new CliError("usage", `${flag} ${text}: write a number`);
}

function endpointOf(flag: string, text: string): { address: string; port: number | undefined } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  // Without brackets all of a text with more colons is an IPv6 address.
  const address = bracketed ?? plain ?? (/^[0-9a-fA-F.]*:[0-9a-fA-F:.]*$/.test(text) ? text : undefined);
  if (address === undefined)
    throw new CliError("usage", `${flag} ${text}: write ADDRESS:PORT or [ADDRESS]:PORT`);
  return { address, port: port === undefined ? undefined : Number(port) };
}

function oneOf<T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw new CliError("usage", `${flag} ${text}: name one of ${known.join(", ")}`);
  return found;
}

function packetOf(flags: TraceFlags): Packet {
  const to = endpointOf("--to", flags.to);
  const from = flags.from === undefined ? undefined : endpointOf("--from", flags.from);
  const numbers = {
    uid: numberOf("--uid", flags.uid),
    gid: numberOf("--gid", flags.gid ?? flags.uid),
    mark: numberOf("--mark", flags.mark),
    cgroup: numberOf("--cgroup", flags.cgroup),
    sourcePort: from?.port,
  };
  const known = Object.entries(numbers).filter(([, value]) => value !== undefined);
  if (to.port === undefined && flags.protocol !== "icmp")
    throw new CliError("usage", `--to ${flags.to}: name a port, too`);
  return {
    direction: flags.inbound === true ? "inbound" : "outbound",
    protocol: oneOf("--protocol", flags.protocol, ["tcp", "udp", "icmp"]),
    destination: to.address,
    destinationPort: to.port ?? 0,
    state: oneOf("--state", flags.state, ["NEW", "ESTABLISHED", "RELATED", "INVALID"]),
    ...(from === undefined ? {} : { source: from.address }),
    ...(flags.interface === undefined ? {} : { interface: flags.interface }),
    ...Object.fromEntries(known),
  };
}

/** `10.0.0.5/24`, or `eth1=10.0.0.5/24`; without a name the default interface. */
function interfacesOf(addresses: readonly string[]): readonly Interface[] {
  const byName = new Map<string, string[]>([["lo", ["127.0.0.1/8", "::1/128", "::6/128"]]]);
  for (const text of addresses) {
    const [name, address] = text.includes("=") ? text.split("=") : [examplePodNetwork.defaultInterface, text];
    byName.set(name ?? "", [...(byName.get(name ?? "") ?? []), address ?? ""]);
  }
  return [...byName].map(([name, own]) => ({ name, addresses: own }));
}

function networkOf(flags: TraceFlags, inferredMark: number | undefined): PodNetwork {
  const localMark = numberOf("--local-mark", flags.localMark) ?? inferredMark;
  return {
    ...examplePodNetwork,
    ...(flags.address === undefined ? {} : { interfaces: interfacesOf(flags.address) }),
    ...(localMark === undefined ? {} : { localMark }),
    transparentListener: flags.transparentListener,
  };
}

function sceneOf(source: RuleSource, flags: TraceFlags): Scene {
  const { settings, host, strategy, release, origins } = source;
  const rules = source.nativeNftables
    ? rulesOfNftPlan(planNft(settings, host, { strategy }))
    : rulesOfPlan(plan(settings, host, { strategy, release }));
  const routed = settings.interceptionMode === "TPROXY" && settings.inboundPorts !== "";
  return { rules, origins, network: networkOf(flags, routed ? Number(settings.tproxyMark) : undefined) };
}

/** The mark that TPROXY rules set, for which there must be a local route. */
function markOf(rules: PacketRules): number | undefined {
  const effects = rules.ipv4.tables.flatMap((table) =>
    [...table.chains.values()].flatMap((chain) => chain.rules.flatMap((rule) => rule.effects)),
  );
  return effects.find((effect) => effect.kind === "tproxy")?.mark;
}

async function sceneOfFile(path: string, flags: TraceFlags, io: CliIo): Promise<Scene> {
  const { text } = await readText(path, "--rules", io);
  const rules = text.includes("table inet istio-proxy-")
    ? rulesOfNftListing(text)
    : rulesOfSaves({ ipv4: text, ipv6: text });
  return { rules, origins: new Map(), network: networkOf(flags, markOf(rules)) };
}

async function sceneOfNamespace(path: string, flags: TraceFlags, io: CliIo): Promise<Scene> {
  const env = Object.entries(io.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const tools = namespaceRunner({ networkNamespace: path, cniMode: false, env: Object.fromEntries(env) });
  const saved = await readSavedRules(tools);
  const rules = saved.nft === "" ? rulesOfSaves(saved) : rulesOfNftListing(saved.nft);
  const network = { ...(await readPodNetwork(tools)), transparentListener: flags.transparentListener };
  return { rules, network, origins: new Map() };
}

async function readScene(words: readonly string[], flags: TraceFlags, io: CliIo): Promise<Scene> {
  const planned = flags.filename !== undefined || flags.profile !== undefined || words.length > 0;
  if ([planned, flags.rules !== undefined, flags.netns !== undefined].filter(Boolean).length !== 1)
    throw new CliError("usage", "Name one of: -f, --profile, flags behind --, --rules or --netns");
  if (flags.rules !== undefined) return sceneOfFile(flags.rules, flags, io);
  if (flags.netns !== undefined) return sceneOfNamespace(flags.netns, flags, io);
  const [source, ...more] = await readSources(flags, words, io);
  if (source === undefined || more.length > 0)
    throw new CliError("usage", "--filename must hold exactly one pod to trace in");
  return sceneOf(source, flags);
}

async function run(words: readonly string[], flags: TraceFlags, io: CliIo): Promise<void> {
  const scene = await readScene(words, flags, io);
  const trace = tracePacket(packetOf(flags), scene.rules, scene.network);
  if (flags.svg !== undefined) await writeText(flags.svg, traceSvg(trace), io);
  if (oneOf("--format", flags.format, ["text", "json"]) === "json")
    io.stdout(`${JSON.stringify(traceRecord(trace), null, 2)}\n`);
  else io.stdout(traceTree(trace, { all: flags.all ?? false, origins: scene.origins }));
}

function addPacketOptions(command: Command): Command {
  return command
    .requiredOption("--to <address:port>", "where the packet goes; [ADDRESS]:PORT for IPv6")
    .option(
      "--from <address[:port]>",
      "where it comes from; for a packet of the pod the address its socket is bound to",
    )
    .option("--inbound", "the packet arrives from outside (default: a process in the pod sends it)")
    .option("--protocol <name>", "tcp, udp or icmp", "tcp")
    .option("--uid <id>", "uid of the sending process (default: none, as for resets the kernel sends)")
    .option("--gid <id>", "gid of the sending process (default: its uid)")
    .option("--mark <mark>", "mark its socket sets")
    .option("--cgroup <class>", "net_cls class of the process")
    .option("--interface <name>", "interface it arrives on (default: that of the default route)")
    .option("--state <state>", "state of the connection: NEW, ESTABLISHED, RELATED or INVALID", "NEW");
}

/** `pillion interception trace`. */
export function registerTrace(
  parent: Command,
  io: CliIo,
  guard: (action: () => Promise<void>) => Promise<void>,
): void {
  const collect = (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value];
  addPacketOptions(addSourceOptions(parent.command("trace")))
    .summary("follow a packet through the capture rules")
    .description(
      "Follows a packet through hooks, tables, chains and rules, and tells where it ends and which rule decided.",
    )
    .option(
      "--rules <file>",
      "rules saved by iptables-save or listed by nft, instead of planned ones (- for standard input)",
    )
    .option(
      "--netns <path>",
      "the rules and addresses of a network namespace, such as /run/netns/NAME or /proc/PID/ns/net",
    )
    .option(
      "--address <[interface=]address/length>",
      "an address of the pod (repeatable; default 10.244.1.10/24 and fd00:244:1::10/64)",
      collect,
    )
    .option("--local-mark <mark>", "mark whose packets are routed to lo (default: that of TPROXY rules)")
    .option("--no-transparent-listener", "the proxy's inbound listener is not transparent, or not there")
    .option("--format <format>", "text or json", "text")
    .option("--all", "show the rules that did not match, too, and why")
    .option("--svg <file>", "draw the way as a picture into this file")
    .argument("[flags...]", "flags of istio-iptables, behind --")
    .addHelpText("after", sourceHelp())
    .action(async (words: readonly string[], flags: TraceFlags) => guard(() => run(words, flags, io)));
}
