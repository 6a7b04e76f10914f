import { type Prefix, parseAddress, parsePrefix, prefixOf } from "../../go/index.js";
import type { RuleReason } from "../plan/planned-rule.js";
import { type Names, noNames, readMark, readNumber } from "./names.js";
import { readIdRange, readPortRange } from "./port-range.js";
import { protocolName } from "./protocol.js";
import type { Effect, Match, NumberRange, Rule } from "./rule.js";
import { type RuleModule, type RuleOption, ruleParts } from "./rule-parts.js";

function readPrefix(text: string): Prefix | undefined {
  const bare = parseAddress(text);
  if (bare !== undefined) return prefixOf(bare);
  const plain = parsePrefix(text);
  if (plain !== undefined) return plain;
  // Masks are also written 10.0.0.0/255.0.0.0.
  const [address, mask] = text.split("/").map(parseAddress);
  if (address?.family !== 4 || mask?.family !== 4) return undefined;
  const bits = mask.value.toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? { address, length: bits.lastIndexOf("1") + 1 } : undefined;
}

function optionText(module: string, option: RuleOption): string {
  const negation = option.negated ? "! " : "";
  return `${module === "" ? "" : `-m ${module} `}${negation}${[option.name, ...option.values].join(" ")}`;
}

function unknown(module: string, option: RuleOption): Match {
  return { kind: "unknown", text: optionText(module, option), negated: false };
}

function readBasic(option: RuleOption): Match | undefined {
  const { name, negated } = option;
  const value = option.values[0] ?? "";
  if (name === "-i" || name === "-o")
    return { kind: name === "-i" ? "in-interface" : "out-interface", name: value, negated };
  if (name === "-p") {
    const protocol = protocolName(value);
    return protocol === "all" ? undefined : { kind: "protocol", protocol, negated };
  }
  const prefix = readPrefix(value);
  if (prefix === undefined) return unknown("", option);
  return { kind: name === "-s" ? "source" : "destination", prefix, negated };
}

function readPorts(text: string, names: Names): readonly NumberRange[] | undefined {
  const ranges = text.split(",").map((element) => readPortRange(element, names));
  return ranges.some((range) => range === undefined)
    ? undefined
    : ranges.filter((range) => range !== undefined);
}

const portKinds: Readonly<Record<string, "source-port" | "destination-port" | "any-port">> = {
  "--sport": "source-port",
  "--dport": "destination-port",
  "--sports": "source-port",
  "--source-ports": "source-port",
  "--dports": "destination-port",
  "--destination-ports": "destination-port",
  "--ports": "any-port",
};

function readPortOption(module: string, option: RuleOption, names: Names): Match {
  const kind = portKinds[option.name];
  const ports = readPorts(option.values[0] ?? "", names);
  if (kind === undefined || ports === undefined) return unknown(module, option);
  return { kind, ports, negated: option.negated };
}

function readOwner(module: string, option: RuleOption, names: Names): Match {
  const isUid = option.name === "--uid-owner";
  if (!isUid && option.name !== "--gid-owner") return unknown(module, option);
  const ids = readIdRange(option.values[0] ?? "", isUid ? names.users : names.groups);
  if (ids === undefined) return unknown(module, option);
  return { kind: isUid ? "uid" : "gid", ids, negated: option.negated, strict: false };
}

function readOption(module: string, option: RuleOption, names: Names): Match | undefined {
  const text = option.values[0] ?? "";
  const { negated } = option;
  switch (module) {
    case "tcp":
    case "udp":
    case "multiport":
      return readPortOption(module, option, names);
    case "owner":
      return readOwner(module, option, names);
    case "mark":
    case "connmark": {
      const mark = readMark(text);
      return mark === undefined ? unknown(module, option) : { kind: module, ...mark, negated };
    }
    case "conntrack":
    case "state":
      if (option.name !== "--ctstate" && option.name !== "--state") return unknown(module, option);
      return { kind: "state", states: text.toUpperCase().split(","), negated };
    case "cgroup": {
      const id = readNumber(text);
      return id === undefined ? unknown(module, option) : { kind: "cgroup", id, negated };
    }
    case "addrtype":
      if (text !== "LOCAL") return unknown(module, option);
      return {
        kind: "local-address",
        side: option.name === "--src-type" ? "source" : "destination",
        negated,
      };
    case "comment":
      return undefined;
    default:
      return unknown(module, option);
  }
}

