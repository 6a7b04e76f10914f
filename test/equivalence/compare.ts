import { writePatch } from "../../src/admission/write-patch.js";
import {
  type InjectionContext,
  InjectionError,
  type InjectionResult,
  inject,
  type RenderPath,
  type Snapshot,
} from "../../src/injection/index.js";
import { deepEqual, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { apply } from "../../src/jsonpatch/index.js";
import { randomFrom } from "./random-texts.js";
import type { World } from "./worlds.js";

/** Everything that the caller of an injection sees. */
type Outcome = Readonly<Record<string, unknown>>;

/** A pod and how it is asked for. */
export interface Asked {
  readonly pod: JsonObject;
  readonly context: Omit<InjectionContext, "now" | "random" | "onRender">;
  readonly seed: number;
}

function outcome(asked: Asked, snapshot: Snapshot, onRender: (path: RenderPath) => void): Outcome {
  const context = {
    ...asked.context,
    now: () => 1_700_000_000_000,
    random: randomFrom(asked.seed),
    onRender,
  };
  try {
    const result = inject(asked.pod, context, snapshot);
    const { decision, reason, templates, warnings, pod, patch } = result;
    return { decision, reason, templates, warnings, pod, patch, text: written(result) };
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** The text of the patch; undefined where an integer is too long for JSON.stringify. */
function written(result: InjectionResult): string | undefined {
  try {
    return writePatch(result);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function spelled(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item));
  }
}

/** How an injection and its templates came out, to count. */
export interface Comparison {
  readonly result: "injected" | "skipped" | "refused";
  readonly paths: readonly RenderPath[];
}

/** Two ways that did not agree. The message shows the pod and both answers. */
export class Difference extends Error {
  constructor(world: World, asked: Asked, what: string, fast: unknown, slow: unknown) {
    super(`${world.name}: ${what}\npod: ${spelled(asked)}\nfast: ${spelled(fast)}\nslow: ${spelled(slow)}`);
  }
}

/**
 * Injects a pod both ways: decision, pod, patch and its text, warnings and errors must be the same to the letter, the order of keys too, and
 * the patch must make the pod. Throws Difference.
 */
export function compare(world: World, asked: Asked): Comparison {
  const before = spelled(asked.pod);
  const paths: RenderPath[] = [];
  const fast = outcome(asked, world.fast, (path) => paths.push(path));
  const slow = outcome(asked, world.slow, () => {});
  if (spelled(fast) !== spelled(slow)) throw new Difference(world, asked, "the two ways differ", fast, slow);
  if (spelled(asked.pod) !== before)
    throw new Difference(world, asked, "the pod was changed", asked.pod, before);
  if ("code" in fast) return { result: "refused", paths };
  const patched = apply(asked.pod, fast.patch as Parameters<typeof apply>[1]);
  if (!deepEqual(patched, fast.pod as JsonValue))
    throw new Difference(world, asked, "the patch does not make the pod", patched, fast.pod);
  return { result: fast.decision === "inject" ? "injected" : "skipped", paths };
}
