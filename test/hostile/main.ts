import { parseArgs } from "node:util";
import { attacks } from "./attacks/index.js";
import { honestAnswers } from "./run/honest.js";
import { faultsOf, readFailure } from "./run/failures.js";
import { type Outcome, runAttack } from "./run/run-attack.js";

const { values: flags } = parseArgs({
  options: {
    inputs: { type: "string", default: "200000" },
    seed: { type: "string", default: "1" },
    attack: { type: "string" },
    again: { type: "string" },
  },
});

/** What the script that started this process hears. */
interface Message {
  readonly version?: string;
  /** The attacks that will be run. */
  readonly plan?: readonly string[];
  readonly progress?: readonly [attack: string, index: number];
  readonly outcome?: Outcome;
}

/** Resolves when it is heard; without anybody to hear it, people read the lines. */
function tell(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
}

async function again(path: string): Promise<void> {
  const failure = readFailure(path);
  const attack = attacks.find(({ name }) => name === failure.attack);
  if (attack === undefined) throw new Error(`there is no attack called ${failure.attack}`);
  const weapon = await attack.begin();
  const faults = await faultsOf(weapon, failure.input);
  for (const { kind, message } of faults) console.log(`${kind}: ${message}`);
  if (faults.length === 0) console.log("nothing is wrong with this input any more");
  await weapon.end?.();
  process.exitCode = faults.length === 0 ? 0 : 1;
}

async function run(): Promise<void> {
  const seed = Number(flags.seed);
  // Before anything hostile has come.
  honestAnswers();
  const chosen = attacks.filter(({ name }) => flags.attack === undefined || name.includes(flags.attack));
  await tell({ version: process.version, plan: chosen.map(({ name }) => name) });
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  for (const attack of chosen) {
    const inputs = Math.ceil((Number(flags.inputs) * attack.share) / shares);
    const outcome = await runAttack(attack, {
      seed,
      inputs,
      progress: (name, index) => void tell({ progress: [name, index] }),
      report: (line) => console.log(line),
    });
    await tell({ outcome });
    if (process.send === undefined) console.log(JSON.stringify(outcome));
  }
  process.disconnect?.();
}

try {
  await (flags.again === undefined ? run() : again(flags.again));
} catch (error) {
  // Whoever listens for errors of inputs would keep this one.
  console.error(error);
  process.exit(1);
}
