import { describe, expect, it } from "vitest";
import { type Prepare, growthOf, worstOrder } from "../support/growth.js";

/** Work of so many steps for a size, each of them about a nanosecond. */
function steps(count: (size: number) => number): Prepare {
  return (size) => () => {
    let sum = 0;
    for (let left = count(size); left > 0; left--) sum = Math.imul(sum, 31) ^ left;
    if (sum === 0.5) throw new Error("never");
  };
}

const extent = { limit: 2 ** 22, enough: 20_000 };

describe("growthOf", () => {
  it.each<[string, (size: number) => number]>([
    ["constant", () => 1_000_000],
    ["linear", (size) => size * 8],
    ["n log n", (size) => size * Math.log2(size)],
    ["linear beside a constant", (size) => 1_000_000 + size * 8],
  ])("finds %s work no worse than n log n", (_, count) => {
    const { order, costs } = growthOf(steps(count), extent);
    expect(order, JSON.stringify(costs)).toBeLessThan(worstOrder);
  });

  it.each<[string, (size: number) => number]>([
    ["n to the power of 1.75", (size) => size ** 1.75],
    ["quadratic", (size) => size * size],
    ["quadratic work beside a constant, which is", (size) => 1_000_000 + size * size],
    ["quadratic work beside linear, which is", (size) => size * 100 + (size * size) / 10],
    ["cubic", (size) => size ** 3],
  ])("finds %s work worse than n log n", (_, count) => {
    const { order, costs } = growthOf(steps(count), extent);
    expect(order, JSON.stringify(costs)).toBeGreaterThan(worstOrder);
  });

  it("finds a regular expression worse that divides a run of digits in every way", () => {
    const shape = /^(0*)([0-9]*)(?:\.([0-9]*))?([a-z]*)([-+]?[0-9]*)$/;
    const prepare = (size: number) => {
      const text = `${"0".repeat(size)}x`;
      return () => {
        if (shape.test(`${text} `)) throw new Error("matches");
      };
    };
    const { order, costs } = growthOf(prepare, extent);
    expect(order, JSON.stringify(costs)).toBeGreaterThan(worstOrder);
  });
});
