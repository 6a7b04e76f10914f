import { addressBits, parsePrefix } from "../../go/index.js";
import { inFinalOrder } from "../plan/final-order.js";
import type { PlannedNftRule } from "../plan/planned-rule.js";
import { readNumber } from "../rule/names.js";
import { formatNetwork } from "./format-network.js";
import { nftTables } from "./nft-script.js";

function hexMark(text: string): string {
  const value = readNumber(text);
  return value === undefined ? text : `0x${value.toString(16).padStart(8, "0")}`;
}

/** A prefix that holds one address is printed as that address. */
function printPrefix(text: string): string {
  const prefix = parsePrefix(text);
  if (prefix === undefined) return text;
  const printed = formatNetwork(prefix);
  return prefix.length === addressBits[prefix.address.family]
    ? printed.slice(0, printed.lastIndexOf("/"))
    : printed;
}

function printPortSet(ports: string): string {
  const numbers = ports.split(",").map((port) => port.trim());
  return `{ ${numbers.sort((left, right) => Number(left) - Number(right)).join(", ")} }`;
}

const rewritings: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  [/\b([io]ifname) (\S+)/g, (_, key = "", name = "") => `${key} "${name}"`],
  [
    /(^| )(ip6?) ([sd]addr) (!= )?(\S+)/g,
    (_, lead = "", family = "", side = "", negation, prefix = "") =>
      `${lead}${family} ${side} ${negation ?? ""}${printPrefix(prefix)}`,
  ],
  [
    /(^| )(skuid|skgid) /g,
    (_, lead = "", key = "") => (lead === "" ? `meta ${key} ` : `${lead}meta ${key} `),
  ],
  [/meta meta /g, () => "meta "],
  [
    /(^| )mark (!= )?(\d+|0x[0-9a-f]+)(?= )/g,
    (_, lead = "", negation, value = "") => `${lead}meta mark ${negation ?? ""}${hexMark(value)}`,
  ],
  [/meta mark set (\d+)/g, (_, value = "") => `meta mark set ${hexMark(value)}`],
  [/ct meta mark (\S+)/g, (_, value = "") => `ct mark ${value}`],
  [/ct mark set mark/g, () => "ct mark set meta mark"],
  [/ct state related,established/g, () => "ct state established,related"],
  [/\{ ([\d, ]+) \}/g, (_, ports = "") => printPortSet(ports)],
];

/** A rule as `nft -s list ruleset` (1.0.6) prints it: values in the kernel's form, implied conditions left out. */
export function nftKernelForm(expression: string): string {
  let text = expression;
  for (const [pattern, replace] of rewritings)
    text = text.replaceAll(pattern, (...found) =>
      replace(...found.map((part) => (part === undefined ? "" : String(part)))),
    );
  // Ports name the protocol, so asking for it beforehand says nothing.
  return / (tcp|udp) [sd]port /.test(` ${text}`) ? text.replace(/meta l4proto (tcp|udp) /, "") : text;
}

const hookLines: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "istio-proxy-nat": {
    prerouting: "type nat hook prerouting priority dstnat; policy accept;",
    output: "type nat hook output priority -100; policy accept;",
  },
  "istio-proxy-mangle": {
    prerouting: "type filter hook prerouting priority mangle; policy accept;",
    output: "type route hook output priority mangle; policy accept;",
  },
  "istio-proxy-raw": {
    prerouting: "type filter hook prerouting priority raw; policy accept;",
    output: "type filter hook output priority raw; policy accept;",
  },
};

function printedRules(rules: readonly PlannedNftRule[], chain: string): readonly string[] {
  return rules.filter((rule) => rule.chain === chain).map((rule) => nftKernelForm(rule.expression));
}

/** What `nft -s list ruleset inet` prints once the plan is loaded. */
export function nftListing(rules: readonly PlannedNftRule[]): string {
  const blocks: string[] = [];
  const ordered = inFinalOrder(rules);
  for (const { name, chains } of nftTables) {
    const own = ordered.filter((rule) => rule.table === name);
    if (own.length === 0) continue;
    const used = new Set(own.map((rule) => rule.chain));
    const bodies = chains
      .filter((chain) => used.has(chain))
      .map((chain) => {
        const hook = hookLines[name]?.[chain];
        const lines = [...(hook === undefined ? [] : [hook]), ...printedRules(own, chain)];
        return [`\tchain ${chain} {`, ...lines.map((line) => `\t\t${line}`), "\t}\n"].join("\n");
      });
    blocks.push(`table inet ${name} {\n${bodies.join("\n")}}\n`);
  }
  return blocks.join("");
}
