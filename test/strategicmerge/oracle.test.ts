import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/json/index.js";
import { podMergeSchema, StrategicMergeError, strategicMerge } from "../../src/strategicmerge/index.js";
import { peerMissing, peerPath } from "../support/peer.js";

interface Case {
  readonly area: string;
  readonly name: string;
  readonly original: JsonValue;
  readonly patch: JsonValue;
  readonly want?: JsonValue;
  readonly error?: string;
}

const file = ["go-oracle", "strategic-merge.json"];
const missing = peerMissing(...file);
const cases: Case[] = missing === undefined ? JSON.parse(readFileSync(peerPath(...file), "utf8")) : [];

describe.skipIf(missing !== undefined)(`a pod merges as Kubernetes merges it ${missing ?? ""}`, () => {
  it("finds the recorded answers", () => {
    expect(cases.length).toBeGreaterThan(100);
  });

  it.each(cases)("$area: $name", ({ original, patch, want, error }) => {
    const before = JSON.stringify([original, patch]);
    if (error === undefined) expect(strategicMerge(original, patch, podMergeSchema)).toEqual(want);
    else expect(() => strategicMerge(original, patch, podMergeSchema)).toThrow(StrategicMergeError);
    expect(JSON.stringify([original, patch])).toBe(before);
  });
});
