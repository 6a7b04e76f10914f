import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdmissionError, decodeReview, depthLimit } from "../../src/admission/index.js";

const start = '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"object":{';
const body = (members: string) => Buffer.from(`${start}${members}}}}`);

// Places of all kinds come before what is looked for, so that it begins at any distance from the body's start.
const before = fc
  .array(fc.string(), { maxLength: 20 })
  .map((texts) => texts.map((text, index) => `"k${index}":${JSON.stringify(text)},`).join(""));

describe("what is looked for before a review is parsed", () => {
  it("is a number of 16 digits and more, wherever it stands", () => {
    fc.assert(
      fc.property(
        before,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom("", "0."),
        (texts, digits, sign) => {
          const number = sign + "1".repeat(digits);
          expect(decodeReview(body(`${texts}"n":${number}`)).longNumbers).toBe(digits >= 16);
        },
      ),
    );
  });

  it("is no number within a string", () => {
    fc.assert(
      fc.property(before, fc.integer({ min: 1, max: 40 }), (texts, digits) => {
        expect(decodeReview(body(`${texts}"n":"${"1".repeat(digits)}"`)).longNumbers).toBe(false);
      }),
    );
  });

  it("is nesting, which brackets side by side and within strings are not", () => {
    // The body's own three levels count.
    const depths = fc.integer({ min: 1, max: depthLimit + 20 });
    fc.assert(
      fc.property(before, depths, fc.integer({ min: 1, max: 2 * depthLimit }), (texts, depth, others) => {
        const siblings = `"s":[${Array.from({ length: others }, () => "{}").join(",")}],"t":"[{${"[{".repeat(depth)}",`;
        const nested = body(`${texts}${siblings}"d":${"[".repeat(depth)}${"]".repeat(depth)}`);
        if (depth + 3 <= depthLimit) expect(decodeReview(nested).request?.object).toBeDefined();
        else expect(() => decodeReview(nested)).toThrow(AdmissionError);
      }),
    );
  });
});
