import type { CaptureSettings } from "../interception/index.js";
import { NetfilterError } from "./netfilter-error.js";
import type { ToolRunner } from "./tool-runner.js";

/** Source of the proxy's inbound side; 127.0.0.6 is local without being told. */
const passthroughV6 = "::6/128";

/** Kernels say "File exists", newer ones "address already assigned". */
function isThere(stderr: string): boolean {
  return /exists|already assigned/i.test(stderr);
}

/**
 * Sets up and removes the addresses and routes that rules need.
 *
 * Decided in ADR 0101.
 */
export class Routes {
  constructor(
    private readonly tools: ToolRunner,
    private readonly settings: CaptureSettings,
    private readonly ipv6: boolean,
  ) {}

  get #families(): readonly ("-4" | "-6")[] {
    return this.ipv6 ? ["-4", "-6"] : ["-4"];
  }

  get #routesMarks(): boolean {
    return this.settings.interceptionMode === "TPROXY" && this.settings.inboundPorts !== "";
  }

  /** Adds what is missing; what is there already stays as it is. @throws NetfilterError `command-failed`. */
  async add(): Promise<void> {
    if (this.ipv6) await this.#ip(["-6", "address", "add", passthroughV6, "dev", "lo"], true);
    if (!this.#routesMarks) return;
    for (const family of this.#families) {
      // The kernel takes the same rule any number of times, each with a new priority.
      if (!(await this.#hasRule(family))) await this.#ip([family, "rule", "add", ...this.#rule], false);
      await this.#ip([family, "route", "add", ...this.#route], true);
    }
  }

  /** Removes all of it; what is not there is no error. */
  async remove(): Promise<void> {
    if (this.ipv6) await this.tools.run("ip", ["-6", "address", "del", passthroughV6, "dev", "lo"]);
    if (!this.#routesMarks) return;
    for (const family of this.#families) {
      await this.tools.run("ip", [family, "route", "del", ...this.#route]);
      // Other programs may have left more than one.
      for (let left = 100; left > 0 && (await this.#hasRule(family)); left--)
        await this.tools.run("ip", [family, "rule", "del", ...this.#rule]);
    }
  }

  get #rule(): readonly string[] {
    return ["fwmark", this.settings.tproxyMark, "lookup", this.settings.tproxyRouteTable];
  }

  get #route(): readonly string[] {
    return ["local", "default", "dev", "lo", "table", this.settings.tproxyRouteTable];
  }

  async #hasRule(family: string): Promise<boolean> {
    const mark = Number(this.settings.tproxyMark).toString(16);
    const { stdout } = await this.tools.run("ip", [family, "rule", "show"]);
    const wanted = `fwmark 0x${mark} lookup ${this.settings.tproxyRouteTable}`;
    return stdout.split("\n").some((line) => ` ${line.trimEnd()}`.endsWith(` ${wanted}`));
  }

  async #ip(args: readonly string[], mayExist: boolean): Promise<void> {
    const { status, stderr } = await this.tools.run("ip", args);
    if (status === 0 || (mayExist && isThere(stderr))) return;
    throw new NetfilterError("command-failed", `ip ${args.join(" ")} failed: ${stderr.trim()}`);
  }
}