function readModule(module: RuleModule, names: Names): readonly Match[] {
  const known = ["tcp", "udp", "comment"].includes(module.name) || module.options.length > 0;
  if (!known) return [{ kind: "unknown", text: `-m ${module.name}`, negated: false }];
  return module.options
    .map((option) => readOption(module.name, option, names))
    .filter((match) => match !== undefined);
}

const transparentTargets = new Set([
  "LOG",
  "NFLOG",
  "ULOG",
  "TRACE",
  "TCPMSS",
  "DSCP",
  "TOS",
  "CHECKSUM",
  "CLASSIFY",
]);

function optionOf(target: RuleModule, ...names: readonly string[]): string | undefined {
  return target.options.find((option) => names.includes(option.name))?.values[0];
}

function targetText(target: RuleModule): string {
  return [`-j ${target.name}`, ...target.options.map((option) => optionText("", option))].join(" ");
}

function readMarking(target: RuleModule): Effect {
  const mark = readMark(optionOf(target, "--set-mark", "--set-xmark") ?? "");
  return mark === undefined ? { kind: "unknown", text: targetText(target) } : { kind: "set-mark", ...mark };
}

function readTarget(target: RuleModule, goto: boolean, names: Names): Effect {
  const unreadable: Effect = { kind: "unknown", text: targetText(target) };
  switch (target.name) {
    case "ACCEPT":
      return { kind: "accept" };
    case "RETURN":
      return { kind: "return" };
    case "DROP":
    case "REJECT":
      return { kind: "drop" };
    case "MARK":
      return readMarking(target);
    case "NOTRACK":
      return { kind: "no-track" };
    case "MASQUERADE":
    case "SNAT":
      return { kind: "accept" };
    case "REDIRECT": {
      const ports = readPortRange(optionOf(target, "--to-ports", "--to-port") ?? "", names);
      return ports === undefined ? unreadable : { kind: "redirect", port: ports.low };
    }
    case "DNAT":
      return { kind: "dnat", to: optionOf(target, "--to-destination") ?? "" };
    case "TPROXY":
      return readTproxy(target) ?? unreadable;
    case "CONNMARK": {
      const which = target.options.map((option) => option.name);
      if (which.includes("--save-mark")) return { kind: "save-mark" };
      return which.includes("--restore-mark") ? { kind: "restore-mark" } : unreadable;
    }
    case "CT": {
      if (target.options.some((option) => option.name === "--notrack")) return { kind: "no-track" };
      const id = readNumber(optionOf(target, "--zone", "--zone-orig") ?? "");
      return id === undefined ? unreadable : { kind: "zone", id };
    }
  }
  if (transparentTargets.has(target.name)) return { kind: "continue", text: targetText(target) };
  if (target.options.length > 0) return unreadable;
  return { kind: goto ? "goto" : "jump", chain: target.name };
}

function readTproxy(target: RuleModule): Effect | undefined {
  const port = readNumber(optionOf(target, "--on-port") ?? "");
  const mark = readMark(optionOf(target, "--tproxy-mark") ?? "0/0");
  if (port === undefined || mark === undefined) return undefined;
  return { kind: "tproxy", port, mark: mark.value, mask: mark.mask, strict: true };
}

/** Reads one iptables rule from its words, without `-A CHAIN`. What cannot be read becomes an `unknown` part. */
export function readRule(words: readonly string[], reason?: RuleReason, names: Names = noNames): Rule {
  const parts = ruleParts(words);
  return {
    text: words.join(" "),
    matches: [
      ...[...parts.basics.values()].map(readBasic).filter((match) => match !== undefined),
      ...parts.modules.flatMap((module) => readModule(module, names)),
    ],
    effects: parts.target === undefined ? [] : [readTarget(parts.target, parts.goto, names)],
    reason,
  };
}
