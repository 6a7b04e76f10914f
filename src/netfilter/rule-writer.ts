import {
  chainsDiffer,
  checkArguments,
  cleanupArguments,
  type FamilyState,
  guardrails,
  hasResidue,
  leftoverArguments,
  type PlannedRule,
  restoreText,
  ruleState,
} from "../interception/index.js";
import { type IptablesBinary, waitArguments } from "./iptables-binary.js";
import { NetfilterError } from "./netfilter-error.js";
import type { ToolRunner } from "./tool-runner.js";

/**
 * One family's rules and the program that writes them.
 *
 * Decided in ADR 0102.
 */
export class RuleWriter {
  constructor(
    private readonly tools: ToolRunner,
    readonly binary: IptablesBinary,
    readonly rules: readonly PlannedRule[],
  ) {}

  get name(): string {
    return this.binary.command;
  }

  /** What is programmed now, as save text; empty if that cannot be told. */
  async save(): Promise<string> {
    const { status, stdout } = await this.tools.run(`${this.name}-save`, []);
    return status === 0 ? stdout : "";
  }

  /** Compares what is there with what is wanted. */
  async state(): Promise<FamilyState> {
    const present = ruleState(await this.save());
    const wanted = ruleState(restoreText(this.rules));
    const residue = hasResidue(present);
    const delta = residue && (chainsDiffer(present, wanted) || !(await this.#allThere()));
    return { wanted: this.rules.length > 0, residue, delta };
  }

  async #allThere(): Promise<boolean> {
    for (const args of checkArguments(this.rules)) {
      if ((await this.#write(args)).status !== 0) return false;
    }
    return true;
  }

  #write(args: readonly string[]) {
    return this.tools.run(this.name, [...waitArguments(this.binary), ...args]);
  }

  /** Lets the kernel read the rules without keeping them. @throws NetfilterError `command-failed`. */
  async test(): Promise<void> {
    await this.#restore(["--test"]);
  }

  /** Programs the rules. @throws NetfilterError `command-failed`; tables written before the failing one stay. */
  async apply(): Promise<void> {
    await this.#restore([]);
  }

  async #restore(more: readonly string[]): Promise<void> {
    if (this.rules.length === 0) return;
    const program = `${this.name}-restore`;
    const args = ["--noflush", ...more, ...waitArguments(this.binary)];
    const { status, stderr } = await this.tools.run(program, args, { input: restoreText(this.rules) });
    if (status !== 0)
      throw new NetfilterError("command-failed", `${program} failed (exit code ${status}): ${stderr.trim()}`);
  }

  /** Chains that would have to be made and are there already, as `table chain`. */
  async clashes(): Promise<readonly string[]> {
    const present = ruleState(await this.save());
    const wanted = ruleState(restoreText(this.rules));
    return [...wanted].flatMap(([table, chains]) =>
      [...chains.keys()]
        .filter((chain) => chain.startsWith("ISTIO_") && present.get(table)?.has(chain) === true)
        .map((chain) => `${table} ${chain}`),
    );
  }

  /** Removes the planned rules, then whatever else jumps to Istio's chains, and those chains. Failures are expected. */
  async cleanUp(): Promise<void> {
    for (const args of cleanupArguments(this.rules)) await this.#write(args);
    for (const args of leftoverArguments(await this.save())) await this.#write(args);
  }

  /** Lets no TCP or UDP through until {@link removeGuardrails}. @throws NetfilterError `command-failed`. */
  async addGuardrails(): Promise<void> {
    await this.removeGuardrails();
    for (const { table, chain, position = 1, words } of guardrails) {
      const { status, stderr } = await this.#write(["-t", table, "-I", chain, String(position), ...words]);
      if (status !== 0)
        throw new NetfilterError(
          "command-failed",
          `${this.name} could not insert a guardrail: ${stderr.trim()}`,
        );
    }
  }

  async removeGuardrails(): Promise<void> {
    for (const { table, chain, words } of guardrails) await this.#write(["-t", table, "-D", chain, ...words]);
  }
}
