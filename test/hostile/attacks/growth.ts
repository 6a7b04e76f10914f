import { growthOf, worstOrder } from "../../support/growth.js";
import { bodies } from "../bodies.js";
import { crowds } from "../crowds.js";
import { reviewBytes } from "../make/reviews.js";
import { places } from "../places.js";
import { draftPod } from "../pod-draft.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";
import { handle } from "../run/judge.js";
import { texts } from "../texts.js";
import { reviewJudges } from "./reviews.js";

/** Something that can be made in every size. */
interface Growing {
  readonly name: string;
  readonly make: (size: number) => Uint8Array;
}

function growing(random: () => number): Growing {
  const at = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(random() * list.length)];
    if (one === undefined) throw new Error("nothing to choose from");
    return one;
  };
  const chance = random();
  if (chance < 0.1) return at(bodies);
  if (chance < 0.2) {
    const { name, write } = at(crowds);
    return { name, make: (size) => reviewBytes(draftPod((draft) => write(draft, size))) };
  }
  const [place, text] = [at(places), at(texts)];
  return {
    name: `${place.name}: ${text.name}`,
    make: (size) => reviewBytes(draftPod((draft) => place.write(draft, text.make(size)))),
  };
}

/** One place and one text: the sizes are all tried. */
interface GrowthInput {
  readonly world: number;
  /** Chooses place and text. */
  readonly chances: readonly number[];
}

// Up to the size that etcd takes of one object; what takes a twentieth of a second before that has shown how it grows.
const extent = { from: 16, limit: 2 ** 20, enough: 50_000 };
const sizes = Math.log2(extent.limit / extent.from) + 1;

function weapon(): Weapon<GrowthInput> {
  const judges = reviewJudges();
  let tried = 0;
  return {
    make: (random) => ({
      world: Math.floor(random() * judges.length),
      chances: [random(), random(), random()],
    }),
    count: () => sizes,
    try: ({ world, chances }): Fault[] => {
      const judge = judges[world];
      if (judge === undefined) throw new Error(`there is no configuration ${world}`);
      const left = [...chances];
      const { name, make } = growing(() => left.shift() ?? 0);
      const measure = () =>
        growthOf((size) => {
          const body = make(size);
          return () => {
            const { reason, failure } = handle({ body }, judge.world.fast);
            if (reason === "internal") throw new Error(`${name} of size ${size}: ${failure}`);
          };
        }, extent);
      tried++;
      // A collection of garbage or a compilation falls into one measurement, not into all of them.
      for (let left = 2; left > 0; left--) if (measure().order <= worstOrder) return [];
      const { order, costs } = measure();
      if (order <= worstOrder) return [];
      const shown = costs.map(({ size, cpu }) => `${size}: ${cpu} µs`).join(", ");
      return [{ kind: "over budget", message: `${name} grows with order ${order.toFixed(2)}: ${shown}` }];
    },
    summary: () =>
      `${tried} of ${places.length * texts.length + crowds.length + bodies.length} that can grow`,
  };
}

/** Sizes that double: the time may not grow worse than n log n. */
export const growthAttacks: readonly Attack[] = [
  attack({ name: "sizes that double", share: 20, begin: weapon }),
];
