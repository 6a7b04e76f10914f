import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { peerMissing, peerPath, root } from "../support/peer.js";
import { type RecordedCase, run } from "./recorded-case.js";

/** What differs from Go on purpose, with what it gives here. docs/sprig.md says why. */
const differences: ReadonlyMap<string, string> = new Map([
  ['{{ set nil "a" 1 }}', "a dictionary that is nil reads as a new one"],
]);

function read(path: string): RecordedCase[] {
  return JSON.parse(readFileSync(path, "utf8"));
}

function check(recorded: RecordedCase): void {
  const outcome = run(recorded);
  if (recorded.want !== undefined) expect(outcome).toEqual({ want: recorded.want });
  else expect(outcome, recorded.error).toMatchObject({ errorAt: recorded.errorAt });
}

/** The reason that Go gives, behind the place; JavaScript's JSON reader has its own words. */
function reason(message: string | undefined): string | undefined {
  return message?.split(/error calling \w+: /)[1];
}

const ownWords = /mustFromJson|trailing backslash|invalid UTF-8|decryptAES "k" "YQ=="|not assignable to type/;

describe("templates that Go's Sprig was asked about", () => {
  const cases = read(join(root, "test/fixtures/sprig/cases.json"));

  test.each(cases.filter(({ template }) => !differences.has(template)))("$area: $template", check);

  test.each(cases.filter(({ template }) => differences.has(template)))(
    "$area: $template differs, and has not ceased to",
    (recorded) => expect(() => check(recorded)).toThrow(),
  );

  const failing = cases.filter(({ template, error = "" }) => {
    return reason(error) !== undefined && !ownWords.test(error) && !differences.has(template);
  });
  test.each(failing)("$area: $template fails for the reason Go gives", (recorded) => {
    const outcome = run(recorded);
    expect("error" in outcome ? reason(outcome.error) : outcome).toBe(reason(recorded.error));
  });
});

const missing = peerMissing("go-oracle", "template.json");

describe.skipIf(missing !== undefined)(
  `the oracle's Sprig areas${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    const cases = missing === undefined ? read(peerPath("go-oracle", "template.json")) : [];
    const sprigs = cases.filter(({ area }) => area.startsWith("sprig-") || area === "composed");

    test.each(sprigs)("$area: $template", check);

    test("there are some hundreds of them", () => expect(sprigs.length).toBeGreaterThan(400));
  },
);
