// The two commands under test, from the folder they were compiled into, without the rest of the program.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Command } from "commander";

const built = process.env.PILLION_BUILT ?? "";
const program = new Command("pillion");
const io = {
  stdin: () => text(process.stdin),
  stdout: (output) => process.stdout.write(output),
  stderr: (output) => process.stderr.write(output),
  readFile: (path) => readFile(path, "utf8"),
  writeFile: (path, content) => writeFile(path, content),
  listFiles: async () => undefined,
  env: process.env,
  isTTY: { stdin: false, stdout: false, stderr: false },
  exitCode: (code) => {
    process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
  },
};
for (const name of ["istio-iptables", "interception"])
  (await import(join(built, "cli", `${name}.js`))).register(program, io);
await program.parseAsync(process.argv);
