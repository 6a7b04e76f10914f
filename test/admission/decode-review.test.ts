import { describe, expect, it } from "vitest";
import { AdmissionError, decodeReview, depthLimit } from "../../src/admission/index.js";

const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const review = (request: unknown, apiVersion = "admission.k8s.io/v1") => ({
  apiVersion,
  kind: "AdmissionReview",
  request,
});

function errorOf(body: unknown): AdmissionError {
  try {
    decodeReview(bytes(body));
  } catch (error) {
    if (error instanceof AdmissionError) return error;
    throw error;
  }
  throw new Error("the review was accepted");
}

describe("decoding a review", () => {
  it("takes v1 and v1beta1 and reads what an answer depends on", () => {
    for (const apiVersion of ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"]) {
      const request = {
        uid: "u",
        operation: "CREATE",
        namespace: "n",
        kind: { group: "", kind: "Pod" },
        object: {},
      };
      expect(decodeReview(bytes(review(request, apiVersion)))).toMatchObject({ apiVersion, request });
    }
  });

  it("takes a review without a request, and a request that names nothing", () => {
    expect(decodeReview(bytes(review(null))).request).toBeUndefined();
    expect(decodeReview(bytes(review({}))).request).toEqual({
      uid: "",
      operation: "",
      subResource: "",
      namespace: "",
      name: "",
    });
  });

  const rows: readonly [string, unknown, string, string][] = [
    ["random bytes", "\u0000\u0001\u00ff{{[", "review-invalid", "not valid JSON"],
    ["a list", "[]", "review-invalid", "not an object"],
    ["no kind", { apiVersion: "admission.k8s.io/v1" }, "review-invalid", "'Kind' is missing"],
    ["no version", { kind: "AdmissionReview" }, "review-invalid", "'apiVersion' is missing"],
    ["a Pod", { apiVersion: "v1", kind: "Pod" }, "review-unsupported", "unsupported type : v1, Kind=Pod"],
    ["a version to come", review({}, "admission.k8s.io/v2"), "review-invalid", "no kind is registered"],
    ["a kind of a wrong type", { apiVersion: "v1", kind: 7 }, "review-invalid", "kind must be a string"],
    ["a uid of a wrong type", review({ uid: 7 }), "review-invalid", "request.uid must be a string"],
    ["a request of a wrong type", review("x"), "review-invalid", "request must be an object"],
  ];
  it.each(rows)("refuses %s", (_what, body, code, message) => {
    expect(errorOf(body)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it("says nothing of a body it cannot read but a kind's name, shortened", () => {
    expect(errorOf('{"kind":"Secret","data":{"password":"hunter2"').message).not.toContain("hunter2");
    expect(errorOf({ apiVersion: "x/v1", kind: "K".repeat(10_000) }).message.length).toBeLessThan(200);
  });

  it("takes nesting up to the limit and refuses what is deeper, however deep", () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const body = (levels: number) =>
      `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"object":{"a":${nested(levels)}}}}`;
    expect(decodeReview(bytes(body(depthLimit - 3))).request?.object).toBeDefined();
    expect(errorOf(body(depthLimit - 2)).code).toBe("review-too-deep");
    expect(errorOf(body(2_000_000)).code).toBe("review-too-deep");
    expect(errorOf("[".repeat(6_000_000)).code).toBe("review-too-deep");
  });

  it("is not misled by brackets, quotes and digits inside strings", () => {
    const text = `${"[{".repeat(depthLimit)} \\" \\\\ "12345678901234567890`;
    const decoded = decodeReview(bytes(review({ uid: "u", object: { text } })));
    expect(decoded.request?.object).toEqual({ text });
    expect(decoded.longNumbers).toBe(false);
  });

  it("keeps integers that a double cannot hold", () => {
    const body =
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"object":{"n":9007199254740993,"m":1}}}';
    const decoded = decodeReview(bytes(body));
    expect(decoded.longNumbers).toBe(true);
    expect(decoded.request?.object).toEqual({ n: 9007199254740993n, m: 1 });
  });

  it("takes __proto__ for a key like any other", () => {
    const body =
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"__proto__":{"uid":"x"}}}';
    expect(decodeReview(bytes(body)).request?.uid).toBe("");
  });
});
