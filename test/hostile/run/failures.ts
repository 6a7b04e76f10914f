import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault, FaultKind, Weapon } from "./attack.js";

/** An input that failed, as it lies in a file. */
interface FailedInput {
  readonly attack: string;
  readonly seed: number;
  readonly index: number;
  readonly node: string;
  readonly faults: readonly Fault[];
  readonly input: unknown;
}

const folder = join(tmpdir(), "pillion-hostile");

/** Writes an input that failed to a file of its own, and returns its path. */
export function keepFailure(failed: Omit<FailedInput, "node">): string {
  mkdirSync(folder, { recursive: true });
  const name = `${failed.attack.replace(/\W+/g, "-")}-${failed.seed}-${failed.index}-${process.version}.json`;
  const path = join(folder, name);
  writeFileSync(path, `${JSON.stringify({ ...failed, node: process.version }, spellBytes, 2)}\n`);
  return path;
}

/** Reads what {@link keepFailure} wrote. */
export function readFailure(path: string): FailedInput {
  return JSON.parse(readFileSync(path, "utf8"), readBytes);
}

function spellBytes(this: unknown, key: string, value: unknown): unknown {
  // A Buffer has said what it is by now, in its own way.
  const own: unknown = Reflect.get(Object(this), key);
  return own instanceof Uint8Array ? { $bytes: Buffer.from(own).toString("base64") } : value;
}

function readBytes(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$bytes" in value)) return value;
  return new Uint8Array(Buffer.from(String(value.$bytes), "base64"));
}

/** What an input brings about; what is thrown is a crash. */
export async function faultsOf(weapon: Weapon, input: unknown): Promise<readonly Fault[]> {
  try {
    return await weapon.try(input);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ kind: "crash", message }];
  }
}

// Long enough for hundreds of reviews, and for one or two connections that wait for an end.
const shrinkMs = 20_000;

/** The smallest input with the same kind of fault that is found in some time. */
export async function shrink(weapon: Weapon, input: unknown, kind: FaultKind): Promise<unknown> {
  const end = Date.now() + shrinkMs;
  let smallest = input;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of weapon.smaller?.(smallest) ?? []) {
      if (Date.now() > end) return smallest;
      const faults = await faultsOf(weapon, candidate);
      if (!faults.some((fault) => fault.kind === kind)) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}
