import { join } from "node:path";
import type { ControlPlane } from "./control-plane/control-plane.js";
import { freePort, Program } from "./control-plane/program.js";

/** The bundle as one of several pods behind the chart's Service, with the rights of the chart's ServiceAccount. */
export class Replica {
  readonly #plane: ControlPlane;
  readonly #args: readonly string[];
  readonly #log: string;
  #program: Program | undefined;

  private constructor(
    plane: ControlPlane,
    readonly name: string,
    readonly port: number,
    readonly monitoring: number,
    args: readonly string[],
  ) {
    this.#plane = plane;
    this.#args = args;
    this.#log = join(plane.folder, `${name}.log`);
  }

  /** @param args further flags of `pillion webhook` */
  static async prepare(plane: ControlPlane, name: string, args: readonly string[]): Promise<Replica> {
    return new Replica(plane, name, await freePort(), await freePort(), args);
  }

  /** Starts the process, and waits until it answers probes, ready or not. */
  async start(): Promise<void> {
    const token = await this.#plane.kubectl("create", "token", "pillion", "-n", "istio-system");
    if (token.code !== 0) throw new Error(token.stderr);
    const kubeconfig = this.#plane.writeKubeconfig(this.name, token.stdout.trim(), "istio-system");
    const { bundle, address } = this.#plane.environment;
    const args = [
      ...[bundle, "webhook", `--kubeconfig=${kubeconfig}`, "--namespace=istio-system", "--revision=pillion"],
      ...["--webhook-service=pillion.istio-system", "--server-name=pillion.istio-system.svc"],
      ...[`--https-address=${address}:${this.port}`, `--monitoring-address=127.0.0.1:${this.monitoring}`],
      ...this.#args,
    ];
    const program = new Program(this.name, process.execPath, args, this.#log);
    this.#program = program;
    await program.until(async () => (await fetch(this.#page("livez"))).ok);
  }

  /** Whether it says that it is ready. */
  async ready(): Promise<boolean> {
    try {
      return (await fetch(this.#page("ready"))).ok;
    } catch {
      return false;
    }
  }

  /** What `/ready?verbose` says. */
  async readiness(): Promise<string> {
    return (await fetch(this.#page("ready?verbose"))).text();
  }

  /** The value of a metric without labels, or with the given ones. */
  async metric(name: string, labels = ""): Promise<number> {
    const text = await (await fetch(this.#page("metrics"))).text();
    const line = text.split("\n").find((one) => one.startsWith(`${name}${labels} `));
    return line === undefined ? Number.NaN : Number(line.split(" ").at(-1));
  }

  /** Its log, all starts together. */
  get output(): string {
    return this.#program?.output ?? "";
  }

  /** Sends a signal, and does not wait for what it does. */
  send(signal: NodeJS.Signals): void {
    this.#program?.send(signal);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#program?.stop(signal);
    this.#program = undefined;
  }

  get running(): boolean {
    return this.#program !== undefined && this.#program.exitCode === undefined;
  }

  #page(path: string): string {
    return `http://127.0.0.1:${this.monitoring}/${path}`;
  }
}
