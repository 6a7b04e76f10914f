import { podByChance } from "../attacks/pods.js";
import { reviewJudges } from "../attacks/reviews.js";
import { realPods, reviewBytes } from "../make/reviews.js";
import type { Fault } from "./attack.js";
import { handle } from "./judge.js";

/** Reviews of pods whose authors mean no harm. */
export const honestReviews: readonly Uint8Array[] = [
  ...realPods.map((pod) => reviewBytes(pod)),
  ...reviewJudges()
    .slice(0, 1)
    .flatMap(({ world }) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => reviewBytes(podByChance(world, seed, "tame"))),
    ),
];

let answers: readonly (readonly string[])[] | undefined;

/** Their answers by each configuration, as a fresh process gives them: asked for the first time before anything hostile has come. */
export function honestAnswers(): readonly (readonly string[])[] {
  answers ??= reviewJudges().map(({ world }) =>
    honestReviews.map((body) => handle({ body }, world.slow).body),
  );
  return answers;
}

/** Whether honest pods are answered as if nothing hostile had ever come. */
export function honestFaults(): Fault[] {
  return honestAnswers().flatMap((expected, at) => {
    const world = reviewJudges()[at]?.world;
    if (world === undefined) return [];
    return honestReviews.flatMap((body, index): Fault[] =>
      ([world.fast, world.slow] as const).flatMap((snapshot): Fault[] => {
        const answer = handle({ body }, snapshot).body;
        return answer === expected[index]
          ? []
          : [
              {
                kind: "difference",
                message: `an honest pod: ${answer}\nin a fresh process: ${expected[index]}`,
              },
            ];
      }),
    );
  });
}
