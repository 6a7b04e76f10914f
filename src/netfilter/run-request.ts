import {
  type Action,
  type CaptureSettings,
  inFinalOrder,
  nftCleanupScript,
  nftScript,
  type Plan,
  plan,
  planNft,
  type Request,
  restoreText,
  type StrategyName,
  strategies,
  validateSettings,
  withProxyIds,
} from "../interception/index.js";
import type { Log } from "../telemetry/index.js";
import { type Host, lookUpUser, readHost } from "./host-reader.js";
import { detectBinary } from "./iptables-binary.js";
import { NetfilterError } from "./netfilter-error.js";
import { programRules } from "./program-rules.js";
import { Routes } from "./routes.js";
import { RuleWriter } from "./rule-writer.js";
import type { ToolRunner } from "./tool-runner.js";
import { validateCapture } from "./validate-capture.js";

/** The world a request runs in. */
export interface RunContext {
  readonly tools: ToolRunner;
  readonly log: Log;
  /** Path of resolv.conf, /etc/resolv.conf outside tests. */
  readonly resolvConf: string;
  /** Writes the transcript of a dry run, to a file or, for the empty path, to standard output. */
  readonly writeTranscript: (path: string, text: string) => Promise<void>;
  /** How the proxy is known; Istio's way is `owner`. */
  readonly strategy: StrategyName;
}

/** One request on its way. */
class RequestRun {
  readonly #settings: CaptureSettings;

  constructor(
    private readonly request: Request,
    settings: CaptureSettings,
    private readonly host: Host,
    private readonly context: RunContext,
  ) {
    this.#settings = settings;
  }

  async run(): Promise<void> {
    const { options } = this.request;
    if (!options.skipRuleApply) {
      await (options.nativeNftables ? this.#nft() : this.#iptables());
      if (!options.dryRun) await this.#routes();
    }
    if (!options.runValidation || options.dryRun) return;
    const ipv6 = this.host.address.includes(":");
    const proof = await validateCapture(this.context.tools, this.#settings, options, ipv6);
    this.context.log.info("Capture is proven", { proof });
  }

  async #routes(): Promise<void> {
    const routes = new Routes(this.context.tools, this.#settings, this.host.ipv6);
    await (this.request.options.cleanupOnly ? routes.remove() : routes.add());
  }

  async #iptables(): Promise<void> {
    const { options } = this.request;
    const { tools, log, strategy } = this.context;
    const planned = plan(this.#settings, this.host, { strategy });
    for (const warning of planned.warnings) log.warn(warning);
    if (options.dryRun) {
      await this.context.writeTranscript(options.dryRunFile, transcript(planned, this.host.ipv6));
      return;
    }
    const writers = [new RuleWriter(tools, await detectBinary(tools, 4, options.forceBinary), planned.ipv4)];
    const second = await this.#detectV6();
    if (second !== undefined) writers.push(new RuleWriter(tools, second, planned.ipv6));
    log.debug("Chose iptables", { ipv4: writers[0]?.name, ipv6: second?.command });
    const action = await this.#program(writers, planned);
    if (action !== "nothing") log.info("The rules are programmed", { action });
  }

  /** Another way to know the proxy needs more of the kernel than Istio does; where that lacks, the rules are shown. */
  async #program(writers: readonly RuleWriter[], planned: Pick<Plan, "ipv4" | "ipv6">): Promise<Action> {
    const { strategy, log, writeTranscript } = this.context;
    try {
      return await programRules(writers, this.request.options, log);
    } catch (error) {
      if (strategy === "owner" || !(error instanceof NetfilterError) || error.code !== "command-failed")
        throw error;
      await writeTranscript("", restoreText(planned.ipv4) + restoreText(planned.ipv6));
      const needs = `knowing the proxy by ${strategy} needs ${strategies[strategy].needs}; the rules were printed, not programmed`;
      throw new NetfilterError("command-failed", `${needs}: ${error.message}`, { cause: error });
    }
  }

  async #detectV6() {
    try {
      return await detectBinary(this.context.tools, 6, this.request.options.forceBinary);
    } catch (error) {
      if (this.host.ipv6 || !(error instanceof NetfilterError)) throw error;
      this.context.log.warn("No usable ip6tables; IPv6 is off, so none is needed", { reason: error.message });
      return undefined;
    }
  }

  async #nft(): Promise<void> {
    const { options } = this.request;
    const { tools, log, strategy } = this.context;
    const planned = planNft(this.#settings, this.host, { strategy });
    for (const warning of planned.warnings) log.warn(warning);
    if (options.dryRun) {
      const shown = options.cleanupOnly ? nftCleanupScript() : nftScript(planned.rules);
      await this.context.writeTranscript(options.dryRunFile, shown);
      return;
    }
    const script = options.cleanupOnly ? nftCleanupScript() : nftScript(inFinalOrder(planned.rules));
    const { status, stderr } = await tools.run("nft", ["-f", "-"], { input: script });
    if (status === 127)
      throw new NetfilterError(
        "tool-missing",
        "nft is not installed; install nftables, or leave out --native-nftables",
      );
    if (status !== 0)
      throw new NetfilterError("command-failed", `nft failed (exit code ${status}): ${stderr.trim()}`);
    log.info("The rules are programmed", { action: options.cleanupOnly ? "cleanup" : "apply" });
  }
}

/** What Istio records of a clean first run. */
function transcript(planned: Pick<Plan, "ipv4" | "ipv6">, ipv6: boolean): string {
  const probes = ["iptables-save\n", "ip6tables-save\n"] as const;
  return [
    ...probes,
    restoreText(planned.ipv4),
    restoreText(planned.ipv6),
    ...(ipv6 ? probes : probes.slice(0, 1)),
  ].join("");
}

/**
 * Does what istio-iptables was asked to do: checks the settings, finds out about the host, programs rules and routes,
 * validates.
 * @throws InterceptionError for settings that are wrong, NetfilterError for everything that fails.
 */
export async function runRequest(request: Request, context: RunContext): Promise<void> {
  const { options } = request;
  validateSettings(request.settings, options);
  const envoyUid = request.settings.proxyUids === "" ? await lookUpUser(options.envoyUser) : undefined;
  const settings = withProxyIds(request.settings, envoyUid);
  const ownNamespace = options.networkNamespace === "";
  const host = await readHost(context.tools, settings, { ownNamespace, resolvConf: context.resolvConf });
  await new RequestRun(request, settings, host, context).run();
}
