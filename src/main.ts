#!/usr/bin/env node
import { constants } from "node:fs";
import {
  access,
  chmod,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type CliIo, runCli } from "./cli/index.js";

/** The real world for the commands. */
const io: CliIo = {
  stdin: () => text(process.stdin),
  stdout: (output) => {
    process.stdout.write(output);
  },
  stderr: (output) => {
    process.stderr.write(output);
  },
  readFile: (path) => readFile(path, "utf8"),
  listFiles,
  writeFile: replaceFile,
  env: process.env,
  isTTY: {
    stdin: process.stdin.isTTY === true,
    stdout: process.stdout.isTTY === true,
    stderr: process.stderr.isTTY === true,
  },
  exitCode: (code) => {
    process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
  },
};

async function listFiles(path: string): Promise<readonly string[] | undefined> {
  const about = await stat(path).catch(() => undefined);
  if (about?.isDirectory() !== true) return undefined;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => (path.startsWith("./") || path === "." ? `./${file}` : file))
    .filter((file) => !/\/(\.git|node_modules)\//.test(file))
    .sort();
}

/** Writes beside the file and renames, so that nobody reads a part. What is no plain file, such as a pipe, is written to. */
async function replaceFile(path: string, content: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const old = await stat(target).catch(() => undefined);
  if (old !== undefined && !old.isFile()) return writeFile(target, content);
  if (old !== undefined) await access(target, constants.W_OK);
  const folder = await mkdtemp(join(dirname(target), ".pillion-"));
  try {
    const draft = join(folder, basename(target));
    await writeFile(draft, content);
    if (old !== undefined) await chmod(draft, old.mode);
    await rename(draft, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// A reader that goes away, as `head` does, is no fault of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

await runCli(process.argv.slice(2), io);

// All is done, and the process ends by itself. One that is still there then has a read that hangs, as on a network that
// is gone: `process.exit` would wait for the thread of that read, so only the kernel can end it (ADR 0212).
setTimeout(() => {
  if (process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq")))
    process.kill(process.pid, "SIGKILL");
  process.exit();
}, 1000).unref();
