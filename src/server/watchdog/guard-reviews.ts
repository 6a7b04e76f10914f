import { type AdmissionOutcome, errored } from "../../admission/index.js";
import type { ReviewHandler } from "../inject-handler.js";
import type { Quarantine, QuarantinedReview } from "./quarantine.js";
import type { ReviewIdentity } from "./review-identity.js";
import type { SharedPulse } from "./shared-pulse.js";

/**
 * Lets a handler take a review only when it has not hung before, and tells the one who watches which review is in flight.
 * One that is quarantined is rejected without being parsed.
 */
export function guardReviews(
  review: ReviewHandler,
  pulse: SharedPulse,
  quarantine: Quarantine,
): ReviewHandler {
  return (body, context) => {
    const found = quarantine.find(body);
    if (found !== undefined) return rejection(found.review, found.caught);
    pulse.begin(body);
    try {
      return review(body, context);
    } finally {
      pulse.end();
    }
  };
}

function rejection(review: ReviewIdentity, caught: QuarantinedReview): AdmissionOutcome {
  const { uid, namespace, apiVersion } = review;
  const at = new Date(caught.at).toISOString();
  const until = new Date(caught.until).toISOString();
  const failure =
    `the same object kept the sidecar injector from answering at ${at} (request ${caught.uid}), and is rejected until ` +
    `${until}; what is unusual about its annotations, or very large, should be changed`;
  const known = apiVersion === "admission.k8s.io/v1" || apiVersion === "admission.k8s.io/v1beta1";
  return {
    body: errored(known ? { apiVersion, uid } : { uid }, failure, {
      auditAnnotations: { decision: "fail", reason: "quarantined" },
    }),
    result: "failed",
    reason: "quarantined",
    failure,
    uid,
    namespace,
    pod: "",
    templates: [],
    warnings: [],
  };
}
