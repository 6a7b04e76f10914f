import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RenderPath } from "../../src/injection/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";
import { type Comparison, compare } from "./compare.js";
import { fillShape, injectedBefore, type PodShape, podShapes } from "./random-pods.js";
import { randomFrom, type Temper } from "./random-texts.js";
import { oddTemplates, type World } from "./worlds.js";

/** How many pods in all. `npm test` runs a small part of what `npm run test:equivalence` does. */
const pods = Number(process.env.PILLION_EQUIVALENCE_PODS ?? 1500);
/** Which ones. */
const seed = Number(process.env.PILLION_EQUIVALENCE_SEED ?? 8);

/** Pods of one shape that follow each other. The first ones are recorded, so that the others can be replayed. */
const tempers: readonly Temper[] = [
  "tame",
  "tame",
  "odd",
  "tame",
  "wild",
  "tame",
  "odd",
  "tame",
  "odd",
  "tame",
  "wild",
  "tame",
];

class Tally {
  readonly results: Record<Comparison["result"], number> = { injected: 0, skipped: 0, refused: 0 };
  readonly paths: Record<RenderPath, number> = { fast: 0, recorded: 0, slow: 0 };

  add({ result, paths }: Comparison): void {
    this.results[result]++;
    for (const path of paths) this.paths[path]++;
  }

  /** Which part of all templates that were rendered took this path. */
  share(path: RenderPath): number {
    const { fast, recorded, slow } = this.paths;
    return this.paths[path] / (fast + recorded + slow);
  }
}

/** The list of templates that a pod asks for. */
function askedBy(pod: JsonObject): string {
  const annotations = isObject(pod.metadata) ? pod.metadata.annotations : undefined;
  return isObject(annotations) ? String(annotations["inject.istio.io/templates"] ?? "") : "";
}

/** Is told how an injection came out, and of which list of templates. */
type Count = (comparison: Comparison, asked: string) => void;

function compareShape(world: World, shape: PodShape, firstSeed: number, count: Count): void {
  for (const [index, temper] of tempers.entries()) {
    const filled = fillShape(shape.pod, randomFrom(firstSeed + index), temper);
    if (!isObject(filled)) throw new Error("a pod is an object");
    const pod = shape.again ? injectedBefore(filled, shape.namespace, world.slow) : filled;
    const context = {
      namespace: shape.namespace,
      ...(shape.pathVariables
        ? {
            pathVariables: new Map([
              ["ISTIO_META_CLUSTER_ID", "east"],
              ["ISTIO_META_NETWORK", "n1"],
            ]),
          }
        : {}),
    };
    const comparison = compare(world, { pod, context, seed: index });
    count(comparison, askedBy(pod));
  }
}

/** Templates that are different each time, or change what they are given, are never recorded. */
const neverFast = ["clock", "chance", "mutation"];

/** Compares the fast path of an injection with the slow one in these worlds, on their half of all random pods. */
export function compareOnRandomPods(title: string, worlds: readonly World[]): void {
  const runs = Math.ceil(pods / 2 / tempers.length / worlds.length);
  const total = new Tally();
  const byTemplate = new Map<string, Tally>();

  describe(title, () => {
    it.each(worlds.map((world) => [world.name, world] as const))(
      "%s",
      async (_, world) => {
        const tally = new Tally();
        const count: Count = (comparison, asked) => {
          tally.add(comparison);
          total.add(comparison);
          if (!oddTemplates.has(asked)) return;
          const known = byTemplate.get(asked) ?? new Tally();
          byTemplate.set(asked, known);
          known.add(comparison);
        };
        await fc.assert(
          fc.asyncProperty(podShapes(world.asked), fc.integer(), async (shape, firstSeed) => {
            // The test runner wants to hear from us now and then.
            await setImmediate();
            compareShape(world, shape, firstSeed, count);
          }),
          { numRuns: runs, seed },
        );
        // Else the comparison would prove nothing.
        expect(tally.results.injected).toBeGreaterThan(0);
        expect(tally.paths.fast).toBeGreaterThan(0);
      },
      3_600_000,
    );

    it("compared the fast path and not the slow one with itself", () => {
      console.info(`${title}: ${JSON.stringify(total)}; took the fast path: ${sharesOf(byTemplate)}`);
      expect(total.share("fast")).toBeGreaterThan(0.25);
      for (const [name, tally] of byTemplate) {
        if (neverFast.includes(name))
          expect({ name, ...tally.paths }).toMatchObject({ name, fast: 0, recorded: 0 });
        // In a small part, a template may have met only pods that it cannot do anything with.
        else if (pods >= 50_000) expect({ name, fast: tally.paths.fast > 0 }).toEqual({ name, fast: true });
      }
    });
  });
}

function sharesOf(byTemplate: ReadonlyMap<string, Tally>): string {
  return [...byTemplate]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, tally]) => `${name} ${Math.round(100 * tally.share("fast"))} %`)
    .join(", ");
}
