import { describe, expect, it } from "vitest";
import { reviewOf } from "../support/admission-review.js";
import { worstOrder } from "../support/growth.js";
import {
  answer,
  type DoublingCase,
  doubled,
  hostileSnapshots,
  placeRounds,
  singleCases,
} from "./doubling.js";
import { draftPod } from "./pod-draft.js";

/** How many rounds of texts in all places are tried: one in `npm test`, as many as there are texts for all. */
const rounds = Number(process.env.PILLION_DOUBLING_ROUNDS ?? "1");
/** The largest text. A quadratic algorithm takes seconds for this one already. */
const limit = Number(process.env.PILLION_DOUBLING_SIZE ?? String(2 ** 16));
/** Microseconds of CPU after which a text is large enough to be judged. */
const enough = 40_000;
const extent = { limit, enough };

const snapshots = hostileSnapshots();
// Code that has not run yet is slow, and recordings that are not made yet are, too.
for (const snapshot of snapshots)
  for (let warm = 0; warm < 50; warm++) answer(Buffer.from(reviewOf(draftPod(() => {}))), snapshot);

/** The cases that grow too fast, or end in an outcome that nobody foresaw. */
function bad(cases: readonly DoublingCase[]): string[] {
  return cases.flatMap((one, index) => {
    const snapshot = snapshots[index % snapshots.length];
    if (snapshot === undefined) return [];
    const { order, costs, unforeseen } = doubled(one, snapshot, extent);
    const faults = [
      ...(order > worstOrder ? [`${one.name}: order ${order.toFixed(2)}, ${JSON.stringify(costs)}`] : []),
      ...(unforeseen === undefined ? [] : [`${one.name}: ${unforeseen}`]),
    ];
    for (const fault of faults) if (rounds > 1) process.stderr.write(`${fault}\n`);
    return faults;
  });
}

describe("the CPU time of a review grows no faster than n log n", { timeout: 86_400_000 }, () => {
  it("with what a pod has many of, and with the JSON itself", () => {
    expect(bad(singleCases)).toEqual([]);
  });

  it.each(placeRounds.slice(0, rounds).map((cases, round) => ({ cases, round: round + 1 })))(
    "with a text in each place a pod's author can write to, round $round",
    ({ cases }) => {
      expect(bad(cases)).toEqual([]);
    },
  );
});
