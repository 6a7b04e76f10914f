import { bodies } from "../bodies.js";
import { crowds } from "../crowds.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { reviewBytes } from "../make/reviews.js";
import { places } from "../places.js";
import { draftPod } from "../pod-draft.js";
import { type Attack, attack } from "../run/attack.js";
import { texts } from "../texts.js";
import { reviewWeapon } from "./reviews.js";

/** Mostly small, now and then large: what matters of a text shows in a few of its letters. */
function size(random: Random, doublings: number): number {
  return Math.floor(2 ** (random() ** 3 * doublings));
}

/** Every place that a pod's author can write to, and every text that was ever hard to read. */
export const placeAttacks: readonly Attack[] = [
  attack({
    name: "places and texts",
    share: 150,
    begin: () =>
      reviewWeapon((random) => {
        const count = 1 + Math.floor(random() ** 2 * 3);
        const written = Array.from({ length: count }, () => ({
          place: oneOf(random, places),
          text: oneOf(random, texts).make(size(random, 12)),
        }));
        const pod = draftPod((draft) => {
          for (const { place, text } of written) place.write(draft, text);
        });
        return { body: reviewBytes(pod) };
      }),
  }),
  attack({
    name: "JSON in every shape",
    share: 40,
    begin: () => reviewWeapon((random) => ({ body: oneOf(random, bodies).make(size(random, 13)) })),
  }),
  attack({
    name: "crowds",
    share: 20,
    begin: () =>
      reviewWeapon((random) => {
        const crowd = oneOf(random, crowds);
        const bytes = size(random, 15);
        return { body: reviewBytes(draftPod((draft) => crowd.write(draft, bytes))) };
      }),
  }),
];
