import { NetfilterError } from "./netfilter-error.js";
import type { ToolRunner } from "./tool-runner.js";

/** One usable iptables. */
export interface IptablesBinary {
  /** Name of the command; the others are this with `-save` and `-restore`. */
  readonly command: string;
  /** `1.8.9`; `0.0.0` where the program does not tell. */
  readonly version: string;
  readonly variant: "nft" | "legacy";
}

/** The version in what a program says of itself, `0.0.0` if there is none. */
export function parseVersion(text: string): string {
  return /v(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1] ?? "0.0.0";
}

function commandName(family: 4 | 6, variant: string): string {
  const base = family === 4 ? "iptables" : "ip6tables";
  return variant === "" ? base : `${base}-${variant}`;
}

/**
 * Whether a save text has rules. Istio counts lines instead, and so takes the empty tables that its own probe of
 * iptables-legacy leaves behind for rules: a second run would then choose legacy although the first chose nft.
 *
 * Decided in ADR 0100.
 */
export function hasRules(saveText: string): boolean {
  return /^-A /m.test(saveText);
}

const probe = ["INPUT", "-p", "255", "-j", "RETURN"];

/** Whether the kernel takes a rule from this program. The rule matches nothing, and is removed at once. */
async function takesRules(tools: ToolRunner, command: string): Promise<boolean> {
  const added = await tools.run(command, ["-t", "nat", "-A", ...probe]);
  if (added.status !== 0 || added.stderr.includes("does not exist")) return false;
  await tools.run(command, ["-t", "nat", "-D", ...probe]);
  return true;
}

async function describe(tools: ToolRunner, command: string): Promise<IptablesBinary> {
  const { status, stdout } = await tools.run(`${command}-save`, ["--version"]);
  const version = status === 0 ? parseVersion(stdout) : "0.0.0";
  return { command, version, variant: stdout.includes("nf_tables") ? "nft" : "legacy" };
}

async function usable(
  tools: ToolRunner,
  command: string,
  withRulesOnly: boolean,
): Promise<IptablesBinary | undefined> {
  const saved = await tools.run(`${command}-save`, []);
  if (saved.status !== 0 || (withRulesOnly && !hasRules(saved.stdout))) return undefined;
  return (await takesRules(tools, command)) ? describe(tools, command) : undefined;
}

/**
 * Finds the iptables to use, as Istio does: the forced variant; else legacy if it has rules already; else nft; else
 * what is plainly called iptables.
 * @throws NetfilterError `detection-failed` if none is usable.
 */
export async function detectBinary(tools: ToolRunner, family: 4 | 6, force: string): Promise<IptablesBinary> {
  if (force !== "") {
    const forced = await usable(tools, commandName(family, force), false);
    if (forced !== undefined) return forced;
    throw new NetfilterError(
      "detection-failed",
      `${commandName(family, force)} was asked for and is not usable: is it installed, and may this process program rules (NET_ADMIN)?`,
    );
  }
  const found =
    (await usable(tools, commandName(family, "legacy"), true)) ??
    (await usable(tools, commandName(family, "nft"), false)) ??
    (await usable(tools, commandName(family, ""), false));
  if (found !== undefined) return found;
  throw new NetfilterError(
    "detection-failed",
    `no usable ${commandName(family, "")} was found (tried legacy, nft and plain): is it installed, and may this process program rules (NET_ADMIN)?`,
  );
}

function atLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, number] of wanted.entries()) {
    const part = parts[index] ?? 0;
    if (part !== number) return part > number;
  }
  return true;
}

/** Arguments that make a writing command wait for the lock; nf_tables has none, and older releases do not know them. */
export function waitArguments(binary: IptablesBinary): readonly string[] {
  return binary.variant === "legacy" && atLeast(binary.version, [1, 6, 2]) ? ["--wait=30"] : [];
}
