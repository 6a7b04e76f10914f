import { decisionCodes, failureCodes } from "../injection/index.js";

/**
 * What can become of a request before injection has its say, or instead of it. The codes go on from injection's own:
 * log line, metric label and audit annotation take them from these two tables and from nowhere else.
 */
export const requestCodes = {
  "not-a-pod": "the request is about another kind than a Pod, so it is allowed as it is",
  "not-create": "the request is not the creation of a pod, so it is allowed as it is",
  "review-invalid": "the body is not an AdmissionReview",
  "review-too-deep": "the body is nested deeper than any AdmissionReview is",
  "review-too-large": "the body holds more values than any AdmissionReview of a pod does",
  "review-unsupported": "the body is an object of another kind than AdmissionReview v1 or v1beta1",
  "request-missing": "the AdmissionReview has no request",
  "object-missing": "the request has no object to inject",
  "body-too-large": "the body is larger than an AdmissionReview may be",
  "body-unreadable": "the body did not arrive whole or not in time",
  "body-empty": "the request has no body",
  "content-type": "the body is not said to be application/json",
  "client-certificate": "the client showed no certificate of the client CA",
  quarantined: "the same object held the server's event loop before, so it is rejected for an hour",
  overloaded: "the server has more work than it can do in time, so it turned this away",
  "memory-full": "the bodies on their way hold all the memory there is for them, so this one gave way",
} as const;

/** A code of {@link requestCodes}. */
export type RequestCode = keyof typeof requestCodes;

/** Everything that can become of a request, injection's codes and ours. */
export const outcomeCodes = { ...decisionCodes, ...failureCodes, ...requestCodes } as const;

/** A code of {@link outcomeCodes}. */
export type OutcomeCode = keyof typeof outcomeCodes;
