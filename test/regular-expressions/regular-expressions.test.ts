import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/peer.js";
import { findExpressions } from "./find-expressions.js";
import { checker, isLinear, judge, keptVerdicts, type Verdict } from "./judge.js";
import { reviewed } from "./reviewed.js";

const file = join(root, "test", "regular-expressions", "verdicts.json");
const { literals, constructions } = findExpressions(join(root, "src"));

/** Judging all takes minutes, so verdicts are kept. What is not among them is judged now. */
const kept = keptVerdicts(file);

function verdictOf(literal: string, source: string, flags: string): Verdict {
  return kept.get(literal) ?? judge(source, flags);
}

function keep(verdicts: ReadonlyMap<string, Verdict>): void {
  const sorted = Object.fromEntries([...verdicts].sort(([a], [b]) => (a < b ? -1 : 1)));
  const command = "npm run judge";
  writeFileSync(file, `${JSON.stringify({ "made by": command, checker, verdicts: sorted }, undefined, 2)}\n`);
}

describe("the regular expressions of src", () => {
  it("take no more than linear time, but for those that are proven harmless", { timeout: 900_000 }, () => {
    expect(literals.size).toBeGreaterThan(100);
    const verdicts = new Map<string, Verdict>();
    for (const [literal, { source, flags }] of literals)
      verdicts.set(literal, verdictOf(literal, source, flags));
    if (process.env.PILLION_KEEP_VERDICTS !== undefined) keep(verdicts);
    const worse = [...verdicts].filter(([literal, verdict]) => !isLinear(verdict) && !reviewed.has(literal));
    expect(
      worse.map(([one, verdict]) => `${literals.get(one)?.places.join(", ")} ${one}: ${verdict}`),
    ).toEqual([]);
  });

  it("are literals, so that all of them can be judged", () => {
    expect(constructions).toEqual([]);
  });

  it("are reviewed only as long as they are there and need it", () => {
    const idle = [...reviewed.keys()].filter((literal) => {
      const found = literals.get(literal);
      return found === undefined || isLinear(verdictOf(literal, found.source, found.flags));
    });
    expect(idle).toEqual([]);
  });
});

describe("judge", () => {
  it.each([
    [/^(0*)([0-9]*)(?:\.([0-9]*))?$/, false],
    [/0+$/, false],
    [/^(a+)+$/, false],
    [/^0*(?:\.[0-9]*)?$/, true],
    [/[a-z]+/g, true],
  ])("tells of %s whether it is linear", ({ source, flags }, linear) => {
    expect(isLinear(judge(source, flags))).toBe(linear);
  });
});

describe("findExpressions", () => {
  it("finds literals in code, and what puts an expression together, but nothing in texts and comments", () => {
    const found = findExpressions(join(root, "test", "fixtures", "regular-expressions"));
    expect([...found.literals.keys()]).toEqual(["/a+/g", "/b/"]);
    expect(found.constructions).toEqual(["sample.ts:5", "sample.ts:6", "sample.ts:7"]);
  });
});
