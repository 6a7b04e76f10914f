import { setImmediate } from "node:timers/promises";
import { randomFrom } from "../../equivalence/random-texts.js";
import type { Attack, Fault, FaultKind, Weapon } from "./attack.js";
import { honestFaults } from "./honest.js";
import { faultsOf, keepFailure, shrink } from "./failures.js";

/** How an attack went. */
export interface Outcome {
  readonly attack: string;
  readonly inputs: number;
  readonly failed: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** What came of the inputs. */
  readonly summary: string;
}

/** What a run is told and tells. */
export interface RunOptions {
  readonly seed: number;
  /** How many inputs to try. */
  readonly inputs: number;
  /** Is told now and then which input comes next. */
  readonly progress: (attack: string, index: number) => void;
  readonly report: (line: string) => void;
}

/** After so many inputs honest pods are asked for once more. */
const honestEvery = 5000;
/** Whoever waits for this process hears of it so often, or every 64 inputs. */
const tellEveryMs = 1000;
/** As many of an attack's failures are written down; the others are counted. */
const mostReported = 10;

/** Tries so many inputs of an attack. */
export async function runAttack(attack: Attack, options: RunOptions): Promise<Outcome> {
  const faults: Record<FaultKind, number> = {
    crash: 0,
    unforeseen: 0,
    "over budget": 0,
    difference: 0,
    wrong: 0,
  };
  let [inputs, failed, stray] = [0, 0, [] as Fault[]];
  // An error that nobody waits for ends a process, so it counts against the input that is tried.
  const onStray = (error: unknown) =>
    stray.push({ kind: "crash", message: error instanceof Error ? (error.stack ?? "") : String(error) });
  process.on("uncaughtException", onStray).on("unhandledRejection", onStray);
  const weapon = await attack.begin();
  let toldAt = 0;
  for (let index = 0; inputs < options.inputs; index++) {
    if (index % 64 === 0 || Date.now() - toldAt > tellEveryMs) {
      toldAt = Date.now();
      options.progress(attack.name, index);
      await setImmediate();
    }
    const input = weapon.make(randomFrom(seedOf(options.seed, attack.name, index)), index);
    const honest = index % honestEvery === honestEvery - 1 ? honestFaults() : [];
    const found = [...(await faultsOf(weapon, input)), ...stray.splice(0), ...honest];
    inputs += weapon.count?.(input) ?? 1;
    if (found.length === 0) continue;
    failed++;
    for (const { kind } of found) faults[kind]++;
    if (failed <= mostReported) await tell(attack.name, weapon, { input, index, found }, options);
  }
  const summary = weapon.summary?.() ?? "";
  await weapon.end?.();
  process.off("uncaughtException", onStray).off("unhandledRejection", onStray);
  return { attack: attack.name, inputs, failed, faults, summary };
}

interface Failure {
  readonly input: unknown;
  readonly index: number;
  readonly found: readonly Fault[];
}

async function tell(
  attack: string,
  weapon: Weapon,
  { input, index, found }: Failure,
  { seed, report }: RunOptions,
): Promise<void> {
  const [first] = found;
  if (first === undefined) return;
  const smallest = await shrink(weapon, input, first.kind);
  const path = keepFailure({ attack, seed, index, faults: found, input: smallest });
  report(`FAILED ${attack}, input ${index}: ${first.kind}: ${first.message.slice(0, 2000)}`);
  report(`  again: npm run test:hostile -- --again ${path}`);
}

/** A seed of its own for each input, so that one can be made without those before it. */
function seedOf(seed: number, attack: string, index: number): number {
  let hash = seed ^ 0x9e3779b9;
  for (const letter of attack) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return Math.imul(hash ^ index, 0x85ebca6b) ^ (hash >>> 13);
}
