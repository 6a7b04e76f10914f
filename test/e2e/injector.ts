import { webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority, issueLeaf } from "../../src/certificates/index.js";
import type { ControlPlane } from "./control-plane/control-plane.js";
import { freePort, Program } from "./control-plane/program.js";

/** How an injector is started. */
export interface InjectorOptions {
  readonly revision?: string;
  readonly serviceAccount?: string;
  readonly configMap?: string;
  readonly meshConfigMap?: string;
  readonly args?: readonly string[];
  /** Its certificate is Pillion's own, by flags among the arguments; then nothing is put into the chart's values. */
  readonly ownAuthority?: boolean;
}

/** The bundle as a process of this machine, with the rights of the chart's ServiceAccount. */
export class Injector {
  readonly #plane: ControlPlane;
  readonly #args: readonly string[];
  readonly #monitoring: number;
  #program: Program | undefined;

  private constructor(
    plane: ControlPlane,
    /** What `webhook.injectionURL` has to be. */
    readonly url: string,
    /** The authority to trust, PEM; empty where the injector publishes its own. */
    readonly caBundle: string,
    args: readonly string[],
    monitoring: number,
  ) {
    this.#plane = plane;
    this.#args = args;
    this.#monitoring = monitoring;
  }

  /** Chooses ports and makes a certificate. The chart can be installed then, and the injector started after that. */
  static async prepare(plane: ControlPlane, options: InjectorOptions = {}): Promise<Injector> {
    const [port, monitoring] = [await freePort(), await freePort()];
    const world = { crypto: webcrypto as webcrypto.Crypto, now: Date.now() };
    const authority = await createAuthority({ commonName: "injector", days: 1 }, world);
    const leaf = await issueLeaf(authority, { names: ["127.0.0.1"], days: 1 }, world);
    const file = (name: string, text: string) => {
      const path = join(plane.folder, `injector-${port}-${name}`);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const url = `https://127.0.0.1:${port}`;
    const args = [
      "--namespace=istio-system",
      `--revision=${options.revision ?? "pillion"}`,
      ...(options.configMap === undefined ? [] : [`--configmap=${options.configMap}`]),
      ...(options.meshConfigMap === undefined ? [] : [`--mesh-configmap=${options.meshConfigMap}`]),
      `--webhook-url=${url}/inject`,
      "--server-name=127.0.0.1",
      `--https-address=127.0.0.1:${port}`,
      `--monitoring-address=127.0.0.1:${monitoring}`,
      ...(options.ownAuthority === true
        ? []
        : [
            `--tls-cert-file=${file("tls.crt", leaf.certificatePem)}`,
            `--tls-key-file=${file("tls.key", leaf.keyPem)}`,
          ]),
      "--drain-duration=0",
      ...(options.args ?? []),
    ];
    const caBundle = options.ownAuthority === true ? "" : authority.certificatePem;
    return new Injector(plane, url, caBundle, args, monitoring);
  }

  /** Values of the chart that lead to this injector. */
  get values(): readonly string[] {
    const path = join(this.#plane.folder, `values-${this.#monitoring}.json`);
    const webhook = { injectionURL: this.url, injectionCABundle: this.caBundle };
    writeFileSync(path, JSON.stringify({ webhook }));
    return ["--values", path];
  }

  /** Starts it, and waits until it is ready, or only alive. */
  async start(serviceAccount = "pillion", probe: "ready" | "livez" = "ready"): Promise<void> {
    const token = await this.#plane.kubectl("create", "token", serviceAccount, "-n", "istio-system");
    if (token.code !== 0) throw new Error(token.stderr);
    const kubeconfig = this.#plane.writeKubeconfig(
      `injector-${this.#monitoring}`,
      token.stdout.trim(),
      "istio-system",
    );
    const { bundle } = this.#plane.environment;
    const args = [bundle, "webhook", `--kubeconfig=${kubeconfig}`, ...this.#args];
    const log = join(this.#plane.folder, `injector-${this.#monitoring}.log`);
    const program = new Program("pillion", process.execPath, args, log);
    this.#program = program;
    await program.until(async () => (await fetch(this.#page(probe))).ok);
  }

  get output(): string {
    return this.#program?.output ?? "";
  }

  async metrics(): Promise<string> {
    return (await fetch(this.#page("metrics"))).text();
  }

  /** What `/ready?verbose` says. */
  async readiness(): Promise<string> {
    return (await fetch(this.#page("ready?verbose"))).text();
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#program?.stop(signal);
  }

  #page(path: string): string {
    return `http://127.0.0.1:${this.#monitoring}/${path}`;
  }
}
