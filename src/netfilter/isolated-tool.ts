// Runs one program in this process's own mount namespace with an empty nsswitch.conf: names in rules are then looked up
// in files only, never over the network that is just being programmed. Reads `{ words, input }` from standard input.
import { text } from "node:stream/consumers";
import { execute } from "./execute.js";

interface Job {
  readonly words: readonly string[];
  readonly input: string;
}

function isJob(value: unknown): value is Job {
  return (
    typeof value === "object" &&
    value !== null &&
    "words" in value &&
    Array.isArray(value.words) &&
    value.words.every((word) => typeof word === "string") &&
    "input" in value &&
    typeof value.input === "string"
  );
}

const job: unknown = JSON.parse(await text(process.stdin));
if (!isJob(job)) throw new Error("the job is not { words, input }");
// A machine without the file resolves names by its defaults; there is nothing to hide then.
await execute("mount", ["--bind", "/dev/null", "/etc/nsswitch.conf"]);
const [program = "", ...args] = job.words;
const { status, stdout, stderr } = await execute(program, args, { input: job.input });
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
