import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { lane } from "../environment.js";

/** A program that runs until it is stopped, with its output in a file. */
export class Program {
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #ended: Promise<void>;
  exitCode: number | null | undefined;

  constructor(
    readonly name: string,
    path: string,
    args: readonly string[],
    log: string,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.#log = log;
    const output = createWriteStream(log, { flags: "a" });
    this.#child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], env });
    this.#child.stdout?.pipe(output, { end: false });
    this.#child.stderr?.pipe(output, { end: false });
    this.#ended = new Promise((resolve) =>
      this.#child.on("close", (code) => {
        this.exitCode = code;
        output.end(resolve);
      }),
    );
  }

  /** What it has written so far, all starts of the same log together. */
  get output(): string {
    return readFileSync(this.#log, "utf8");
  }

  /** Waits until it does what it should. @throws with the end of its output when it ends before, or takes too long */
  async until(holds: () => Promise<boolean>, seconds = 120): Promise<void> {
    for (const end = Date.now() + seconds * 1000; ; ) {
      if (this.exitCode !== undefined) throw new Error(`${this.name} ended:\n${this.output.slice(-4000)}`);
      if (await holds().catch(() => false)) return;
      if (Date.now() > end) throw new Error(`${this.name} is not ready:\n${this.output.slice(-4000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Sends a signal, and does not wait for what it does. */
  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.#child.kill(signal);
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
    await this.#ended;
    clearTimeout(killer);
  }
}

// Below those that the system gives to connections, and for each file that runs at once others: until a program listens
// on a port, nobody else can take it.
let lastPort = 20_000 + lane * 4000;

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ++lastPort;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
