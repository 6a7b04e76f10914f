import { describe, expect, it } from "vitest";
import { reviewWarnings } from "../../src/admission/index.js";

describe("the warnings of a review", () => {
  it("are single lines", () => {
    expect(reviewWarnings(["a\n\tb\u0000c ", "d"])).toEqual(["a b c", "d"]);
  });

  it("are cut where Kubernetes would cut them, and end where it would drop them", () => {
    const warnings = reviewWarnings(Array.from({ length: 40 }, () => "x".repeat(1000)));
    expect(warnings[0]).toBe(`${"x".repeat(255)}…`);
    expect(warnings.length).toBe(16);
    expect(warnings.join("").length).toBeLessThanOrEqual(4096);
  });
});
