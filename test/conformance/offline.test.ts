import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig } from "../../src/injection/index.js";
import { injectManifestStrictly, type StrictManifest } from "../../src/manifests/index.js";
import { canonicalObject, readDocuments } from "../support/compare.js";
import { caseFile, caseInput, type InjectionCase, injectionCases } from "../support/injection-cases.js";
import { peerMissing } from "../support/peer.js";

const missing = peerMissing("istio-inject", "cases.json");

function run(one: InjectionCase): StrictManifest {
  const input = caseInput(one, embeddedDefaults.templates);
  const snapshot = compileConfig({ ...input, revision: "", strictOffline: true });
  return injectManifestStrictly({ text: caseFile("inputs", one.input), source: one.input }, snapshot);
}

describe.skipIf(missing !== undefined)(
  `the offline path of the recorded cases${missing ? ` (${missing})` : ""}`,
  () => {
    const cases = missing === undefined ? injectionCases("offline") : [];

    it.each(cases)("$name", (one) => {
      if (one.error !== undefined) {
        expect(() => run(one)).toThrow(new RegExp(one.error, "i"));
        return;
      }
      const { text, warnings } = run(one);
      const expected = readDocuments(caseFile("expected", one.expected ?? ""));
      expect(readDocuments(text).map(canonicalObject)).toEqual(expected.map(canonicalObject));
      if (one.warning !== undefined) expect(warnings.join("")).toContain(one.warning);
      expect(text.endsWith("---\n")).toBe(true);
    });
  },
);
