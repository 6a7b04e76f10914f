// Reviews as they are measured.

import { handleReview } from "../../dist/admission/index.js";

/** What a review is handled with. */
export function contextOf(snapshot, more = {}) {
  // The API server says how long it waits.
  const deadline = Date.now() + 3_600_000;
  return { snapshot, path: "/inject", now: Date.now, elapsed: () => 0, deadline, ...more };
}

/** One review: what is measured, and its unit. Undefined when the review is not one that is injected. */
export function prepare(text, snapshot) {
  const body = Buffer.from(text);
  const context = contextOf(snapshot);
  const inject = () => handleReview(body, context).body.length;
  const { response } = JSON.parse(handleReview(body, context).body);
  if (response.patch === undefined) return undefined;
  const patch = JSON.parse(Buffer.from(response.patch, "base64"));
  return { inject, unit: () => JSON.parse(text) && JSON.stringify(patch).length };
}
