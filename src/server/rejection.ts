import type { RequestCode } from "../admission/index.js";

/** Thrown when a request gets no AdmissionReview for an answer but a status and a line of text. */
export class Rejection extends Error {
  override readonly name = "Rejection";
  constructor(
    readonly code: RequestCode,
    readonly status: 400 | 403 | 415 | 429 | 503,
    message: string,
  ) {
    super(message);
  }
}
