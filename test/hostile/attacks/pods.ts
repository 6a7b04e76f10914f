import fc from "fast-check";
import { isObject, type JsonObject } from "../../../src/json/index.js";
import { fillShape, podShapes } from "../../equivalence/random-pods.js";
import { oneOf, type Random, randomFrom, type Temper } from "../../equivalence/random-texts.js";
import type { World } from "../../equivalence/worlds.js";
import { realPods, reviewBytes, reviewText } from "../make/reviews.js";
import { hostileText } from "../make/values.js";
import { mutated } from "../make/trees.js";
import { type Attack, attack } from "../run/attack.js";
import { reviewWeapon } from "./reviews.js";

/** A pod for this configuration, by chance. */
export function podByChance(world: World, seed: number, temper: Temper): JsonObject {
  const [shape] = fc.sample(podShapes(world.asked), { seed: seed | 0, numRuns: 1 });
  const pod = fillShape(shape?.pod ?? {}, randomFrom(seed), temper);
  if (!isObject(pod)) throw new Error("a pod is an object");
  return pod;
}

const pathParts = [
  "cluster",
  "net",
  "east",
  "a",
  "ISTIO_META_X",
  ":ENV:",
  ":ENV:a=1",
  "--slash--",
  "=",
  "%41",
  ".",
  "__proto__",
];

function hostilePath(random: Random): string {
  const parts = Array.from({ length: Math.floor(random() * 7) }, () =>
    random() < 0.7 ? oneOf(random, pathParts) : hostileText(random),
  );
  return ["/inject", ...parts].join(random() < 0.9 ? "/" : "");
}

/** Pods as a cluster has them, with hostile texts in them, and what comes with their reviews. */
export const podAttacks: readonly Attack[] = [
  attack({
    name: "pods: by chance",
    share: 80,
    begin: () =>
      reviewWeapon((random, _index, { world }) => {
        const pod = podByChance(world, random() * 2 ** 31, oneOf(random, ["tame", "odd", "wild"]));
        return { body: reviewBytes(pod, oneOf(random, ["shop", "default", "", "kube-system"])) };
      }),
  }),
  attack({
    name: "paths of the URL",
    share: 30,
    begin: () =>
      reviewWeapon((random) => ({
        body: Buffer.from(reviewText(oneOf(random, realPods))),
        path: hostilePath(random),
      })),
  }),
  attack({
    name: "deadlines",
    share: 20,
    begin: () =>
      reviewWeapon((random) => ({
        body: reviewBytes(
          random() < 0.5 ? oneOf(random, realPods) : mutated(oneOf(random, realPods), random),
        ),
        patience: Math.floor(random() ** 2 * 400),
      })),
  }),
];
