import { execFile } from "node:child_process";
import type { ToolInput, ToolResult } from "./tool-runner.js";

/** iptables-save of a node with many rules is some megabytes; more than this is not Istio's doing. */
const mostOutput = 64 * 1024 * 1024;
/** iptables waits 30 seconds for its lock; a program that takes much longer hangs. */
const longest = 120_000;

function statusOf(error: Error | null): number {
  if (error === null) return 0;
  if ("code" in error && error.code === "ENOENT") return 127;
  return "code" in error && typeof error.code === "number" ? error.code : 1;
}

/** Runs a program with arguments as they are. Never throws: what went wrong is in the result. */
export function execute(
  program: string,
  args: readonly string[],
  given: ToolInput = {},
): Promise<ToolResult> {
  return new Promise((resolve) => {
    const options = {
      encoding: "utf8" as const,
      maxBuffer: mostOutput,
      timeout: longest,
      ...(given.env === undefined ? {} : { env: given.env }),
    };
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      const status = statusOf(error);
      const reason = error !== null && stderr === "" ? error.message : stderr;
      resolve({ status, stdout, stderr: reason });
    });
    // A program that ends before it has read its input closes the pipe; its exit code tells why.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(given.input ?? "");
  });
}
