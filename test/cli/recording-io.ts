import { type CliIo, runCli } from "../../src/cli/index.js";

/** What a command line has done. */
export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The files as they are at the end. */
  readonly files: ReadonlyMap<string, string>;
  /** The paths that were written. */
  readonly written: readonly string[];
}

export interface CliWorld {
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
}

function noEntry(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
}

/** Runs a command line in a world of its own. */
export async function run(args: readonly string[], world: CliWorld = {}): Promise<CliRun> {
  const files = new Map(Object.entries(world.files ?? {}));
  const written: string[] = [];
  const out: string[] = [];
  const err: string[] = [];
  let exitCode = 0;
  const terminal = world.terminal ?? false;
  const io: CliIo = {
    stdin: async () => world.stdin ?? "",
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    readFile: async (path) => {
      const text = files.get(path);
      if (text === undefined) throw noEntry(path);
      return text;
    },
    listFiles: async (path) => {
      const folder = path === "." ? "" : `${path.replace(/\/$/, "")}/`;
      const below = [...files.keys()].filter((file) => file.startsWith(folder)).sort();
      if (files.has(path) || below.length === 0) return undefined;
      return path === "." ? below.map((file) => `./${file}`) : below;
    },
    writeFile: async (path, text) => {
      written.push(path);
      files.set(path, text);
    },
    env: world.env ?? {},
    isTTY: { stdin: terminal, stdout: terminal, stderr: terminal },
    exitCode: (code) => {
      exitCode = Math.max(exitCode, code);
    },
  };
  await runCli(args, io);
  return { stdout: out.join(""), stderr: err.join(""), exitCode, files, written };
}
