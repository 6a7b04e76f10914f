import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { isObject, type JsonObject } from "../../src/json/index.js";
import { builtProgram } from "./built-program.js";

/** A webhook in processes of its own, as an operator runs it. */
export interface WebhookProcess {
  readonly child: ChildProcess;
  /** Its log, line by line, as far as it is JSON. */
  readonly log: readonly JsonObject[];
  readonly stderr: () => string;
  /** Resolves with its ports when it says that it is ready; rejects when it ends before. */
  readonly ready: Promise<{ readonly https: number; readonly monitoring: number }>;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/**
 * Starts `pillion webhook` on free ports of loopback.
 *
 * @param node words that run Node, with what enters a sandbox before them and Node's flags behind
 */
export function startWebhookProcess(
  args: readonly string[],
  cwd?: string,
  node: readonly string[] = [process.execPath],
): WebhookProcess {
  const ports = ["--https-address", "127.0.0.1:0", "--monitoring-address", "127.0.0.1:0"];
  const [command = "", ...words] = [...node, builtProgram(), "webhook", ...ports, ...args];
  const child = spawn(command, words, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const log: JsonObject[] = [];
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<{ https: number; monitoring: number }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const record: unknown = line.startsWith("{") ? JSON.parse(line) : undefined;
      if (!isObject(record)) return;
      log.push(record);
      if (record.message === "ready")
        resolve({ https: Number(record.httpsPort), monitoring: Number(record.monitoringPort) });
    });
    void ended.then(({ code }) => reject(new Error(`it ended with ${code}: ${errors}`)));
  });
  ready.catch(() => {});
  return { child, log, stderr: () => errors, ready, ended };
}
