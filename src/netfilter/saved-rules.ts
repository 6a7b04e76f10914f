import { hasRules } from "./iptables-binary.js";
import { NetfilterError } from "./netfilter-error.js";
import type { ToolRunner } from "./tool-runner.js";

/** The rules of a network namespace, as the kernel's programs print them. */
export interface SavedRules {
  readonly ipv4: string;
  readonly ipv6: string;
  /** Output of `nft list ruleset` where it has Istio's native tables; else empty. */
  readonly nft: string;
}

async function save(tools: ToolRunner, family: "iptables" | "ip6tables"): Promise<string> {
  const texts: string[] = [];
  for (const variant of [`${family}-legacy-save`, `${family}-nft-save`, `${family}-save`]) {
    const { status, stdout } = await tools.run(variant, []);
    if (status === 0 && hasRules(stdout)) return stdout;
    if (status === 0) texts.push(stdout);
  }
  if (texts.length === 0)
    throw new NetfilterError("tool-missing", `${family}-save is not usable here; is iptables installed?`);
  return texts.at(-1) ?? "";
}

/** Reads the rules of the place that the tools run in. @throws NetfilterError `tool-missing`. */
export async function readSavedRules(tools: ToolRunner): Promise<SavedRules> {
  const listing = await tools.run("nft", ["-s", "list", "ruleset", "inet"]);
  const nft =
    listing.status === 0 && listing.stdout.includes("table inet istio-proxy-") ? listing.stdout : "";
  return { ipv4: await save(tools, "iptables"), ipv6: await save(tools, "ip6tables"), nft };
}
