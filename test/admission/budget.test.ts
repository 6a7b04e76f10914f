import { describe, expect, it } from "vitest";
import { type AdmissionContext, handleReview, valueLimit } from "../../src/admission/index.js";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig } from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { readAnswer, smallPod } from "../support/admission-review.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const snapshot = compileConfig({ injectConfig, values, mesh, templates });
/** Each pod takes the same way, whatever came before it. */
const slow = compileConfig({ injectConfig, values, mesh, templates, skeletons: false });
const usual: AdmissionContext = { snapshot, path: "/inject", now: () => 0, elapsed: () => 0 };

/** A review as an API server writes it: the members in the order of Go's structs. */
function review(pod: JsonObject, uid = "705ab4f5-6393-11e8-b7cc-42010a800002"): string {
  const kind = { group: "", version: "v1", kind: "Pod" };
  return JSON.stringify({
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: { uid, kind, operation: "CREATE", namespace: "shop", object: pod },
  });
}

function outcome(body: string, context: Partial<AdmissionContext> = {}) {
  return handleReview(Buffer.from(body), { ...usual, ...context });
}

const many = (count: number) => ({ ...smallPod(), spec: { tolerations: Array(count).fill({}) } });

describe("a request whose time is over", () => {
  const late = { now: () => 2, deadline: 1 };

  it("is answered before it is read, and for the review that it is", () => {
    const broken = `${review(smallPod()).slice(0, -1)} and no JSON`;
    const { reason, uid, body } = outcome(broken, late);
    expect(reason).toBe("deadline-exceeded");
    expect(uid).toBe("705ab4f5-6393-11e8-b7cc-42010a800002");
    expect(readAnswer(body)).toMatchObject({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid, allowed: false, auditAnnotations: { reason: "deadline-exceeded" } },
    });
    expect(outcome(broken).reason).toBe("review-invalid");
  });

  it("is answered though nobody can tell whose it is", () => {
    expect(readAnswer(outcome("nothing", late).body)).toMatchObject({
      response: { uid: "", allowed: false },
    });
  });

  it("ends in the patch too", () => {
    let readings = 0;
    outcome(review(smallPod()), { snapshot: slow, now: () => ++readings, deadline: Number.MAX_SAFE_INTEGER });
    const reasons = Array.from({ length: readings + 1 }, (_, allowed) => {
      let count = 0;
      const now = () => (++count > allowed ? 2 : 0);
      return outcome(review(smallPod()), { snapshot: slow, now, deadline: 1 }).reason;
    });
    expect(new Set(reasons.slice(0, -1))).toEqual(new Set(["deadline-exceeded"]));
    expect(reasons.at(-1)).toBe("policy-enabled");
  });
});

describe("a review of many values", () => {
  it("is rejected before it is parsed, with a message that the API server shows", () => {
    const { reason, body } = outcome(`${review(many(valueLimit)).slice(0, -1)} and no JSON`);
    expect(reason).toBe("review-too-large");
    expect(readAnswer(body).response).toMatchObject({
      uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
      status: { message: expect.stringContaining(`the limit is ${valueLimit}`) },
    });
  });

  it.each<[string, JsonObject]>([
    ["numbers", { ...smallPod(), spec: { supplementalGroups: Array(valueLimit).fill(1) } }],
    ["texts", { ...smallPod(), spec: { args: Array(valueLimit).fill("") } }],
    [
      "members",
      {
        ...smallPod(),
        spec: Object.fromEntries(Array.from({ length: valueLimit }, (_, at) => [`f${at}`, null])),
      },
    ],
  ])("is one of many %s as well", (_, pod) => {
    expect(outcome(review(pod)).reason).toBe("review-too-large");
  });

  it("is none that has as many as there may be, nor one with a text full of commas and brackets", () => {
    expect(outcome(review(many(valueLimit / 2 - 20))).reason).toBe("policy-enabled");
    const text = "[,{,".repeat(valueLimit);
    const pod = { ...smallPod(), spec: { containers: [{ name: "cart", args: [text] }] } };
    expect(outcome(review(pod)).reason).toBe("policy-enabled");
  });
});
