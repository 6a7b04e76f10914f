import { parseAddress, parsePrefix, prefixOf } from "../../go/index.js";
import { type Names, noNames, readMark } from "../rule/names.js";
import { readIdRange, readPortRange } from "../rule/port-range.js";
import { protocolName } from "../rule/protocol.js";
import { type RuleModule, type RuleOption, type RuleParts, ruleParts } from "../rule/rule-parts.js";
import { formatNetwork } from "./format-network.js";

/** What printing must know besides the rule. */
export interface KernelFormOptions {
  readonly family: 4 | 6;
  /** Names resolved where iptables runs; a name that is not here is printed as it stands. */
  readonly names?: Names;
}

/**
 * The words with which `iptables -S` and `iptables-save` (1.8.9, both variants) print a rule that was given as these
 * words: arguments in the kernel's order, addresses masked, marks in hexadecimal, names resolved.
 */
export function kernelForm(words: readonly string[], options: KernelFormOptions): string {
  const parts = ruleParts(words);
  const names = options.names ?? noNames;
  return [
    ...["-s", "-d"].flatMap((name) => printAddress(parts.basics.get(name))),
    ...["-i", "-o"].flatMap((name) => printOption(parts.basics.get(name))),
    ...printProtocol(parts.basics.get("-p")),
    ...parts.modules.flatMap((module) => printModule(module, names)),
    ...printTarget(parts, options.family),
  ].join(" ");
}

function printOption(option: RuleOption | undefined): string[] {
  return option === undefined
    ? []
    : [`${option.negated ? "! " : ""}${[option.name, ...option.values].join(" ")}`];
}

function printAddress(option: RuleOption | undefined): string[] {
  const text = option?.values[0];
  if (option === undefined || text === undefined) return [];
  const bare = parseAddress(text);
  const prefix = bare === undefined ? parsePrefix(text) : prefixOf(bare);
  if (prefix === undefined) return printOption(option);
  // A prefix of length 0 says nothing, and the kernel does not keep it.
  if (prefix.length === 0 && !option.negated) return [];
  return printOption({ ...option, values: [formatNetwork(prefix)] });
}

function printProtocol(option: RuleOption | undefined): string[] {
  const name = protocolName(option?.values[0] ?? "all");
  return option === undefined || name === "all" ? [] : printOption({ ...option, values: [name] });
}

function port(text: string, names: Names): string {
  const range = readPortRange(text, names);
  if (range === undefined) return text;
  return range.low === range.high ? String(range.low) : `${range.low}:${range.high}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function mark(text: string): string {
  const read = readMark(text);
  if (read === undefined) return text;
  return read.mask === 0xffffffff ? hex(read.value) : `${hex(read.value)}/${hex(read.mask)}`;
}

function printValues(module: string, option: RuleOption, names: Names): readonly string[] {
  const [first] = option.values;
  if (first === undefined) return [];
  switch (`${module} ${option.name}`) {
    case "tcp --sport":
    case "tcp --dport":
    case "udp --sport":
    case "udp --dport":
      return [port(first, names)];
    case "multiport --dports":
    case "multiport --sports":
      return [
        first
          .split(",")
          .map((element) => port(element, names))
          .join(","),
      ];
    case "mark --mark":
    case "connmark --mark":
      return [mark(first)];
    case "owner --uid-owner":
      return [id(first, names.users)];
    case "owner --gid-owner":
      return [id(first, names.groups)];
    case "cgroup --cgroup":
      return [id(first, names.groups)];
    default:
      return option.values;
  }
}

function id(text: string, names: ReadonlyMap<string, number>): string {
  const range = readIdRange(text, names);
  if (range === undefined) return text;
  return range.low === range.high ? String(range.low) : `${range.low}-${range.high}`;
}

function printModule(module: RuleModule, names: Names): string[] {
  const options = module.options.flatMap((option) => {
    const values = printValues(module.name, option, names);
    // All ports is no condition.
    if (/^--[sd]port$/.test(option.name) && values[0] === "0:65535" && !option.negated) return [];
    return printOption({ ...option, values });
  });
  if (module.name === "tcp" || module.name === "udp") options.sort(sourceFirst);
  return [`-m ${module.name}`, ...options];
}

function sourceFirst(left: string, right: string): number {
  return Number(left.includes("--dport")) - Number(right.includes("--dport"));
}

function option(module: RuleModule, ...names: readonly string[]): string | undefined {
  return module.options.find((candidate) => names.includes(candidate.name))?.values[0];
}

function printMarkTarget(target: RuleModule): string[] {
  const text = option(target, "--set-mark", "--set-xmark");
  const read = text === undefined ? undefined : readMark(text);
  return read === undefined
    ? target.options.flatMap(printOption)
    : [`--set-xmark ${hex(read.value)}/${hex(read.mask)}`];
}

function printConnmarkTarget(target: RuleModule): string[] {
  const names = target.options.map((each) => each.name);
  const which = ["--save-mark", "--restore-mark"].find((name) => names.includes(name));
  if (which === undefined) return printMarkTarget(target);
  const masks = ["--nfmask", "--ctmask"].map((name) => `${name} ${option(target, name) ?? "0xffffffff"}`);
  return [which, ...masks];
}

function printTproxyTarget(target: RuleModule, family: 4 | 6): string[] {
  const read = readMark(option(target, "--tproxy-mark") ?? "0");
  return [
    `--on-port ${option(target, "--on-port") ?? "0"}`,
    `--on-ip ${option(target, "--on-ip") ?? (family === 4 ? "0.0.0.0" : "::")}`,
    ...(read === undefined ? [] : [`--tproxy-mark ${hex(read.value)}/${hex(read.mask)}`]),
  ];
}

function targetOptions(target: RuleModule, family: 4 | 6): string[] {
  switch (target.name) {
    case "MARK":
      return printMarkTarget(target);
    case "CONNMARK":
      return printConnmarkTarget(target);
    case "TPROXY":
      return printTproxyTarget(target, family);
    case "REDIRECT":
      return target.options.flatMap((each) =>
        printOption(each.name === "--to-port" ? { ...each, name: "--to-ports" } : each),
      );
    default:
      return target.options.flatMap(printOption);
  }
}

function printTarget(parts: RuleParts, family: 4 | 6): string[] {
  if (parts.target === undefined) return [];
  return [`${parts.goto ? "-g" : "-j"} ${parts.target.name}`, ...targetOptions(parts.target, family)];
}
