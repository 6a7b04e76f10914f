// Starts the programs under measurement, and reads from /proc what they use.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";

const ticksPerSecond = 100;

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Sends one request on a connection of its own. */
export function send(port, path, text) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, agent: false, rejectUnauthorized: false };
    const headers = { "content-type": "application/json" };
    request({ ...options, ...(text ? { method: "POST", headers } : {}) }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }),
      );
    })
      .on("error", reject)
      .end(text);
  });
}

/** Waits until the path answers with a status below 500. */
async function until(port, path) {
  for (;;) {
    try {
      if ((await send(port, path)).status < 500) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Starts a program that serves. @param path what answers when it does */
export async function start(args, port, path) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  await until(port, path);
  const readyMs = performance.now() - began;
  return {
    port,
    readyMs,
    pid: child.pid,
    stop: () =>
      new Promise((resolve) => {
        child.once("close", resolve);
        child.kill("SIGTERM");
      }),
  };
}

function family(pid) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const children = all.filter((name) => {
    try {
      return Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1].split(" ")[1]) === pid;
    } catch {
      return false;
    }
  });
  return [String(pid), ...children];
}

/** Seconds of processor time of a process and its children. */
export function processorTime(pid) {
  return family(pid).reduce((sum, name) => {
    const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1].split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }, 0);
}

/** Mebibytes of the largest process: `VmRSS` now, `VmHWM` at its peak. */
export function memory(pid, field) {
  const sizes = family(pid).map((name) =>
    Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${name}/status`, "utf8"))[1]),
  );
  return Math.max(...sizes) / 1024;
}
