import type { JsonValue } from "../../../src/json/index.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { hostileWorlds } from "../make/hostile-worlds.js";
import {
  mutatedBytes,
  realPods,
  realReviews,
  reviewBytes,
  reviewTrees,
  shorterBytes,
} from "../make/reviews.js";
import { mutated, withoutParts } from "../make/trees.js";
import { jsonOf } from "../make/values.js";
import { type Attack, attack, type Weapon } from "../run/attack.js";
import { type Asked, Judge, Tally } from "../run/judge.js";

/** A review, and the configuration that it is tried in. */
export interface ReviewInput extends Asked {
  /** Which of the worlds. */
  readonly world: number;
}

let judges: readonly Judge[] | undefined;

/** Those who try reviews, one for each configuration. They keep their recordings from attack to attack. */
export function reviewJudges(): readonly Judge[] {
  judges ??= hostileWorlds().map((world) => new Judge(world));
  return judges;
}

/** A weapon that handles one review after the other. */
export function reviewWeapon(
  make: (random: Random, index: number, judge: Judge) => Asked,
): Weapon<ReviewInput> {
  const all = reviewJudges();
  const tally = new Tally();
  const judgeOf = (world: number) => {
    const judge = all[world];
    if (judge === undefined) throw new Error(`there is no configuration ${world}`);
    return judge;
  };
  return {
    make: (random, index) => {
      const world = Math.floor(random() * all.length);
      return { world, ...make(random, index, judgeOf(world)) };
    },
    try: (input) => judgeOf(input.world).judge(input, tally).faults,
    smaller: smallerReviews,
    summary: () => tally.text(),
  };
}

function* smallerReviews(input: ReviewInput): Generator<ReviewInput> {
  let tree: JsonValue;
  try {
    tree = JSON.parse(Buffer.from(input.body).toString());
  } catch {
    for (const body of shorterBytes(input.body)) yield { ...input, body };
    return;
  }
  for (const smaller of withoutParts(tree)) yield { ...input, body: Buffer.from(jsonOf(smaller)) };
}

/** Bodies that are almost reviews. */
export const reviewAttacks: readonly Attack[] = [
  attack({
    name: "reviews: bytes",
    share: 170,
    begin: () => reviewWeapon((random) => ({ body: mutatedBytes(oneOf(random, realReviews)[1], random) })),
  }),
  attack({
    name: "reviews: types, names, depths",
    share: 130,
    begin: () =>
      reviewWeapon((random) => ({
        body: Buffer.from(jsonOf(mutated(oneOf(random, reviewTrees), random))),
      })),
  }),
  attack({
    name: "pods: types, names, depths",
    share: 200,
    begin: () =>
      reviewWeapon((random) => ({ body: reviewBytes(mutated(oneOf(random, realPods), random, 8)) })),
  }),
];
