import type { PlannedNftRule } from "../plan/planned-rule.js";

interface NftTable {
  readonly name: string;
  readonly chains: readonly string[];
}

/** Tables and chains in the order Istio creates them. */
export const nftTables: readonly NftTable[] = [
  {
    name: "istio-proxy-nat",
    chains: [
      "prerouting",
      "output",
      "istio-inbound",
      "istio-redirect",
      "istio-in-redirect",
      "istio-output",
      "istio-output-dns",
    ],
  },
  {
    name: "istio-proxy-mangle",
    chains: ["prerouting", "output", "istio-divert", "istio-tproxy", "istio-inbound", "istio-drop"],
  },
  { name: "istio-proxy-raw", chains: ["prerouting", "output", "istio-inbound", "istio-output-dns"] },
];

const priorities: Readonly<Record<string, number>> = {
  "istio-proxy-nat": -100,
  "istio-proxy-mangle": -150,
  "istio-proxy-raw": -300,
};

function hookOf(table: string, chain: string): string {
  if (chain !== "prerouting" && chain !== "output") return "";
  const kind =
    table === "istio-proxy-nat"
      ? "nat"
      : chain === "output" && table === "istio-proxy-mangle"
        ? "route"
        : "filter";
  return ` { type ${kind} hook ${chain} priority ${priorities[table] ?? 0} ; }`;
}

function ruleLines(rules: readonly PlannedNftRule[]): string[] {
  const counts = new Map<string, number>();
  return rules.map(({ table, chain, index, expression }) => {
    const count = counts.get(chain) ?? 0;
    counts.set(chain, count + 1);
    // nft refuses an index that does not exist yet, so such a rule is appended.
    const where =
      index === undefined || index >= count
        ? `add rule inet ${table} ${chain}`
        : `insert rule inet ${table} ${chain} index ${index}`;
    return `${where} ${expression}`;
  });
}

/** The transaction for `nft -f`, one command a line: every table is created, emptied and filled. */
export function nftScript(rules: readonly PlannedNftRule[]): string {
  const lines: string[] = [];
  for (const { name, chains } of nftTables) {
    const own = rules.filter((rule) => rule.table === name);
    if (own.length === 0) continue;
    const used = new Set(own.map((rule) => rule.chain));
    lines.push(
      `add table inet ${name}`,
      `flush table inet ${name}`,
      ...chains
        .filter((chain) => used.has(chain))
        .map((chain) => `add chain inet ${name} ${chain}${hookOf(name, chain)}`),
      ...ruleLines(own),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** The transaction that removes every table, whether it exists or not. */
export function nftCleanupScript(): string {
  return nftTables.map(({ name }) => `add table inet ${name}\ndelete table inet ${name}\n`).join("");
}
