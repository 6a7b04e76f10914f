import type { ReviewVersion } from "./decode-review.js";

/** Whom an answer must be for, so that the API server takes it. */
export interface PeekedAddress {
  readonly apiVersion: ReviewVersion;
  readonly uid: string;
}

/** An API server writes the members of a review in the order of Go's structs. */
const start =
  /^\{"kind":"AdmissionReview","apiVersion":"(admission\.k8s\.io\/v1|admission\.k8s\.io\/v1beta1)","request":\{"uid":"([\w-]{1,63})"/;
const startLength = 256;

/**
 * Whom the answer to a review is for that is not going to be decoded: without its uid the API server would show an error of
 * its own in the place of ours. Undefined where the body does not begin as that of an API server.
 */
export function peekAddress(body: Uint8Array): PeekedAddress | undefined {
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, startLength)).toString(
    "latin1",
  );
  const [, apiVersion, uid] = start.exec(text) ?? [];
  if (uid === undefined) return undefined;
  if (apiVersion !== "admission.k8s.io/v1" && apiVersion !== "admission.k8s.io/v1beta1") return undefined;
  return { apiVersion, uid };
}
