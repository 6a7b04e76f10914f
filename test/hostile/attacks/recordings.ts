import type { Snapshot } from "../../../src/injection/index.js";
import { beginTraces } from "../../../src/injection/traces/snapshot-traces.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { realPods, reviewBytes } from "../make/reviews.js";
import { mutated } from "../make/trees.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";
import { honestAnswers, honestReviews } from "../run/honest.js";
import { handle, Tally } from "../run/judge.js";
import { podByChance } from "./pods.js";
import { reviewJudges } from "./reviews.js";

/** Hostile pods, the first that a configuration meets. */
interface FirstPods {
  readonly world: number;
  readonly bodies: readonly Uint8Array[];
}

/** The snapshot as it is before its first pod: with recordings, but without any. */
function withoutPods(snapshot: Snapshot): Snapshot {
  const fresh = Object.freeze({ ...snapshot });
  beginTraces(fresh);
  return fresh;
}

function weapon(): Weapon<FirstPods> {
  const judges = reviewJudges();
  const tally = new Tally();
  const bodyOf = (random: Random, world: number): Uint8Array => {
    const judge = judges[world];
    if (judge === undefined) throw new Error(`there is no configuration ${world}`);
    if (random() < 0.5) return reviewBytes(mutated(oneOf(random, realPods), random));
    return reviewBytes(podByChance(judge.world, random() * 2 ** 31, "wild"));
  };
  return {
    make: (random) => {
      const world = Math.floor(random() * judges.length);
      const count = 1 + Math.floor(random() * 24);
      return { world, bodies: Array.from({ length: count }, () => bodyOf(random, world)) };
    },
    count: ({ bodies }) => bodies.length + honestReviews.length,
    try: ({ world, bodies }) => {
      const judge = judges[world];
      const expected = honestAnswers()[world];
      if (judge === undefined || expected === undefined)
        throw new Error(`there is no configuration ${world}`);
      const snapshot = withoutPods(judge.world.fast);
      for (const body of bodies) tally.add(handle({ body }, snapshot, tally));
      return honestReviews.flatMap((body, at): Fault[] => {
        // The second time by what the first has shown.
        const answers = [1, 2].map(() => handle({ body }, snapshot, tally).body);
        return answers
          .filter((answer) => answer !== expected[at])
          .map((answer) => ({
            kind: "difference",
            message: `${answer}\nin a fresh process: ${expected[at]}`,
          }));
      });
    },
    *smaller(input) {
      for (let at = 0; at < input.bodies.length; at++)
        yield { ...input, bodies: input.bodies.filter((_, other) => other !== at) };
    },
    summary: () => tally.text(),
  };
}

/** Hostile pods that come first, and honest ones after them. */
export const recordingAttacks: readonly Attack[] = [
  attack({ name: "hostile pods first, then honest ones", share: 60, begin: weapon }),
];
